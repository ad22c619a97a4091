package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.nats.client.Statistics;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StorageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Status;

public class JetStreamEndsTest extends RouteOnNats {

    private static final String CONSUMER =
            "nats:ops.>?jetstreamEnabled=true&jetstreamName=ops&durableName=test&nackWait=100&ackWait=2000";
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final AtomicInteger failuresLeft = new AtomicInteger();

    public static StreamsProperties shape() {
        return shape(1_000_000);
    }

    public static StreamsProperties shape(long deliveries) {
        return new StreamsProperties(
                StorageType.File,
                1,
                Duration.ofHours(24),
                Duration.ofMinutes(70),
                Duration.ofDays(7),
                deliveries,
                1_000_000,
                1_000_000,
                Duration.ofHours(24),
                1_000_000);
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(CONSUMER).routeId("in").process(JetStreamEndsTest.this::take);
                from("direct:out").to("nats:ops.default?jetstreamEnabled=true");
            }
        };
    }

    private void take(Exchange exchange) {
        String body = exchange.getMessage().getBody(String.class);
        if (failuresLeft.getAndDecrement() > 0) {
            throw new IllegalStateException("not now");
        }
        arrived.add(body);
    }

    private void send(String body, String id) {
        template.sendBodyAndHeaders("direct:out", body, Map.of("CamelNatsSubject", "ops.x", "Nats-Msg-Id", id));
    }

    @Test
    void aMessageIsHandledOnceAndAcked() {
        send("a", "1");
        await().until(() -> arrived.equals(List.of("a")));
        await().until(() -> jetStreamConsumer().lag(SHORT) == 0);
    }

    private JetStreamConsumer jetStreamConsumer() {
        return (JetStreamConsumer) context.getRoute("in").getConsumer();
    }

    @Test
    void aMessageWhoseRouteFailsComesAgain() {
        failuresLeft.set(2);
        send("a", "1");
        await().until(() -> arrived.equals(List.of("a")));
        assertThat(failuresLeft).hasValue(-1);
    }

    /** Thrown past all of Camel, on the thread that reads. */
    @Test
    void anErrorIsOfOneMessageAndEndsNoThread() throws Exception {
        List<Error> errors = List.of(
                new StackOverflowError(),
                new AssertionError("a"),
                new NoClassDefFoundError("b"),
                new InternalError("c"),
                new Error("d") {});
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Map<String, Integer> attempts = new ConcurrentHashMap<>();
        JetStreamConsumer consumer = consumer("errors", exchange -> {
            threads.add(Thread.currentThread());
            String body = exchange.getMessage().getBody(String.class);
            if (attempts.merge(body, 1, Integer::sum) < 3 && !body.equals("fine")) {
                throw errors.get(Integer.parseInt(body));
            }
            arrived.add(body);
        });
        consumer.start();
        try {
            for (int i = 0; i < errors.size(); i++) {
                bus.publish(
                                "opsbus.deliveries.a.b",
                                new io.nats.client.impl.Headers(),
                                Integer.toString(i).getBytes(StandardCharsets.UTF_8))
                        .join();
            }
            bus.publish(
                            "opsbus.deliveries.a.b",
                            new io.nats.client.impl.Headers(),
                            "fine".getBytes(StandardCharsets.UTF_8))
                    .join();
            await().until(() -> arrived.size() == errors.size() + 1);
            assertThat(arrived).startsWith("fine").contains("0", "1", "2", "3", "4");
            await().ignoreException(IOException.class).until(() -> consumer.lag(SHORT) == 0);
            assertThat(threads)
                    .singleElement()
                    .satisfies(thread -> assertThat(thread.isAlive()).isTrue());
        } finally {
            consumer.stop();
        }
    }

    /** One that only looks for what it reads: what a processor throws, nobody catches before it. */
    private JetStreamConsumer consumer(String durable, Processor processor) throws Exception {
        OpsNatsEndpoint endpoint = context.getEndpoint(
                "nats:opsbus.deliveries.>?jetstreamEnabled=true&jetstreamName=opsbus-deliveries&durableName=" + durable
                        + "&nackWait=20&ackWait=2000",
                OpsNatsEndpoint.class);
        return (JetStreamConsumer) endpoint.createConsumer(new AsyncProcessorSupport() {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                try {
                    processor.process(exchange);
                } catch (Exception e) {
                    exchange.setException(e);
                }
                callback.done(true);
                return true;
            }
        });
    }

    @Test
    void healthSaysWhyMessagesFailAndThatTheyDoNoLonger() throws Exception {
        NatsHealth health = new NatsHealth(bus, context);
        failuresLeft.set(Integer.MAX_VALUE);
        send("a", "1");
        await().untilAsserted(() -> assertThat(health.health().getDetails().get("test"))
                .asString()
                .isEqualTo("1, and the last one failed: not now"));
        failuresLeft.set(0);
        await().untilAsserted(() -> assertThat(health.health().getDetails()).containsEntry("test", 0L));
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void theSameIdIsStoredOnce() throws Exception {
        send("a", "1");
        send("a again", "1");
        send("b", "2");
        await().until(() -> arrived.contains("b"));
        assertThat(arrived).containsExactly("a", "b");
    }

    @Test
    void aListOfMessagesIsPublishedInItsOrderAndEachGetsWhatBecameOfIt() throws Exception {
        List<Message> list = messages("a", 3);
        list.add(1, message("a0", "a0")); // which is there already, by then
        template.sendBodyAndHeader("direct:out", list, "X-Not", "sent");
        await().until(() -> arrived.size() == 3);
        assertThat(arrived).containsExactly("a0", "a1", "a2");
        assertThat(list)
                .extracting(message -> message.getHeader(JetStreamProducer.SEQUENCE))
                .containsExactly(1L, 1L, 2L, 3L);
        assertThat(list)
                .extracting(message -> message.getHeader(JetStreamProducer.DUPLICATE))
                .containsExactly(false, true, false, false);
        assertThat(bus.management().getMessage("ops", 1).getHeaders().containsKey("X-Not"))
                .isFalse();
        template.sendBody("direct:out", List.of());
    }

    /** While nothing is answered, what has left shows what was waited for. */
    @Test
    void ofAllListsTogetherAThousandMessagesAreUnanswered() throws Exception {
        List<CompletableFuture<Object>> sent = new ArrayList<>();
        Statistics statistics =
                bus.connection().getStatistics(); // there is no connection any more when it is frozen for long
        long before = statistics.getOutMsgs();
        try (AutoCloseable frozen = server.frozen()) {
            for (String list : List.of("a", "b")) {
                sent.add(template.asyncSendBody("direct:out", messages(list, 800)));
            }
            await().until(() -> statistics.getOutMsgs() - before >= 1_000);
            assertThat(statistics.getOutMsgs() - before).isLessThan(1_100); // also requests
        }
        sent.forEach(CompletableFuture::join);
        await().until(() -> arrived.size() == 1_600);
        for (String list : List.of("a", "b")) {
            assertThat(arrived.stream().filter(body -> body.startsWith(list)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 800).mapToObj(n -> list + n).toList());
        }
    }

    private List<Message> messages(String list, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> message(list + n, list + n))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private Message message(String body, String id) {
        Message message = new DefaultMessage(context);
        message.setHeader("CamelNatsSubject", "ops.x");
        message.setHeader("Nats-Msg-Id", id);
        message.setBody(body);
        return message;
    }

    @Test
    void aHeaderOfCamelsNeitherLeavesNorEnters() throws Exception {
        List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("nats:ops.>?jetstreamEnabled=true&jetstreamName=ops&durableName=headers")
                        .process(e -> headers.add(Map.copyOf(e.getMessage().getHeaders())));
            }
        });
        io.nats.client.impl.Headers wire = new io.nats.client.impl.Headers();
        wire.put("CamelHttpUri", "http://attacker");
        wire.put("cAMELfilename", "x");
        wire.put("X-Fine", "yes");
        bus.publish("ops.x", wire, "a".getBytes(StandardCharsets.UTF_8)).join();
        template.sendBodyAndHeaders(
                "direct:out",
                "b",
                Map.of("CamelNatsSubject", "ops.x", "CamelHttpUri", "http://attacker", "X-Text", "节点\r\nX-Evil: 1"));
        await().until(() -> headers.size() == 2);
        assertThat(headers)
                .allSatisfy(each -> assertThat(each.keySet())
                        .noneMatch(name -> name.toLowerCase().startsWith("camelhttp")
                                || name.equals("cAMELfilename")
                                || name.equals("X-Evil")));
        assertThat(headers.get(0)).containsEntry("X-Fine", "yes");
        assertThat(WireHeaders.decode((String) headers.get(1).get("X-Text"))).isEqualTo("节点\r\nX-Evil: 1");
    }

    @Test
    void aRestartOfTheServerLosesNothing() throws Exception {
        send("a", "1");
        await().until(() -> arrived.contains("a"));
        server.stop();
        await().until(() -> !bus.isConnected());
        server.start();
        await().atMost(Duration.ofSeconds(60)).until(bus::isConnected);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(
                        () -> { // it takes connections before JetStream is there
                            send("b", "2");
                            return true;
                        });
        await().atMost(Duration.ofSeconds(60)).until(() -> arrived.contains("b"));
    }

    @Test
    void aDeletedDurableAndEvenADeletedStreamComeBack() throws Exception {
        send("a", "1");
        await().until(() -> arrived.contains("a"));
        bus.management().deleteConsumer("ops", "test");
        send("b", "2");
        await().atMost(Duration.ofSeconds(30)).until(() -> arrived.contains("b"));
        bus.management().deleteStream("ops");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> bus.management().getStreamNames().contains("ops"));
        send("c", "3");
        await().atMost(Duration.ofSeconds(30)).until(() -> arrived.contains("c"));
    }

    /** As to a process that stood still for longer than the ack wait. */
    @Test
    void whatIsInHandAndComesAgainIsHandledOnce() throws Exception {
        Queue<AsyncCallback> inHand = new ConcurrentLinkedQueue<>();
        OpsNatsEndpoint endpoint = context.getEndpoint(
                "nats:opsbus.deliveries.>?jetstreamEnabled=true&jetstreamName=opsbus-deliveries&durableName=twins&ackWait=60000",
                OpsNatsEndpoint.class);
        JetStreamConsumer consumer = (JetStreamConsumer) endpoint.createConsumer(new AsyncProcessorSupport() {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                inHand.add(callback);
                return false;
            }
        });
        consumer.start();
        try {
            for (int i = 0; i < 20; i++) {
                bus.publish("opsbus.deliveries.a.b", new io.nats.client.impl.Headers(), new byte[0])
                        .join();
            }
            await().until(() -> inHand.size() == 20);
            bus.management()
                    .addOrUpdateConsumer(
                            "opsbus-deliveries",
                            ConsumerConfiguration.builder(twins().getConsumerConfiguration())
                                    .ackWait(Duration.ofMillis(300))
                                    .build());
            await().until(() -> twins().getDelivered().getConsumerSequence() >= 60);
            assertThat(inHand).hasSize(20);
            await().until(() -> {
                inHand.forEach(callback -> callback.done(false)); // also of what was on its way just then
                return twins().getNumAckPending() == 0;
            });
        } finally {
            consumer.stop();
        }
    }

    private ConsumerInfo twins() throws Exception {
        return bus.management().getConsumerInfo("opsbus-deliveries", "twins");
    }

    @Test
    void aMessageStaysInItsStreamUntilItIsDue() throws Exception {
        List<Long> waits = new CopyOnWriteArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("nats:opsbus.retries.>?jetstreamEnabled=true&jetstreamName=opsbus-retries&durableName=later&deliverAfter=1500")
                        .process(e -> waits.add(System.currentTimeMillis()
                                - StoredMessage.of(e).stored().toEpochMilli()));
            }
        });
        bus.publish("opsbus.retries.1s.a.b", new io.nats.client.impl.Headers(), new byte[0])
                .join();
        await().atMost(Duration.ofSeconds(10)).until(() -> waits.size() == 1);
        assertThat(waits.get(0)).isBetween(1_499L, 6_000L);
    }

    /** A client drops what its queue can't hold, 64 MB; then it would come again when the ack wait is over. */
    @Test
    void manyLargeMessagesComeOnceEachAsFastAsTheyAreTaken() throws Exception {
        byte[] large = new byte[900_000];
        for (int i = 0; i < 120; i++) {
            bus.publish("opsbus.deliveries.a.b", new io.nats.client.impl.Headers(), large)
                    .join();
        }
        List<Long> deliveries = new CopyOnWriteArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("nats:opsbus.deliveries.>?jetstreamEnabled=true&jetstreamName=opsbus-deliveries&durableName=large")
                        .process(e -> {
                            deliveries.add(StoredMessage.of(e).delivery());
                            Thread.sleep(20); // a slow route
                        });
            }
        });
        await().atMost(Duration.ofSeconds(60))
                .until(() -> bus.management()
                                .getStreamInfo("opsbus-deliveries")
                                .getStreamState()
                                .getMsgCount()
                        == 0);
        assertThat(deliveries).hasSize(120).allMatch(delivery -> delivery == 1);
    }

    @Test
    void publishingFailsWhenNoServerAnswers() throws Exception {
        server.stop();
        await().until(() -> !bus.isConnected());
        Exchange exchange = template.send("direct:out", e -> e.getMessage().setBody("x"));
        assertThat(exchange.getException()).hasMessageContaining("NATS is not connected");
        server.start();
    }

    /** There is nobody to take the last acks, for which a stop waits. */
    @Test
    void withoutItsServerItIsClosedAtOnce() throws Exception {
        server.stop();
        await().until(() -> !bus.isConnected());
        assertTimeout(Duration.ofSeconds(1), bus::close);
        server.start();
    }

    @Test
    void aNewDurableReadsAllThatTheStreamHoldsUnlessToldOtherwise() throws Exception {
        send("old", "1");
        List<String> later = new CopyOnWriteArrayList<>();
        String from = "nats:ops.>?jetstreamEnabled=true&jetstreamName=ops&durableName=later&firstStart=";
        context.addRoutes(route("new", from + "new", later));
        await().until(() -> bus.management().getConsumerNames("ops").contains("later"));
        send("fresh", "2");
        await().until(() -> later.equals(List.of("fresh")));
        context.getRouteController().stopRoute("new");
        context.addRoutes(
                route("all", from + "all", later)); // the durable has started: it goes on, whatever is said now
        send("fresher", "3");
        await().until(() -> later.equals(List.of("fresh", "fresher")));
        List<String> all = new CopyOnWriteArrayList<>();
        context.addRoutes(route("others", from.replace("durableName=later", "durableName=other") + "all", all));
        await().until(() -> all.equals(List.of("old", "fresh", "fresher")));
    }

    private static RouteBuilder route(String id, String from, List<String> into) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(from)
                        .routeId(id)
                        .process(exchange -> into.add(exchange.getMessage().getBody(String.class)));
            }
        };
    }
}
