package routes.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.PurgeOptions;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.nats.NatsServer;

class EventTailTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "ops.>";

    @TempDir
    static Path store;

    private static NatsServer nats;
    private static TailServer server;

    @BeforeAll
    static void start() throws Exception {
        nats = new NatsServer(store);
        server = new TailServer(nats);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        nats.close();
    }

    private static ObjectNode data(String reason, String message) {
        ObjectNode data = JSON.createObjectNode()
                .put("type", "Warning")
                .put("reason", reason)
                .put("message", message);
        data.putObject("regarding").put("kind", "Pod").put("namespace", "Shop").put("name", "web-0");
        return data;
    }

    @Test
    void eventsComeInOrderWithTheirSequenceAsId() throws Exception {
        try (TailReader reader = server.open(ALL)) {
            List<Long> published = new ArrayList<>(server.publish("ops.order", 700, ""));
            published.add(
                    server.publish("ops.clusters.c1.namespaces.shop.pods.web-0.events", data("BackOff", "again")));
            await().untilAsserted(() -> assertThat(reader.ids()).isEqualTo(published));
            JsonNode last = JSON.readTree(reader.received.get(700).data());
            assertThat(last.path("sequence").asLong()).isEqualTo(published.get(700));
            assertThat(last.path("subject").asText()).isEqualTo("ops.clusters.c1.namespaces.shop.pods.web-0.events");
            assertThat(last.path("event").path("data").path("reason").asText()).isEqualTo("BackOff");
            assertThat(last.path("text").asText()).contains("message: again \n");
            assertThat(last.path("stored").asText()).endsWith("Z");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ops.clusters.*.namespaces.*.pods.*.events, true",
        "ops.clusters.c1.>, true",
        ">, true",
        "*.clusters.>, true",
        "OPS.Clusters.C1.>, true",
        "ops.other.>, false",
        "ops.>?reason=backoff, true",
        "ops.>?reason=Killing, false",
        "ops.>?kind=pods&namespace=shop&name=web-0&cluster=c1&type=warning, true",
        "ops.>?kind=node, false",
        "ops.>?observation=Events, true",
        "ops.>?observation=alerts, false",
        "ops.>?forwarded=false, true",
        "ops.>?forwarded=true, false",
        "ops.>?text=AGAIN, true",
        "ops.>?text=never, false"
    })
    void aClientGetsWhatItsPatternAndFilterLetThroughLiveAndStored(String request, boolean wanted) {
        long before = server.publish("ops.marker", data("Marker", "before"));
        try (TailReader live = server.open(request)) {
            long sequence =
                    server.publish("ops.clusters.c1.namespaces.shop.pods.web-0.events", data("BackOff", "again"));
            try (TailReader all = server.open(ALL, "Last-Event-ID", Long.toString(before));
                    TailReader stored = server.open(request, "Last-Event-ID", Long.toString(before))) {
                await().until(() -> all.ids().contains(sequence));
                if (wanted) {
                    await().until(() -> !live.ids().isEmpty() && !stored.ids().isEmpty());
                }
                int liveBeats = live.heartbeats.get();
                int storedBeats = stored.heartbeats.get();
                await().until(() -> live.heartbeats.get() > liveBeats
                        && stored.heartbeats.get() > storedBeats); // so nothing else waits for them
                List<Long> expected = wanted ? List.of(sequence) : List.of();
                assertThat(live.ids()).isEqualTo(expected);
                assertThat(stored.ids()).isEqualTo(expected);
            }
        }
    }

    @Test
    void anEventIsOneLineWhateverIsInIt() throws Exception {
        String evil = "<script>alert(1)</script>\r\n\ndata: x\n\nid: 7\revent: cut\u2028\u2029\u0085\u0000";
        try (TailReader reader = server.open(ALL)) {
            server.publish("ops.evil", data(evil, evil));
            server.bus()
                    .publish("ops.evil", new Headers(), evil.getBytes(StandardCharsets.UTF_8))
                    .join();
            server.bus()
                    .publish("ops.evil", new Headers(), new byte[] {(byte) 0xff, '\n', '\n'})
                    .join();
            server.bus().publish("ops.evil", new Headers(), new byte[0]).join();
            await().until(() -> reader.received.size() == 4);
            assertThat(reader.received)
                    .allMatch(
                            each -> each.event().equals("event") && !each.data().contains("\n"));
            assertThat(JSON.readTree(reader.received.get(0).data())
                            .path("event")
                            .path("data")
                            .path("message")
                            .asText())
                    .isEqualTo(evil);
            assertThat(JSON.readTree(reader.received.get(1).data()).path("text").asText())
                    .isEqualTo(evil);
        }
    }

    @Test
    void aDroppedConnectionIsResumedWithoutGapOrDuplicate() throws Exception {
        List<Long> seen = new ArrayList<>();
        TailReader reader = server.open(ALL);
        CompletableFuture<List<Long>> published = CompletableFuture.supplyAsync(() -> {
            List<Long> sequences = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                sequences.addAll(server.publish("ops.resume", 50, " is one of many"));
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
            return sequences;
        });
        for (int drops = 0; drops < 12; drops++) {
            TailReader current = reader;
            await().until(() -> published.isDone() || current.ids().size() >= 100);
            current.close();
            seen.addAll(current.ids());
            String last = Long.toString(seen.get(seen.size() - 1));
            reader = drops % 2 == 0
                    ? server.open(ALL, "Last-Event-ID", last)
                    : server.open(ALL + "?last_event_id=" + last);
        }
        List<Long> expected = published.join();
        TailReader end = reader;
        await().untilAsserted(() -> assertThat(seen.size() + end.ids().size()).isGreaterThanOrEqualTo(expected.size()));
        end.close();
        seen.addAll(end.ids());
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void aLongHistoryIsReadInStretchesAndJoinsWhatIsLive() {
        List<Long> expected = new ArrayList<>(server.publish("ops.history", 6_000, " of old"));
        try (TailReader reader = server.open("ops.history", "Last-Event-ID", Long.toString(expected.get(0) - 1))) {
            for (int i = 0; i < 30; i++) {
                expected.addAll(server.publish("ops.history", 30, " of now"));
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(reader.ids()).hasSameSizeAs(expected));
            assertThat(reader.ids()).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNoLongerStoredIsSaid() throws Exception {
        List<Long> published = server.publish("ops.old", 10, "");
        server.bus()
                .management()
                .purgeStream(
                        "ops", PurgeOptions.builder().sequence(published.get(5)).build());
        try (TailReader reader = server.open(ALL, "Last-Event-ID", "1");
                TailReader future = server.open(ALL, "Last-Event-ID", "999999999")) {
            await().untilAsserted(() -> assertThat(reader.ids()).isEqualTo(published.subList(5, 10)));
            assertThat(reader.received.get(0))
                    .isEqualTo(
                            new TailReader.Received(null, "gap", "{\"asked\":1,\"first\":" + published.get(5) + "}"));
            await().untilAsserted(() ->
                    assertThat(future.ids()).isEqualTo(published.subList(5, 10))); // the stream was made anew since
        }
    }

    @Test
    void anIdleStreamHasHeartbeats() {
        try (TailReader reader = server.open(ALL)) {
            await().until(() -> reader.heartbeats.get() >= 2);
            assertThat(reader.received).isEmpty();
        }
    }

    /** Asks and does not read. */
    private static Socket deaf() throws Exception {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.setReceiveBufferSize(32_768);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.getOutputStream()
                .write("GET /api/v1/events/ops.%3E/stream HTTP/1.1\r\nHost: x\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void whoDoesNotReadIsCutOffWithAReasonAndNobodyElseIs() throws Exception {
        await().until(() -> server.metric("opsbus.tail.clients") == 0);
        double cut = server.metric("opsbus.tail.cut");
        try (TailReader other = server.open(ALL);
                Socket later = deaf();
                Socket never = deaf()) {
            await().until(() -> server.metric("opsbus.tail.clients") == 3);
            List<Long> published = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                published.addAll(server.publish("ops.much", 50, "x".repeat(4_000)));
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> other.received.size() == published.size());
            }
            await().until(() -> server.metric("opsbus.tail.cut") == cut + 2);
            assertThat(readAll(later.getInputStream())).contains("event: cut\ndata: too slow: ");
            assertThat(other.ids()).isEqualTo(published);
            assertThat(other.isEnded()).isFalse();
            await().atMost(Duration.ofSeconds(15)).until(() -> server.metric("opsbus.tail.clients") == 1);
            readAll(never.getInputStream()); // its end comes, too
        }
    }

    private static String readAll(InputStream in) {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[100_000];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException reset) {
            // what came is what there is
        }
        return text.substring(Math.max(0, text.length() - 1_000));
    }

    @Test
    void twoHundredClientsGetAllEventsFromAFewThreads() {
        List<String> before = threads();
        List<TailReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                readers.add(server.open(i % 2 == 0 ? ALL : "ops.many.*?text=one"));
            }
            List<Long> published = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                published.addAll(server.publish("ops.many.x", 10, " one"));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> readers.stream().allMatch(reader -> reader.received.size() >= published.size()));
            assertThat(threads()).as("threads besides " + before).hasSizeLessThan(before.size() + 20);
            assertThat(readers).allSatisfy(reader -> assertThat(reader.ids()).isEqualTo(published));
            assertThat(server.metric("opsbus.tail.clients")).isGreaterThanOrEqualTo(200);
        } finally {
            readers.forEach(TailReader::close);
        }
        await().until(() -> server.metric("opsbus.tail.clients") == 0); // their end is found by the heartbeats
    }

    /** Without those of the clients' side. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("HttpClient"))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.5", "99999999999999999999"})
    void anIdThatIsNoneIsRefused(String id) throws Exception {
        HttpResponse<String> answer = id.isEmpty()
                ? server.ask("GET", "ops.>?last_event_id=%0d%0a")
                : server.ask("GET", ALL, "Last-Event-ID", id);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("code").asInt()).isEqualTo(-1);
        assertThat(JSON.readTree(answer.body()).path("message").asText()).startsWith("Last-Event-ID is \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nodes", "ops..x", "ops.pod-*.x", "ops.>.x", "ops.a%20b", "ops.a%0Ab", "%E0%A4%A"})
    void aPatternThatIsNoneIsRefused(String pattern) throws Exception {
        HttpResponse<String> answer;
        try {
            answer = server.ask("GET", pattern);
        } catch (IllegalArgumentException e) {
            return; // the client does not send it
        }
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("code").asInt()).isEqualTo(-1);
    }

    @Test
    void aStreamIsOnlyRead() throws Exception {
        HttpResponse<String> answer = server.ask("POST", ALL);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, OPTIONS");
        assertThat(JSON.readTree(answer.body()).path("code").asInt()).isEqualTo(-1);
    }

    @Test
    void theRouteRunsWhileThereAreClients() {
        try (TailReader reader = server.open(ALL)) {
            assertThat(server.route()).isEqualTo(ServiceStatus.Started);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> server.route() == ServiceStatus.Stopped);
        List<Long> unseen = server.publish("ops.unseen", 1, "");
        try (TailReader reader = server.open(ALL)) {
            List<Long> published = server.publish("ops.again", 3, "");
            await().untilAsserted(
                            () -> assertThat(reader.ids()).isEqualTo(published).doesNotContainAnyElementsOf(unseen));
        }
    }
}
