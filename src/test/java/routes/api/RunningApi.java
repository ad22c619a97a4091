package routes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import routes.Opsbus;
import routes.e2e.Inbox;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/**
 * The real application with a real nats-server and a real endpoint, one for all test classes that extend this: each test has its own hooks and subjects. It asks
 * with the token of {@code ann}, who may do everything.
 */
@SpringBootTest(classes = Opsbus.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "opsbus.kubernetes.enabled=false", "opsbus.delivery.retry-levels=200ms,500ms,1s", "opsbus.hooks.poll=50ms", "opsbus.hooks.settle=50ms",
    "opsbus.security.tokens[0].name=ann", "opsbus.security.tokens[0].token=" + RunningApi.TOKEN})
@AutoConfigureObservability
public abstract class RunningApi {

    static final String TOKEN = "token-of-ann-for-tests";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Path home;
    private static NatsServer server;
    protected static NatsBus bus;
    protected static Inbox inbox;

    @LocalServerPort
    private int port;
    @Autowired
    private CamelContext camel;

    /** Once for all classes, since they share the application. */
    @DynamicPropertySource
    static synchronized void places(DynamicPropertyRegistry properties) throws Exception {
        if (server == null) {
            home = Files.createTempDirectory(Path.of("target"), "api-");
            Files.createDirectories(home.resolve("hooks"));
            server = new NatsServer(home.resolve("nats").toAbsolutePath());
            bus = server.bus();
            inbox = new Inbox();
            Runtime.getRuntime().addShutdownHook(new Thread(RunningApi::stop));
        }
        properties.add("opsbus.nats.url", () -> server.url());
        properties.add("opsbus.hooks.dir", () -> home.resolve("hooks").toString());
    }

    private static void stop() {
        try {
            bus.close();
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void patience() {
        org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    /** @param data the member {@code data}; null when there is none */
    public record Reply(int status, String message, JsonNode data) {
    }

    protected Reply get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    protected Reply post(String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(json)).header("Content-Type", "application/json"), path);
    }

    private Reply send(HttpRequest.Builder request, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(request.uri(URI.create("http://127.0.0.1:" + port + "/api/v1" + path)).header("Authorization", "Bearer " + TOKEN).build(), HttpResponse.BodyHandlers.ofString());
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("code").asInt(-2)).as(response.body()).isEqualTo(response.statusCode() == 200 ? 0 : -1);
        return new Reply(response.statusCode(), answer.path("message").asText(), answer.get("data"));
    }

    /** Data of an answer that must be 200. */
    protected JsonNode ok(Reply reply) {
        assertThat(reply.status()).as(reply.message()).isEqualTo(200);
        return reply.data();
    }

    /** Writes the hook {@code api/{name}} of type webhook and waits until it runs. */
    protected void hook(String name, String subject, String url, String more) throws Exception {
        String yaml = """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata: {namespace: api, name: %s}
                spec:
                  type: webhook
                  subject: %s
                  url: %s
                  %s
                """.formatted(name, subject, url, more);
        Path part = Files.writeString(home.resolve(name + ".part"), yaml);
        Files.move(part, home.resolve("hooks/" + name + ".yaml"), StandardCopyOption.REPLACE_EXISTING);
        String running = "hook:api/" + name;
        await("hook " + name + " runs").until(() -> camel.getRoute(running) != null);
    }

    protected void removeHook(String name) throws IOException {
        Files.delete(home.resolve("hooks/" + name + ".yaml"));
        await("hook " + name + " is removed").until(() -> camel.getRoute("hook:api/" + name) == null);
    }

    protected void publish(String id, String subject, String message) {
        String event = """
                {"specversion":"1.0","id":"%s","source":"https://github.com/shaowenchen/ops","type":"Kube","datacontenttype":"application/json",\
                "time":"%s","data":{"type":"Warning","reason":"Reason","eventTime":"2026-01-01T00:00:00Z","from":"kubelet","message":"%s"},"cluster":"test"}"""
                .formatted(id, java.time.Instant.now(), message);
        Headers headers = new Headers();
        headers.put("Nats-Msg-Id", id);
        bus.publish(subject, headers, event.getBytes(StandardCharsets.UTF_8)).join();
    }
}
