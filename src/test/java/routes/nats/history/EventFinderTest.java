package routes.nats.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nats.client.PurgeOptions;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;
import routes.event.OpsEvent;
import routes.kubernetes.KubernetesEventMapping;
import routes.nats.AnyId;
import routes.nats.JetStreamEndsTest;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.OpsNatsComponent;
import routes.nats.Streams;
import routes.nats.WireHeaders;
import routes.nats.history.EventFinder.Found;

class EventFinderTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final int MANY = 40_000;

    @TempDir
    Path store;

    private NatsServer server;
    private NatsBus bus;
    private HistoryReads reads;

    @BeforeEach
    void start() throws Exception {
        server = new NatsServer(store);
        bus = server.bus();
        new Streams(bus, JetStreamEndsTest.shape()).ensure();
        reads = new HistoryReads(bus, properties(MANY));
        reads.start();
    }

    private static HistoryProperties properties(int index) {
        return new HistoryProperties(2, 16, 8, 10_000_000, DataSize.ofGigabytes(1), index);
    }

    @AfterEach
    void stop() throws Exception {
        reads.close();
        bus.close();
        server.close();
    }

    /** Each by its own way of having an id: the message's, the event's, both, none. @return ids and sequences */
    private Map<String, Long> publish(int count, String prefix) {
        Map<String, CompletableFuture<Long>> sent = new HashMap<>();
        List<CompletableFuture<Long>> under = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = prefix + "/" + i + "/" + Long.toString(i * 7_919L, 36);
            Headers headers = new Headers();
            if (i % 4 != 1 && i % 4 != 3) {
                headers.put("Nats-Msg-Id", WireHeaders.encode(id));
            }
            String body = i % 4 == 0
                    ? "{\"not\":\"an event\",\"id\":\"other\"}"
                    : i % 4 == 3
                            ? "none " + i
                            : "{\"data\":{\"id\":\"inner\"},\"specversion\":\"1.0\",\"id\":\"" + id
                                    + (i % 4 == 2 ? "/own" : "") + "\",\"source\":\"s\",\"type\":\"t\"}";
            CompletableFuture<Long> ack = bus.publish("ops.a.b", headers, body.getBytes(StandardCharsets.UTF_8))
                    .thenApply(one -> one.getSeqno());
            if (i % 4 != 3) {
                sent.put(id, ack);
            }
            if (i % 4 == 2) {
                sent.put(id + "/own", ack);
            }
            under.add(ack);
            if (under.size() == 500) {
                under.forEach(CompletableFuture::join);
                under.clear();
            }
        }
        Map<String, Long> sequences = new HashMap<>();
        sent.forEach((id, ack) -> sequences.put(id, ack.join()));
        return sequences;
    }

    private EventFinder finder(EventFollower follower) {
        return new EventFinder(follower, new EventHistory(reads.bus(), follower));
    }

    private static Found find(EventFinder finder, String id) throws Exception {
        return finder.find(id, AT_MOST, HistoryRead.free());
    }

    private static void mustFind(EventFinder finder, Map<String, Long> some) throws Exception {
        for (Map.Entry<String, Long> one : some.entrySet()) {
            Found found = find(finder, one.getKey());
            assertThat(found.event()).as(one.getKey()).isNotNull();
            assertThat(found.event().sequence()).as(one.getKey()).isEqualTo(one.getValue());
        }
        for (String id : List.of("nobody", "inner", "other", "", "ops:1@1")) {
            assertThat(find(finder, id))
                    .as(id)
                    .satisfies(
                            none -> assertThat(none.event()).isNull(),
                            none -> assertThat(none.next()).isZero());
        }
    }

    private static Map<String, Long> someOf(Map<String, Long> all, int count) {
        List<String> ids = new ArrayList<>(all.keySet());
        java.util.Collections.shuffle(ids, new Random(count));
        Map<String, Long> some = new HashMap<>();
        ids.subList(0, count).forEach(id -> some.put(id, all.get(id)));
        return some;
    }

    @Test
    void whatIsThereIsFoundAndWhatIsNotIsNotWhetherItsPlaceIsKnownOrNot() throws Exception {
        Map<String, Long> first = publish(1_000, "first");
        try (EventFollower follower = new EventFollower(reads, properties(MANY))) {
            EventFinder finder = finder(follower);
            mustFind(finder, someOf(first, 12)); // nothing is known yet
            follower.start();
            await().atMost(AT_MOST).until(() -> follower.knownThrough() == 1_000);
            mustFind(finder, someOf(first, 200));
            HistoryRead counted = new HistoryRead(null, MANY, Long.MAX_VALUE);
            assertThat(finder.find("nobody", AT_MOST, counted).event()).isNull();
            assertThat(counted.messagesLeft()).as("what is known is not read").isEqualTo(MANY);
            mustFind(finder, someOf(publish(1_000, "second"), 20)); // as they come
            String place = "ops:4@"
                    + new EventHistory(bus, Streams.OPS)
                            .at(4)
                            .orElseThrow()
                            .stored()
                            .toEpochMilli();
            assertThat(find(finder, place).event().sequence())
                    .as("an event without any id")
                    .isEqualTo(4);

            bus.management()
                    .purgeStream(
                            Streams.OPS, PurgeOptions.builder().sequence(500).build());
            String gone = first.entrySet().stream()
                    .filter(one -> one.getValue() < 400)
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            assertThat(find(finder, gone).event()).isNull();

            bus.management().deleteStream(Streams.OPS);
            new Streams(bus, JetStreamEndsTest.shape()).ensure();
            Map<String, Long> third = publish(500, "third");
            mustFind(finder, someOf(third, 20));
            assertThat(find(finder, first.keySet().iterator().next()).event())
                    .as("of the stream before")
                    .isNull();
            await().atMost(AT_MOST).until(() -> follower.knownThrough() == 500);
            mustFind(finder, someOf(third, 20));
        }
    }

    /** It is the same stream as before, and what comes then has numbers that others had. */
    @Test
    void ofAStreamThatWasSetBackToABackupIsFoundWhatIsThere(@TempDir Path backup) throws Exception {
        Map<String, Long> first = publish(300, "first");
        try (EventFollower follower = new EventFollower(reads, properties(MANY))) {
            EventFinder finder = finder(follower);
            follower.start();
            server.stop();
            FileSystemUtils.copyRecursively(store, backup);
            server.start();
            await().atMost(AT_MOST).until(() -> bus.isConnected() && reads.bus().isConnected());
            Map<String, Long> lost = publish(200, "lost");
            await().atMost(AT_MOST).until(() -> follower.knownThrough() == 500);
            server.stop();
            FileSystemUtils.deleteRecursively(store);
            FileSystemUtils.copyRecursively(backup, store);
            server.start();
            await().atMost(AT_MOST).until(() -> bus.isConnected() && reads.bus().isConnected());
            Map<String, Long> again = publish(100, "again");
            await().atMost(AT_MOST).until(() -> follower.knownThrough() == 400);

            mustFind(finder, someOf(first, 10));
            mustFind(finder, someOf(again, 10));
            assertThat(find(finder, lost.keySet().iterator().next()).event()).isNull();
        }
    }

    /**
     * The ways that a message gets its id: of a Kubernetes event in route kubernetes-events, in a hook's or a user's
     * route, and of a push.
     */
    @Test
    void whatIsPublishedUnderAnyIdIsStoredOnceAndFoundByIt() throws Exception {
        List<String> ids = AnyId.many(11, 120);
        Map<String, Long> sequences = new HashMap<>();
        try (DefaultCamelContext camel = new DefaultCamelContext();
                EventFollower follower = new EventFollower(reads, properties(MANY));
                ProducerTemplate template = camel.createProducerTemplate()) {
            EventFinder finder = finder(follower);
            camel.addComponent("nats", new OpsNatsComponent(bus, new Streams(bus, JetStreamEndsTest.shape())));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("direct:kubernetes")
                            .process(new KubernetesEventMapping("c"))
                            .to("nats:ops?jetstreamEnabled=true");
                    from("direct:route").to("nats:ops?jetstreamEnabled=true");
                }
            });
            camel.start();
            for (int again = 0; again < 2; again++) {
                for (int i = 0; i < ids.size(); i++) {
                    String id = ids.get(i);
                    OpsEvent event = OpsEvent.of(
                            id,
                            "Kube",
                            "ops.clusters.c.nodes.n.events",
                            "c",
                            OffsetDateTime.now(),
                            JsonNodeFactory.instance.objectNode());
                    if (i % 3 == 2) {
                        Headers headers = new Headers();
                        headers.put("Nats-Msg-Id", WireHeaders.encode(id));
                        assertThat(bus.publish(event.subject(), headers, event.payload())
                                        .join()
                                        .isDuplicate())
                                .as(id)
                                .isEqualTo(again == 1);
                    } else {
                        Exchange sent = i % 3 == 0
                                ? template.request(
                                        "direct:kubernetes",
                                        one -> one.getMessage().setBody(event))
                                : template.request("direct:route", one -> {
                                    one.getMessage().setBody(event.payload());
                                    one.getMessage().setHeader("Nats-Msg-Id", id);
                                    one.getMessage().setHeader("CamelNatsSubject", event.subject());
                                });
                        assertThat(sent.getException()).isNull();
                        assertThat(sent.getMessage().getHeader("OpsbusDuplicate", Boolean.class))
                                .as(id)
                                .isEqualTo(again == 1);
                    }
                    sequences.putIfAbsent(id, (long) sequences.size() + 1);
                }
            }
            assertThat(bus.management()
                            .getStreamInfo(Streams.OPS)
                            .getStreamState()
                            .getMsgCount())
                    .isEqualTo(ids.size());
            mustFind(finder, sequences); // searched
            follower.start();
            await().atMost(AT_MOST).until(() -> follower.knownThrough() == ids.size());
            for (String id : ids) {
                assertThat(find(finder, id).event().messageId()).isEqualTo(id);
            }
        }
    }

    @Test
    void whatIsOlderThanTheKnownPlacesIsSearched() throws Exception {
        Map<String, Long> all = publish(MANY, "all");
        try (EventFollower follower = new EventFollower(reads, properties(1_000))) {
            EventFinder finder = finder(follower);
            follower.start();
            await().atMost(AT_MOST).until(() -> follower.knownThrough() == MANY);
            assertThat(follower.knownFrom()).isGreaterThan(MANY - 40_000).isLessThan(MANY);
            Map<String, Long> oldest = new HashMap<>();
            all.entrySet().stream()
                    .filter(one -> one.getValue() < 50)
                    .forEach(one -> oldest.put(one.getKey(), one.getValue()));
            mustFind(finder, someOf(oldest, 3));
        }
    }
}
