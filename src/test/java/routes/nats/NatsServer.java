package routes.nats;

import io.nats.NatsRunnerUtils;
import io.nats.NatsServerRunner;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;

/**
 * A real nats-server for a test, on a free port; it can be stopped and started again on the same port and data. It is
 * the one that the environment variable {@code OPSBUS_TEST_NATS_SERVER} names, else that of the PATH:
 * {@code OPSBUS_TEST_NATS_SERVER=/opt/nats/nats-server ./opsbus test}.
 */
public final class NatsServer implements AutoCloseable {

    private final Path store;
    private final int port;
    private final List<String> config;
    private NatsServerRunner runner;

    /** @param extraConfig with JetStream at the store, unless one of its lines begins with jetstream */
    public NatsServer(Path store, String... extraConfig) throws IOException {
        this.store = store;
        this.port = NatsRunnerUtils.nextPort();
        this.config = List.of(extraConfig);
        start();
    }

    public void start() throws IOException {
        NatsServerRunner.setDefaultOutputLevel(Level.OFF);
        List<String> lines = new ArrayList<>(List.of(
                "host: \"127.0.0.1\"",
                "log_file: \""
                        + Path.of("target", "nats-server-" + port + ".log").toAbsolutePath()
                        + "\"")); // who ended it, when a test wonders
        lines.addAll(config);
        if (config.stream().noneMatch(line -> line.startsWith("jetstream"))) {
            lines.add("jetstream { store_dir: \"" + store + "\" }");
        }
        NatsServerRunner.Builder builder = NatsServerRunner.builder();
        String wanted = System.getenv("OPSBUS_TEST_NATS_SERVER");
        if (wanted != null && !wanted.isEmpty()) {
            builder.executablePath(wanted);
        }
        runner = builder.port(port)
                .configInserts(lines)
                .connectValidateTlsFirstMode() // else its check of the port waits for the server's first ping, two
                // seconds
                .connectValidateTries(600)
                .connectValidateSubsequentDelay(100L) // a minute: the port opens when the stored streams are read
                .build();
    }

    public void stop() throws Exception {
        runner.close();
    }

    /** As a crash or the kernel's OOM killer does: no time to say or write anything. */
    public void kill9() throws Exception {
        ProcessHandle process = process();
        process.destroyForcibly();
        process.onExit().join();
        runner.close();
    }

    private ProcessHandle process() {
        return ProcessHandle.current()
                .children()
                .filter(child ->
                        child.info().arguments().map(List::of).orElse(List.of()).contains(runner.getConfigFile()))
                .findFirst()
                .orElseThrow();
    }

    /** Its connections stay open, and nothing is answered any more, until this is closed. */
    public AutoCloseable frozen() throws Exception {
        signal("STOP");
        return () -> signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process().pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** A bus on this server, connected. */
    public NatsBus bus() throws InterruptedException {
        NatsBus bus = new NatsBus(() -> new Options.Builder().server(url()), Duration.ofSeconds(5));
        bus.start();
        while (!bus.isConnected()) {
            Thread.sleep(20);
        }
        return bus;
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
