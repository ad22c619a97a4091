package routes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import routes.e2e.Inbox;
import routes.e2e.OpsbusProcess;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/**
 * opsbus as a process with a real nats-server and a real endpoint, one for all test classes that extend this: each test
 * has its own hooks and subjects.
 */
public abstract class RunningApi {

    private static Path home;
    protected static NatsServer server;
    protected static NatsBus bus;
    protected static Inbox inbox;
    protected static OpsbusProcess opsbus;
    protected static int healthPort;

    @BeforeAll
    static synchronized void start() throws Exception {
        if (opsbus != null) {
            return;
        }
        home = Files.createTempDirectory(Path.of("target"), "api-").toAbsolutePath();
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        healthPort = OpsbusProcess.freePort();
        opsbus = new OpsbusProcess(home, server.url())
                .with(
                        "--opsbus.delivery.retry-levels=200ms,500ms,1s",
                        "--opsbus.hooks.poll=50ms",
                        "--opsbus.hooks.settle=100ms",
                        "--opsbus.server.health-port=" + healthPort,
                        "--opsbus.server.request-timeout=3s",
                        "--server.tomcat.mbeanregistry.enabled=true");
        Runtime.getRuntime().addShutdownHook(new Thread(RunningApi::stop));
        opsbus.start();
    }

    private static void stop() {
        try {
            opsbus.close();
            bus.close();
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param data the member {@code data}; null when there is none */
    public record Reply(int status, String message, JsonNode data) {

        private static Reply of(OpsbusProcess.Answer answer) {
            JsonNode json = answer.json();
            assertThat(json.path("code").asInt(-2)).as(answer.body()).isEqualTo(answer.status() == 200 ? 0 : -1);
            return new Reply(answer.status(), json.path("message").asText(), json.get("data"));
        }
    }

    protected static Reply get(String path) throws InterruptedException {
        return Reply.of(opsbus.get("/api/v1" + path));
    }

    protected static Reply post(String path, String json) throws InterruptedException {
        return Reply.of(opsbus.post("/api/v1" + path, json));
    }

    /** Data of an answer that must be 200. */
    protected static JsonNode ok(Reply reply) {
        assertThat(reply.status()).as(reply.message()).isEqualTo(200);
        return reply.data();
    }

    /** Writes the hook {@code api/{name}} of type webhook and waits until it runs. */
    protected static void hook(String name, String subject, String url, String more) throws IOException {
        opsbus.hook(name + ".yaml", """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata: {namespace: api, name: %s}
                spec:
                  type: webhook
                  subject: %s
                  url: %s
                  %s
                """.formatted(name, subject, url, more));
        await().until(() -> opsbus.logText().contains("hook api/" + name + " runs: "));
    }

    protected static void removeHook(String name) throws IOException {
        Files.delete(home.resolve("hooks/" + name + ".yaml"));
        await().until(() -> opsbus.logText().contains("hook api/" + name + " is removed"));
    }

    protected static void publish(String id, String subject, String message) {
        String event = """
                {"specversion":"1.0","id":"%s","source":"https://github.com/shaowenchen/ops","type":"Kube","datacontenttype":"application/json",\
                "time":"%s","data":{"type":"Warning","reason":"Reason","eventTime":"2026-01-01T00:00:00Z","from":"kubelet","message":"%s"},"cluster":"test"}""".formatted(id, Instant.now(), message);
        Headers headers = new Headers();
        headers.put("Nats-Msg-Id", id);
        bus.publish(subject, headers, event.getBytes(StandardCharsets.UTF_8)).join();
    }
}
