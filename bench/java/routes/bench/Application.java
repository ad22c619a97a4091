package routes.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * opsbus as its users run it, {@code ./opsbus start}, with hooks in a folder of its own and a nats-server of its own.
 */
final class Application implements AutoCloseable {

    static final String ROUTER = "opsbus-router";

    /** The limit works, and is no figure of the bench. */
    private static final String NEVER_REACHED = "1000000";

    private static final Duration START = Duration.ofSeconds(120);

    private final String token = UUID.randomUUID().toString();
    private final Path launcher;
    private final Path home;
    private final Path log;
    private final int port = freePort();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Bus bus;
    private List<WorkloadHook> hooks;
    private Process process;

    /**
     * @param checkout folder of the version that is run
     * @param log what it prints
     */
    Application(Path checkout, Path home, Path log, List<WorkloadHook> hooks) throws Exception {
        this.launcher = checkout.toAbsolutePath().resolve("opsbus");
        this.home = home;
        this.log = log;
        this.hooks = hooks;
        Files.createDirectories(home.resolve("hooks"));
        for (WorkloadHook hook : hooks) {
            Files.writeString(file(hook), hook.yaml());
        }
        this.bus = new Bus(home.resolve("nats"));
    }

    private Path file(WorkloadHook hook) {
        return home.resolve("hooks").resolve(WorkloadHook.fileName(hook.number()));
    }

    Bus bus() {
        return bus;
    }

    int port() {
        return port;
    }

    /** It may do everything. */
    String token() {
        return token;
    }

    List<WorkloadHook> hooks() {
        return hooks;
    }

    /** Runs the launcher, which becomes the application's JVM; does not wait. */
    void launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        launcher.toString(),
                        "start",
                        "--opsbus.nats.url=" + bus.url(),
                        "--opsbus.hooks.dir=" + home.resolve("hooks"),
                        "--opsbus.kubernetes.enabled=false",
                        "--server.port=" + port,
                        "--server.address=127.0.0.1")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("EVENT_ENDPOINT");
        builder.environment().put("OPSBUS_SECURITY_TOKENS_0_TOKEN", token);
        builder.environment().put("OPSBUS_SECURITY_PUSH_PER_SECOND", NEVER_REACHED);
        process = builder.start();
    }

    /** Waits until it is ready, all hooks with it, and routes. */
    void awaitReady() throws InterruptedException {
        Needed.await("opsbus with " + hooks.size() + " hooks that is ready (its log is " + log + ")", START, () -> {
            mustLive();
            return isReady();
        });
        bus.awaitConsumer(ROUTER, START);
    }

    void mustLive() {
        if (!process.isAlive()) {
            throw new BenchFailure("opsbus with " + hooks.size() + " hooks ended with status " + process.exitValue()
                    + "; its log is " + log);
        }
    }

    private boolean isReady() throws InterruptedException {
        return get("/actuator/health/readiness").startsWith("200");
    }

    /** Status and body, empty when nothing answers. */
    private String get(String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .header("Authorization", "Bearer " + token)
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + response.body();
        } catch (IOException e) {
            return "";
        }
    }

    /** Removes the files of all but the first hooks and waits until the others no longer run. */
    void keepFirst(int count) throws Exception {
        for (WorkloadHook hook : hooks.subList(count, hooks.size())) {
            Files.delete(file(hook));
        }
        hooks = hooks.subList(0, count);
        Needed.await("opsbus with only " + count + " hooks (its log is " + log + ")", START, () -> running() == count);
    }

    /** Hooks that have figures, which go with the hook. */
    private long running() throws InterruptedException {
        return get("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith("opsbus_hook_matched_total{"))
                .count();
    }

    /** Waits until explain knows that an id does not exist within so many milliseconds: before, it searches. */
    void awaitExplainedWithin(int millis) throws InterruptedException {
        Needed.await("explain of an id that does not exist within " + millis + " ms", START, () -> {
            long start = System.nanoTime();
            mustNotExplain("missing/" + start);
            return System.nanoTime() - start < millis * 1_000_000L;
        });
    }

    void mustNotExplain(String id) throws InterruptedException {
        String answer = get("/api/v1/explain?event=" + id);
        if (!answer.startsWith("404")) {
            throw new BenchFailure("explain of an id that does not exist is answered " + answer);
        }
    }

    ProcessFigures figures() {
        return new ProcessFigures(process.pid());
    }

    @Override
    public void close() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        bus.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchFailure("there is no free port", e);
        }
    }
}
