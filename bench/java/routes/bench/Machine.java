package routes.bench;

import java.io.IOException;

/** What a run was made on. */
final class Machine {

    private Machine() {}

    static String description() {
        return "%d cores, Java %s, %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"), natsServer());
    }

    private static String natsServer() {
        try {
            Process process = new ProcessBuilder("nats-server", "--version")
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes())
                    .strip()
                    .replace("nats-server: v", "nats-server ");
        } catch (IOException e) {
            throw new BenchFailure("there is no nats-server; install it", e);
        }
    }
}
