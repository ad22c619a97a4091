package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;
import routes.hooks.delivery.DeadLetter;
import routes.hooks.delivery.DeadLetterChoice;
import routes.hooks.delivery.DeadLetters;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.DeliveryParts;
import routes.hooks.delivery.DeliveryProperties;
import routes.hooks.delivery.DeliveryStore;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.delivery.ReturningDeliveries;
import routes.hooks.match.HookIndex;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Hooks;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;
import routes.nats.DeadLetterStream;
import routes.nats.JetStreamConsumer;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.OpsNatsComponent;
import routes.nats.Streams;
import routes.nats.StreamsProperties;
import routes.nats.history.EventFollower;
import routes.nats.history.HistoryProperties;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;
import routes.nats.history.Stored;

/** Whatever comes, no stage meets it for ever: it ends in the dead letters, and what is behind it goes on. */
@ExtendWith(OutputCaptureExtension.class)
class PoisonTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOOK = "default/a";
    private static final HistoryProperties HISTORY =
            new HistoryProperties(2, 16, 8, 200_000, DataSize.ofMegabytes(256), 1_000);

    @TempDir
    static Path home;

    private static NatsServer server;
    private static NatsBus bus;
    private static Streams streams;
    private static HistoryReads reads;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final DeadLetterStream letters = new DeadLetterStream(bus, metrics);
    private final DeliveryParts parts = new DeliveryParts(bus, letters, metrics);
    private final DeliveryStore store = parts.store();
    private final HookRegistry registry = new HookRegistry();
    private final DeliveryProperties delivery = new DeliveryProperties(
            List.of(Duration.ofSeconds(1)), Duration.ofHours(24), 8, DataSize.ofMegabytes(1), 8, Duration.ofMinutes(2));
    private CamelContext camel;

    @BeforeAll
    static void startServer() throws Exception {
        server = new NatsServer(home, "max_payload: 65536");
        bus = server.bus();
        streams = new Streams(bus, shape());
        streams.ensure();
        reads = new HistoryReads(bus, HISTORY);
        reads.start();
    }

    private static StreamsProperties shape() {
        Duration day = Duration.ofDays(1);
        return new StreamsProperties(
                StorageType.File, 1, day, Duration.ofMinutes(70), day, 1_000, 1_000, 1_000, day, 1_000);
    }

    @AfterAll
    static void stopServer() throws Exception {
        reads.close();
        bus.close();
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        EventHook spec = Hooks.hook("a", "ops.x.>", Keywords.NONE);
        Hook hook =
                new Hook(spec, Hooks.TYPES.find("webhook").orElseThrow(), new HookMetrics(metrics, HOOK), () -> false);
        registry.swap(new HookSet(
                Map.of(HOOK, hook),
                new HookIndex(List.of(spec, Hooks.hook("ghost", "ops.ghost", Keywords.NONE))),
                Set.of(),
                false));
        for (String stream :
                List.of(Streams.OPS, Streams.DELIVERIES, Streams.RETRIES, Streams.PARKED, Streams.DEADLETTERS)) {
            bus.management().purgeStream(stream);
            for (String consumer : bus.management().getConsumerNames(stream)) {
                bus.management().deleteConsumer(stream, consumer);
            }
        }
        camel = new DefaultCamelContext();
        camel.addComponent("nats", new OpsNatsComponent(bus, streams));
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    /** With a durable of its own that does not wait long. */
    private void route() throws Exception {
        EventMatches matches = new EventMatches(
                registry, store, letters, parts.attempts(), new EventFollower(reads, HISTORY), metrics);
        camel.getRegistry().bind("eventMatches", matches);
        parts.addRoutes(camel, registry, delivery);
        DeliveryParts.load(camel, "event-router");
        AdviceWith.adviceWith(
                camel,
                "event-router",
                route -> route.replaceFromWith(
                        "nats:ops.>?jetstreamEnabled=true&jetstreamName=ops&durableName=poison&nackWait=10&ackWait=2000"));
        camel.start();
        camel.getRouteController().startRoute("event-router");
    }

    private static void publish(String subject, String id, int bytes) {
        String event = "{\"specversion\":\"1.0\",\"id\":\"" + id
                + "\",\"source\":\"https://github.com/shaowenchen/ops\",\"type\":\"Kube\",\"data\":{\"message\":\"\"}}";
        String message = "m".repeat(Math.max(0, bytes - event.length()));
        bus.publish(
                        subject,
                        new Headers(),
                        event.replace("\"message\":\"\"", "\"message\":\"" + message + "\"")
                                .getBytes(StandardCharsets.UTF_8))
                .join();
    }

    private static MessageInfo only(String stream) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> bus.management().getLastMessage(stream, subjects(stream)), message -> true);
    }

    private static String subjects(String stream) throws Exception {
        return bus.management()
                .getStreamInfo(stream)
                .getConfiguration()
                .getSubjects()
                .get(0);
    }

    private static long count(String stream) throws Exception {
        return bus.management().getStreamInfo(stream).getStreamState().getMsgCount();
    }

    private static void awaitNothingToRead(String stream) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> { // it is made soon
                            assertThat(bus.management()
                                            .getConsumerInfo(stream, "poison")
                                            .getNumPending())
                                    .isZero();
                            assertThat(bus.management()
                                            .getConsumerInfo(stream, "poison")
                                            .getNumAckPending())
                                    .isZero();
                        });
    }

    /** Health shows it to people: what stands in the way, not which step of which exchange met it. */
    @Test
    void whatKeepsTheRouterIsSaidInTheWordsOfWhatItIs() throws Exception {
        for (int i = 0; i < 1_000; i++) { // as many as the stream takes
            parts.deliver(
                    new Delivery(HOOK, "full-" + i, null, "ops.x", 1, Instant.now(), null, null, new byte[] {1}),
                    "ops:1");
        }
        route();
        publish("ops.x.one", "one", 100);
        JetStreamConsumer consumer =
                (JetStreamConsumer) camel.getRoute("event-router").getConsumer();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(consumer.trouble())
                        .startsWith("the stream that takes opsbus.deliveries.default.a is full"));
    }

    @Test
    void anEventThatDoesNotFitWithItsHeadersStaysInItsStream() throws Exception {
        route();
        publish("ops.x.large", "i".repeat(10_000), 56_000);
        awaitNothingToRead(Streams.OPS);
        MessageInfo stored = only(Streams.DELIVERIES);
        assertThat(stored.getHeaders().getFirst("Opsbus-Reference")).startsWith("ops:");
        assertThat(parts.event(stored.getHeaders()::getFirst)).hasSizeGreaterThan(55_000);
    }

    @Test
    void anEventWhoseHeadersAloneAreTooLargeIsADeadLetterWithItsBeginning() throws Exception {
        route();
        publish("ops.x.id", "i".repeat(50_000), 60_000);
        awaitNothingToRead(Streams.OPS);
        MessageInfo letter = only(Streams.DEADLETTERS);
        assertThat(letter.getHeaders().getFirst(DeadLetterStream.REASON)).isEqualTo("too-large");
        assertThat(letter.getHeaders().getFirst(DeadLetterStream.EVENT)).matches("i{200}\\.\\.\\.");
        DeadLetters all = parts.deadLetters(reads, registry);
        assertThat(all.list(DeadLetterChoice.ALL, Long.MAX_VALUE, 0, 10, HistoryRead.free())
                        .list())
                .singleElement()
                .satisfies(row -> assertThat(row.hook()).isEqualTo(HOOK));
        assertThat(all.replay(DeadLetterChoice.ALL, Long.MAX_VALUE, "test").skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.why()).startsWith("only the beginning of its event was kept"));
    }

    @Test
    void aDeliveryThatFitsNoRetryLevelIsADeadLetter() throws Exception {
        Delivery large = new Delivery(HOOK, "id", null, "ops.x", 1, Instant.now(), null, null, new byte[65_400]);
        parts.retry(large, delivery);
        MessageInfo letter = only(Streams.DEADLETTERS);
        assertThat(letter.getHeaders().getFirst(DeadLetterStream.REASON)).isEqualTo("too-large");
        assertThat(letter.getHeaders().getFirst(DeadLetterStream.TRUNCATED)).isEqualTo("65400");
        assertThat(letter.getData()).hasSizeBetween(64_000, 65_399);
    }

    @Test
    void anEventOnWhichTheRouterFailsIsADeadLetterAfterAFewAttempts() throws Exception {
        route();
        publish("ops.ghost", "ghost-1", 300); // the index names a hook that is not there
        publish("ops.x.next", "next-1", 100);
        awaitNothingToRead(Streams.OPS);
        assertThat(only(Streams.DELIVERIES).getHeaders().getFirst(DeadLetterStream.EVENT))
                .isEqualTo("next-1");
        assertThat(parts.deadLetters(reads, registry)
                        .list(
                                new DeadLetterChoice(null, null, "unroutable", null),
                                Long.MAX_VALUE,
                                0,
                                10,
                                HistoryRead.free())
                        .list())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.subject()).isEqualTo("ops.ghost");
                    assertThat(row.hook()).isEmpty();
                    assertThat(row.text()).contains("mmm");
                });
        assertThat(metrics.get("opsbus.events.given.up")
                        .tag("route", "event-router")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    /** Nothing that a processor does with a message must be able to stop the stream it comes from. */
    @Test
    void anEventOrADeliveryOnWhichOpsbusItselfFailsIsADeadLetterAfterAFewAttempts() throws Exception {
        Hook hook = registry.current().byId().get(HOOK);
        registry.swap(new HookSet(
                new AbstractMap<>() {
                    @Override
                    public Hook get(Object id) {
                        if (id.equals("default/ghost")) {
                            throw new NoClassDefFoundError("a jar that was replaced");
                        }
                        return hook;
                    }

                    @Override
                    public Set<Entry<String, Hook>> entrySet() {
                        return Map.of(HOOK, hook).entrySet();
                    }
                },
                registry.current().index(),
                Set.of(),
                false));
        route();
        publish("ops.ghost", "ghost-2", 300);
        publish("ops.x.next", "next-2", 100);
        awaitNothingToRead(Streams.OPS);
        await().atMost(PATIENCE).until(() -> count(Streams.DELIVERIES) == 1);
        assertThat(dead())
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).isEqualTo("unroutable"));

        bus.management().purgeStream(Streams.DEADLETTERS);
        delivering();
        for (String id : List.of("default/ghost", HOOK)) {
            parts.deliver(
                    new Delivery(id, "event-" + id, null, "ops.x", 1, Instant.EPOCH, null, null, new byte[] {1}),
                    "ops:1");
        }
        await().atMost(PATIENCE).until(() -> count(Streams.DELIVERIES) == 2); // the others wait for their hook's route
        assertThat(dead()).extracting(DeadLetter::hook, DeadLetter::reason).contains(tuple("default/ghost", "error"));
    }

    private List<DeadLetter> dead() throws Exception {
        return parts.deadLetters(reads, registry)
                .list(DeadLetterChoice.ALL, Long.MAX_VALUE, 0, 1_000, HistoryRead.free())
                .list();
    }

    /** The routes that deliver, with their own durables. */
    private void delivering() throws Exception {
        delivering(delivery);
    }

    private void delivering(DeliveryProperties delivery) throws Exception {
        if (camel.getRoute("deliver") == null) {
            parts.addRoutes(camel, registry, delivery);
        }
        camel.start();
        for (Route route : camel.getRoutes()) {
            camel.getRouteController().startRoute(route.getId());
        }
    }

    @Test
    void whatIsNoDeliveryIsADeadLetterWhicheverStageMeetsIt() throws Exception {
        Random random = new Random(7);
        Map<String, List<String>> values = new TreeMap<>(Map.of(
                "Opsbus-Hook", List.of("", "a", "/", "/a", "a/", "a b/c", "a/*", "a/>", "x".repeat(2_000) + "/a", HOOK),
                "Opsbus-Event", List.of("", "%", "%00%ff", "event"),
                "Opsbus-Subject", List.of("", "%0d%0a", "ops.x"),
                "Opsbus-Attempt", List.of("", "x", "0", "-2147483648", "1", "2147483647"),
                "Opsbus-Stored", List.of("", "x", "0", "-9223372036854775808", "99999999999999999999"),
                "Opsbus-Not-Before", List.of("", "x", "-9223372036854775808", "0"),
                "Opsbus-Reference", List.of("", "ops", ":", "ops:x", "ops:-1", "gone:1")));
        int garbage = 300;
        for (int i = 0; i < garbage; i++) {
            Headers headers = new Headers();
            values.forEach((name, some) -> {
                if (random.nextInt(6) > 0) {
                    headers.put(name, some.get(random.nextInt(some.size())));
                }
            });
            bus.publish(
                            i % 2 == 0 ? "opsbus.deliveries.default.a" : "opsbus.retries.1s.default.a",
                            headers,
                            new byte[random.nextInt(3)])
                    .join();
        }
        delivering();
        await().atMost(PATIENCE).until(() -> count(Streams.DELIVERIES) + count(Streams.RETRIES) == 0);
        assertThat(count(Streams.DEADLETTERS)).isEqualTo(garbage);
        assertThat(metrics.get("opsbus.deadletters.lost").counter().count()).isZero();
        assertThat(dead()).extracting(DeadLetter::reason).contains("unreadable");
    }

    /** It is tried again, since nothing speaks against that, but not until the time it names. */
    @Test
    void aDeliveryThatWasStoredInTheFutureIsGivenUpLikeAnyOther() throws Exception {
        List<String> planted = List.of(
                "32503680000000",
                "9223372036854775807",
                Long.toString(Instant.now().plus(Duration.ofDays(30)).toEpochMilli()));
        for (String stored : planted) {
            Headers headers = new Delivery(
                            HOOK, "event-" + stored, null, "ops.x", 1, Instant.EPOCH, null, null, new byte[0])
                    .headers("id-" + stored);
            headers.put("Opsbus-Stored", stored);
            bus.publish("opsbus.deliveries.default.a", headers, new byte[] {1}).join();
        }
        failing();
        delivering(new DeliveryProperties(
                List.of(Duration.ofMillis(200)),
                Duration.ofMillis(100),
                8,
                DataSize.ofMegabytes(1),
                8,
                Duration.ofMinutes(2)));
        await().atMost(PATIENCE).until(() -> count(Streams.DEADLETTERS) == planted.size());
        assertThat(dead()).allSatisfy(row -> assertThat(row.reason()).isEqualTo("expired"));
    }

    /**
     * A Kamelet of a user's may do to the exchange what it likes: whether it is delivered is told by an exception
     * alone, and what is next by nothing in it.
     */
    @Test
    void whatAHooksRouteDoesToItsExchangeSteersNothing() throws Exception {
        List<Object> attempts = new CopyOnWriteArrayList<>();
        hooksRoute(from -> from.process(exchange -> attempts.add(exchange.getVariable("attempt")))
                .setProperty("dead-letter", ExpressionBuilder.constantExpression("true"))
                .setProperty("hookRoute", ExpressionBuilder.constantExpression("direct:no"))
                .removeHeaders("*")
                .setBody(ExpressionBuilder.constantExpression("other"))
                .stop());
        for (int i = 0; i < 3; i++) {
            parts.deliver(
                    new Delivery(HOOK, "event-" + i, null, "ops.x", 1, Instant.now(), null, null, new byte[] {1}),
                    "ops:" + i);
        }
        delivering();
        await().atMost(PATIENCE).until(() -> count(Streams.DELIVERIES) == 0);
        assertThat(attempts).containsExactly("1", "1", "1"); // the hook's variables are its own
        assertThat(count(Streams.DEADLETTERS) + count(Streams.RETRIES) + count(Streams.PARKED))
                .isZero();
    }

    /** The hook has a route, which fails. */
    private void failing() throws Exception {
        hooksRoute(from -> from.throwException(IOException.class, "nobody is there"));
    }

    private void hooksRoute(Consumer<RouteDefinition> steps) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                steps.accept(from("direct:hook").routeId("hook").errorHandler(noErrorHandler()));
            }
        });
        camel.start();
        EventHook spec = registry.current().byId().get(HOOK).spec();
        Hook hook =
                new Hook(spec, Hooks.TYPES.find("webhook").orElseThrow(), new HookMetrics(metrics, HOOK), () -> false);
        hook.routeStands(camel.getRoute("hook"));
        registry.swap(new HookSet(Map.of(HOOK, hook), registry.current().index(), Set.of(), false));
    }

    /** All hooks are asked, but not for as long as they like. */
    @Test
    void explainEndsWhateverTheExpressionsCost() throws Exception {
        Keywords expensive = Hooks.include(MatchMode.ANY, MatchType.REGEX, "(.{0,999}q){4}Z");
        List<EventHook> specs = List.of(
                Hooks.hook("a", "ops.x", Keywords.NONE),
                Hooks.hook("slow", "ops.x", expensive),
                Hooks.hook("slower", "ops.x", expensive),
                Hooks.hook("words", "ops.x", Hooks.include(MatchMode.ANY, MatchType.CONTAINS, "absent")));
        Map<String, Hook> byId = specs.stream()
                .collect(Collectors.toMap(
                        EventHook::id,
                        spec -> new Hook(
                                spec,
                                Hooks.TYPES.find("webhook").orElseThrow(),
                                new HookMetrics(metrics, spec.id()),
                                () -> false)));
        registry.swap(new HookSet(byId, new HookIndex(specs), Set.of(), false));
        HookStates states =
                new HookStates(registry, new PausedHooks(new KeyValueState(bus, shape()), bus), metrics, null);
        Explanations explanations =
                new Explanations(registry, states, parts.history(), parts.waiting(), Duration.ofMillis(10));
        String event =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"Kube\",\"data\":{\"message\":\"Z"
                        + "aq bcd ".repeat(5_000) + "\"}}";
        Map<String, String> why = explanations
                .explain(
                        new Stored("ops", 1, "ops.x", Instant.now(), "1", null, event.getBytes(StandardCharsets.UTF_8)),
                        HistoryRead.free())
                .stream()
                .collect(Collectors.toMap(Explained::hook, Explained::why));
        assertThat(why.get("default/slow"))
                .isEqualTo("not known: the expressions of the hooks that were asked took 0.01s of CPU time together")
                .isEqualTo(why.get("default/slower"));
        assertThat(why.get("default/a")).isEqualTo("no keywords");
        assertThat(why.get("default/words")).doesNotContain("not known");
    }

    @Test
    void aPauseThatOpsbusDidNotWritePausesNothingAndNoneComesOrGoesWithoutALine(CapturedOutput log) throws Exception {
        KeyValueState state = new KeyValueState(bus, shape());
        PausedHooks paused = new PausedHooks(state, bus);
        state.put("paused.default.a", Instant.now().toString()); // by somebody who knows the form, or another replica
        paused.refresh();
        assertThat(paused.contains(HOOK)).isTrue();
        assertThat(log.getOut()).containsOnlyOnce("hook default/a is paused by an operator");
        for (String planted : List.of("", "true", "2026-01-02")) {
            state.put("paused.default.a", planted);
            state.put("paused.default.b", planted);
            state.put("paused.default", Instant.now().toString()); // a time, but no hook
            paused.refresh();
            assertThat(paused.contains(HOOK)).as(planted).isFalse();
            assertThat(paused.contains("default/b")).as(planted).isFalse();
            assertThat(paused.contains("default")).as(planted).isFalse();
            PausedHooks restarted = new PausedHooks(state, bus);
            restarted.refresh();
            assertThat(restarted.contains(HOOK)).as(planted).isFalse();
        }
        assertThat(log.getOut())
                .contains(
                        "hook default/a is no longer paused by an operator",
                        "key paused.default.b of the bucket opsbus is none that opsbus wrote, and pauses nothing");
        paused.pause(HOOK);
        assertThat(paused.contains(HOOK)).isTrue();
        paused.resume(HOOK);
    }

    @Test
    void aMessageThatIsNoDeliveryIsADeadLetter() throws Exception {
        Headers halfWritten = new Headers();
        halfWritten.put("Opsbus-Hook", HOOK);
        bus.publish("opsbus.deliveries.default.a", halfWritten, "what is this".getBytes(StandardCharsets.UTF_8))
                .join();
        delivering();
        await().atMost(PATIENCE).until(() -> count(Streams.DELIVERIES) == 0);
        assertThat(parts.deadLetters(reads, registry)
                        .list(DeadLetterChoice.ALL, Long.MAX_VALUE, 0, 10, HistoryRead.free())
                        .list())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.reason()).isEqualTo("unreadable");
                    assertThat(row.detail()).startsWith("not a delivery");
                    assertThat(row.text()).contains("what is this");
                });
    }

    /** Parked first, so that it is met first by whoever brings parked deliveries back. */
    @Test
    void anUnreadableParkedMessageKeepsNobodyBehindItParked() throws Exception {
        bus.publish("opsbus.parked.gone.a", new Headers(), new byte[] {1}).join();
        Delivery gone = new Delivery(
                "gone/a", "event-1", null, "ops.x", 1, Instant.now().minusSeconds(600), null, null, new byte[] {2});
        parts.park(gone, "opsbus-deliveries:7");
        HookSet before = registry.current();
        registry.swap(new HookSet(Map.of("gone/a", before.byId().get(HOOK)), before.index(), Set.of(), false));
        registry.swap(before); // now it was removed
        delivering();
        ReturningDeliveries returning = parts.returning(registry, parts.dispatcher(registry, delivery), delivery);
        for (int i = 0; i < 2; i++) { // a look that meets what is no delivery leaves the rest to the next one
            returning.look();
        }
        assertThat(count(Streams.PARKED)).isZero();
        await().atMost(PATIENCE).until(() -> count(Streams.DEADLETTERS) == 2);
        assertThat(parts.deadLetters(reads, registry)
                        .list(DeadLetterChoice.ALL, Long.MAX_VALUE, 0, 10, HistoryRead.free())
                        .list())
                .extracting(DeadLetter::reason)
                .containsExactlyInAnyOrder("unreadable", "hook-removed");
    }

    @Test
    void ofWhatNoDeadLetterCanBeMadeIsCountedAndTold() throws Exception {
        Headers headers = new Headers();
        for (int i = 0; i < 600; i++) {
            headers.put("X-" + i, "v".repeat(150)); // not one of them is long
        }
        headers.put(NatsJetStreamConstants.MSG_ID_HDR, "id");
        assertThat(letters.store("default.a", headers, new byte[0]).join()).isNull();
        assertThat(metrics.get("opsbus.deadletters.lost").counter().count()).isEqualTo(1);
    }
}
