package routes.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** opsbus itself, as a process of its own with the classes under test; it can be killed like any process. */
public final class OpsbusProcess implements AutoCloseable {

    /** Allows everything; {@link #get(String)} sends it. */
    public static final String TOKEN = "a-token-for-tests-only";

    private static final Duration START = Duration.ofSeconds(120);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path home;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> arguments = new ArrayList<>();
    private final int port = freePort();
    private Process process;
    private int startedAt; // characters of the log before this start

    /** @param home working directory; hooks are read from its folder hooks/ */
    public OpsbusProcess(Path home, String natsUrl) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("hooks"));
        environment.put("EVENT_ENDPOINT", natsUrl);
        environment.put("EVENT_CLUSTER", "test");
        environment.put("OPSBUS_SECURITY_TOKENS_0_TOKEN", TOKEN);
        environment.put("KUBECONFIG", home.resolve("no-kubeconfig").toString());
    }

    public OpsbusProcess with(String... moreArguments) {
        arguments.addAll(Arrays.asList(moreArguments));
        return this;
    }

    public OpsbusProcess environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Lets it make its own token. */
    public OpsbusProcess withoutToken() {
        environment.remove("OPSBUS_SECURITY_TOKENS_0_TOKEN");
        return this;
    }

    /** Starts without waiting. */
    public OpsbusProcess launch() throws IOException, InterruptedException {
        return launch(ArchivedClasses.command());
    }

    OpsbusProcess launch(List<String> java) throws IOException {
        startedAt = Files.exists(log()) ? logText().length() : 0;
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("--server.port=" + port, "--opsbus.hooks.dir=hooks"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(interruptible(command))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().remove("KUBERNETES_SERVICE_HOST"); // as on a person's machine
        builder.environment().remove("OPSBUS_TEST_NATS_SERVER"); // the tests'; it is first on the PATH
        builder.environment().putAll(environment);
        process = builder.start();
        return this;
    }

    /**
     * Who runs the tests in the background hands an ignored Ctrl-C (INT) or hangup (HUP) down to all processes, which
     * neither a shell nor a JVM can change; GNU's env can.
     */
    public static List<String> interruptible(List<String> command) {
        List<String> all = new ArrayList<>(
                Files.exists(Path.of("/proc/self")) ? List.of("env", "--default-signal=INT,HUP") : List.of());
        all.addAll(command);
        return all;
    }

    /** Starts and waits until it delivers. */
    public OpsbusProcess start() throws IOException, InterruptedException {
        launch();
        awaitReady();
        return this;
    }

    public void awaitReady() {
        await("opsbus is ready; its log: " + log())
                .atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(
                                "opsbus ended with " + process.exitValue() + ":\n" + Files.readString(log()));
                    }
                    return get("/actuator/health/readiness").status() == 200
                            && logText().substring(startedAt).contains(" ready: "); // the routes of all hooks stand
                });
    }

    public void kill9() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** @param signal as kill(1) names it: STOP, CONT, INT */
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** As TERM does: what is under way ends, then it ends. */
    public void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public Path hook(String file, String yaml) throws IOException {
        Path path = home.resolve("hooks").resolve(file);
        Path part = home.resolve(path.getFileName() + ".part");
        Files.writeString(part, yaml);
        return Files.move(part, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    public Path log() {
        return home.resolve("opsbus.log");
    }

    public String logText() throws IOException {
        return Files.readString(log());
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return port;
    }

    public record Answer(int status, String body) {
        public JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** With {@link #TOKEN}. Status 0 when nothing answers. */
    public Answer get(String path) throws InterruptedException {
        return get(path, TOKEN);
    }

    /** @param token null: without */
    public Answer get(String path, String token) throws InterruptedException {
        return send(path, token, HttpRequest.newBuilder());
    }

    /** A POST of JSON with {@link #TOKEN}. */
    public Answer post(String path, String json) throws InterruptedException {
        return send(
                path,
                TOKEN,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private Answer send(String path, String token, HttpRequest.Builder request) throws InterruptedException {
        request.uri(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(60));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, "");
        }
    }

    /** The value of a metric in Prometheus's text form, 0 when there is none. */
    public double metric(String name, String... labels) throws InterruptedException {
        return get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() throws InterruptedException {
        if (isAlive()) {
            kill9();
        }
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
