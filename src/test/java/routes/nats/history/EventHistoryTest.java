package routes.nats.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.JetStreamEndsTest;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.Streams;
import routes.nats.WireHeaders;

class EventHistoryTest {

    private static final String NODES = "ops.clusters.c.nodes.*.events";

    @TempDir
    Path store;

    private NatsServer server;
    NatsBus bus;
    EventHistory history;

    @BeforeEach
    void start() throws Exception {
        server = new NatsServer(store);
        bus = server.bus();
        new Streams(bus, JetStreamEndsTest.shape()).ensure();
        history = history();
    }

    EventHistory history() {
        return new EventHistory(bus, Streams.OPS);
    }

    @AfterEach
    void stop() throws Exception {
        bus.close();
        server.close();
    }

    CompletableFuture<PublishAck> publish(String subject, String id, String body) {
        Headers headers = new Headers();
        if (id != null) {
            headers.put("Nats-Msg-Id", WireHeaders.encode(id));
        }
        return bus.publish(subject, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Every hundredth is on a node. */
    void publish(int count) {
        List<CompletableFuture<?>> acks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            acks.add(publish(
                    i % 100 == 0
                            ? "ops.clusters.c.nodes.n" + i % 7 + ".events"
                            : "ops.clusters.c.namespaces.x.pods.p" + i % 50 + ".events",
                    "id/" + i,
                    "body " + i));
            if (acks.size() == 500) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }

    List<Long> readAll(Query query) throws IOException {
        List<Long> sequences = new ArrayList<>();
        long before = query.before();
        do {
            HistoryPage page = history.newestFirst(query.before(before));
            page.events().forEach(event -> sequences.add(event.sequence()));
            before = page.next();
        } while (before > 0);
        return sequences;
    }

    @Test
    void pagesHoldEveryEventOnceTheNewestFirst() throws Exception {
        publish(12_000);
        List<Long> all = readAll(Query.of("ops.>").limit(700));
        assertThat(all)
                .hasSize(12_000)
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .doesNotHaveDuplicates();

        List<Long> nodes = readAll(Query.of(NODES).limit(7));
        assertThat(nodes)
                .hasSize(120)
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .doesNotHaveDuplicates();
        assertThat(nodes.get(0)).isEqualTo(11_901);

        List<Long> pods =
                readAll(Query.of("ops.clusters.c.namespaces.*.pods.*.events").limit(700));
        assertThat(pods)
                .hasSize(11_880)
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(nodes);

        HistoryPage page = history.newestFirst(Query.of(NODES).limit(120));
        assertThat(page.events()).hasSize(120);
        assertThat(page.matching()).isEqualTo(120);
        assertThat(page.next()).as("there is nothing older").isZero();
        assertThat(history.newestFirst(Query.of(NODES).limit(119)).next()).isEqualTo(101);
    }

    @Test
    void aPageDoesNotMoveWhileEventsCome() throws Exception {
        publish(3_000);
        HistoryPage first = history.newestFirst(Query.of("ops.>").limit(100));
        publish("ops.clusters.c.nodes.n.events", null, "new").join();
        HistoryPage second = history.newestFirst(Query.of("ops.>").limit(100).before(first.next()));
        assertThat(second.events().get(0).sequence()).isEqualTo(2_900);
    }

    @Test
    void skipAndPredicateSelect() throws Exception {
        publish(1_000);
        assertThat(history.newestFirst(Query.of("ops.>").skip(400).limit(3)).events())
                .extracting(Stored::sequence)
                .containsExactly(600L, 599L, 598L);
        HistoryPage odd = history.newestFirst(Query.of("ops.>")
                .where(event -> event.sequence() % 250 == 0)
                .skip(1)
                .limit(10));
        assertThat(odd.events()).extracting(Stored::sequence).containsExactly(750L, 500L, 250L);
        assertThat(odd.next()).isZero();
        assertThat(odd.skipped()).isEqualTo(1);
    }

    @Test
    void timesBoundAPage() throws Exception {
        publish(20);
        Instant tenth = history.at(10).orElseThrow().stored();
        Instant fifteenth = history.at(15).orElseThrow().stored();
        HistoryPage page =
                history.newestFirst(Query.of("ops.>").between(tenth, fifteenth).limit(100));
        assertThat(page.events()).extracting(Stored::sequence).containsExactly(14L, 13L, 12L, 11L, 10L);
        assertThat(page.matching()).isEqualTo(5);
        assertThat(history.newestFirst(Query.of("ops.>").between(Instant.now().plusSeconds(60), null))
                        .events())
                .isEmpty();
        assertThat(history.newestFirst(Query.of("ops.>").between(null, Instant.EPOCH))
                        .events())
                .isEmpty();
        assertThat(history.newestFirst(Query.of("ops.>")
                                .between(Instant.EPOCH, Instant.now().plusSeconds(60))
                                .limit(100))
                        .events())
                .hasSize(20);
    }

    @Test
    void anEventIsReadByItsSequence() throws Exception {
        publish(10);
        assertThat(history.at(4).orElseThrow().messageId()).isEqualTo("id/3");
        assertThat(history.at(4).orElseThrow().event().id()).isEqualTo("id/3");
        assertThat(history.at(2_000)).isEmpty();
    }

    @Test
    void anEmptyRangeIsAnsweredAtOnceAndLeavesNoConsumer() throws Exception {
        long start = System.nanoTime();
        assertThat(history.newestFirst(Query.of(NODES)).events()).isEmpty();
        publish("ops.clusters.c.namespaces.x.pods.p.events", null, "x").join();
        assertThat(history.newestFirst(Query.of(NODES)).events()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(bus.management().getConsumerNames(Streams.OPS)).isEmpty();
    }

    @Test
    void whatTimeDoesNotSufficeForIsSaidByNext() throws Exception {
        publish(3_000);
        HistoryPage page =
                history.newestFirst(Query.of("ops.>").where(event -> false).within(Duration.ZERO));
        assertThat(page.events()).isEmpty();
        assertThat(page.next()).isBetween(1L, 3_000L);
        assertThat(readAll(
                        Query.of("ops.>").where(event -> event.sequence() == 5).within(Duration.ZERO)))
                .containsExactly(5L);
    }

    @Test
    void largeEventsMakeAPageShorter() throws Exception {
        String large = "x".repeat(900_000);
        for (int i = 0; i < 80; i++) {
            publish("ops.clusters.c.nodes.n.events", null, large).join();
        }
        assertThat(history.newestFirst(Query.of("ops.>").limit(1_000)).events()).hasSizeBetween(8, 20);
        assertThat(readAll(Query.of("ops.>").limit(1_000))).hasSize(80).doesNotHaveDuplicates();
    }

    @Test
    void withoutStreamOrServerItSaysSo() throws Exception {
        bus.management().deleteStream(Streams.OPS);
        assertThatThrownBy(() -> history.newestFirst(Query.of("ops.>")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no stream ops");
        server.stop();
        await().until(() -> !bus.isConnected());
        assertThatThrownBy(() -> history.newestFirst(Query.of("ops.>")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not connected");
        server.start();
    }

    @Test
    void subjectsAreInAlphabeticalOrder() throws Exception {
        publish(300);
        assertThat(history.subjects("nodes", HistoryRead.free()))
                .containsExactly(
                        "ops.clusters.c.nodes.n0.events",
                        "ops.clusters.c.nodes.n2.events",
                        "ops.clusters.c.nodes.n4.events");
        assertThat(history.subjects("", HistoryRead.free())).hasSize(53).isSorted();
    }
}
