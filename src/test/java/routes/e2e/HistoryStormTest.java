package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.impl.Headers;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** Many who read a long history at the same time, while events are routed and delivered. */
@Tag("alone")
class HistoryStormTest {

    private static final int STORED = 60_000;
    private static final int LIVE = 2_000;
    private static final int READERS = 200;
    private static final int ROUNDS = 3;
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"s\",\"type\":\"t\",\"data\":{\"type\":\"Warning\",\"reason\":\"Reason\",\"message\":\"of %s\"}}";
    private static final List<String> QUERIES = List.of(
            "/events/ops.%3E?text=nobody+wrote+this",
            "/events/ops.*.old.*?page_size=1000",
            "/events?search=7",
            "/explain?event=nobody",
            "/deadletters?reason=http-404",
            "/events/ops.%3E?page=90&page_size=1000");

    @TempDir
    static Path home;

    private static NatsServer server;
    private static NatsBus bus;
    private static Inbox inbox;
    private static OpsbusProcess opsbus;

    @BeforeAll
    static void start() throws Exception {
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        opsbus = new OpsbusProcess(home, server.url());
        opsbus.hook("hook.yaml", """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata: {namespace: storm, name: live}
                spec: {type: webhook, subject: ops.storm.live, url: "%s"}
                """.formatted(inbox.url("/live")));
        opsbus.start();
        publish("ops.storm.old.%d", STORED, 0);
        Flow.awaitDrain(bus, LONG);
    }

    @AfterAll
    static void stop() throws Exception {
        opsbus.close();
        inbox.close();
        bus.close();
        server.close();
    }

    /** @param pauseMillis after every ten */
    private static void publish(String subject, int count, long pauseMillis) throws InterruptedException {
        List<CompletableFuture<?>> under = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = subject.formatted(i % 50) + "/" + i;
            Headers headers = new Headers();
            headers.put("Nats-Msg-Id", id);
            under.add(bus.publish(
                    subject.formatted(i % 50), headers, EVENT.formatted(id, id).getBytes(StandardCharsets.UTF_8)));
            if (under.size() == (pauseMillis > 0 ? 10 : 500)) {
                under.forEach(CompletableFuture::join);
                under.clear();
                Thread.sleep(pauseMillis);
            }
        }
        under.forEach(CompletableFuture::join);
    }

    @Test
    void readersGetTheirAnswerOrAreToldToComeLaterAndNothingElseNoticesThem() throws Exception {
        Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean published = new AtomicBoolean();
        HttpClient client = HttpClient.newHttpClient();
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                String query = QUERIES.get(reader % QUERIES.size());
                all.add(readers.submit(() -> {
                    for (int round = 0; round < ROUNDS || !published.get(); round++) {
                        HttpResponse<String> answer = client.send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + opsbus.port() + "/api/v1" + query))
                                        .timeout(LONG)
                                        .header("Authorization", "Bearer " + OpsbusProcess.TOKEN)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                        answers.computeIfAbsent(answer.statusCode(), status -> new AtomicInteger())
                                .incrementAndGet();
                        if (answer.statusCode() == 429) {
                            assertThat(answer.headers().firstValue("Retry-After"))
                                    .isPresent();
                            Thread.sleep(1_000); // they come sooner than they are told
                        } else if (answer.statusCode() != 200
                                && !(answer.statusCode() == 404 && query.contains("explain"))) {
                            wrong.add(query + ": " + answer.statusCode() + " " + answer.body());
                        }
                    }
                    return null;
                }));
            }
            publish("ops.storm.live", LIVE, 20);
            published.set(true);
            await().atMost(LONG).until(() -> inbox.taken("/live").size() >= LIVE);
            for (Future<Void> reader : all) {
                reader.get();
            }
        } finally {
            readers.shutdownNow();
        }
        assertThat(wrong).isEmpty();
        assertThat(answers.keySet()).as("answers " + answers).contains(200, 429).doesNotContain(503, 500);
        assertThat(inbox.taken("/live").stream().map(Inbox.Request::id).distinct())
                .hasSize(LIVE);
        assertThat(inbox.taken("/live")).as("nothing was delivered again").hasSize(LIVE);
        if (!opsbus.logText()
                .contains("this process did not run for")) { // else the machine had no time for it, which is not the
            // readers' doing
            assertThat(opsbus.logText())
                    .as("consumers that time out or reconnect")
                    .doesNotContain("binding again", "is lost, reconnecting", "connecting anew");
        }
        assertThat(opsbus.get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @Test
    void readingEndsWithItsClient() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> busy = CompletableFuture.runAsync(
                () -> { // so that reading takes its time
                    while (!done.get()) {
                        try {
                            publish("ops.storm.busy", 100, 10);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
        try {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(ask("/api/v1/events/ops.%3E?text=nobody+wrote+this"));
            }
            await().until(() -> opsbus.metric("opsbus_history_requests", "state=\"reading\"") == 2
                    && opsbus.metric("opsbus_history_requests", "state=\"waiting\"") == 2);
            for (Socket client : clients) {
                client.close();
            }
            await().atMost(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(50)) // a second, and the time of asking
                    .until(() -> opsbus.metric("opsbus_history_requests") == 0);
        } finally {
            done.set(true);
            busy.join();
        }
    }

    private static Socket ask(String path) throws IOException {
        Socket socket = new Socket("127.0.0.1", opsbus.port());
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + OpsbusProcess.TOKEN
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
