package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.api.StorageType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import routes.hooks.delivery.DeadLetter;
import routes.hooks.delivery.DeadLetterChoice;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.DeliveryParts;
import routes.hooks.delivery.DeliveryProperties;
import routes.hooks.delivery.Dispatcher;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.delivery.ReturningDeliveries;
import routes.hooks.match.HookIndex;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Hooks;
import routes.hooks.spec.Keywords;
import routes.nats.DeadLetterStream;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.OpsNatsComponent;
import routes.nats.Streams;
import routes.nats.StreamsProperties;
import routes.nats.history.HistoryProperties;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;

/**
 * A hook comes and goes while deliveries wait for it, on two replicas that see it at different times: whatever the
 * order, each delivery is delivered or a dead letter, and an attempt that is counted was made at the endpoint.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // its replicas are for all tests
class RemovedHookTest {

    private static final String HOOK = "default/a";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DELIVERIES = 200;
    private static final Duration DAY = Duration.ofDays(1);
    private static final DeliveryProperties DELIVERY = new DeliveryProperties(
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofMinutes(10)),
            DAY,
            4,
            DataSize.ofMegabytes(1),
            8,
            Duration.ofMinutes(2));

    private NatsServer server;
    private NatsBus bus;
    private Streams streams;
    private final List<Replica> replicas = new ArrayList<>();
    private final Map<String, List<String>> asked = new ConcurrentHashMap<>(); // attempts that the endpoint saw, by id
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final List<String> takenTwice = new CopyOnWriteArrayList<>();
    private int round;
    private volatile int fails; // of ten attempts

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        server = new NatsServer(home);
        bus = server.bus();
        streams = new Streams(
                bus,
                new StreamsProperties(
                        StorageType.Memory, 1, DAY, Duration.ofMinutes(70), DAY, 10_000, 10_000, 10_000, DAY, 10_000));
        streams.ensure();
        for (int i = 0; i < 2; i++) {
            replicas.add(new Replica());
        }
    }

    @BeforeEach
    void anew() throws Exception {
        for (Replica replica : replicas) {
            replica.add();
        }
        bus.management().purgeStream(Streams.DEADLETTERS);
        asked.clear();
        taken.clear();
        takenTwice.clear();
        round++;
    }

    @AfterAll
    void stop() throws Exception {
        for (Replica replica : replicas) {
            replica.camel.stop();
        }
        bus.close();
        server.close();
    }

    private final class Replica {
        private final DefaultCamelContext camel = new DefaultCamelContext();
        private final HookRegistry registry = new HookRegistry();
        private final HookRoutes routes = new HookRoutes(camel);
        private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        private final DeliveryParts parts = new DeliveryParts(bus, new DeadLetterStream(bus, metrics), metrics);
        private final Dispatcher dispatcher;
        private final ReturningDeliveries returning;

        private Replica() throws Exception {
            camel.addComponent("nats", new OpsNatsComponent(bus, streams));
            dispatcher = parts.addRoutes(camel, registry, DELIVERY);
            returning = parts.returning(registry, dispatcher, DELIVERY);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    routeTemplate("webhook").from("kamelet:source").process(RemovedHookTest.this::attempted);
                }
            });
            camel.start();
            add();
            for (Route route : camel.getRoutes()) {
                camel.getRouteController().startRoute(route.getId());
            }
        }

        private void add() throws Exception {
            if (!registry.runs(HOOK)) {
                EventHook spec = Hooks.hook("a", "ops.x.>", Keywords.NONE);
                Hook hook = new Hook(
                        spec, Hooks.TYPES.find("webhook").orElseThrow(), new HookMetrics(metrics, HOOK), () -> false);
                registry.swap(new HookSet(Map.of(HOOK, hook), new HookIndex(List.of(spec)), Set.of(), false));
                routes.add(hook);
                dispatcher.routesStand();
            }
        }

        private void remove() throws Exception {
            Hook hook = registry.find(HOOK).orElse(null);
            if (hook != null) {
                registry.swap(new HookSet(Map.of(), new HookIndex(List.of()), Set.of(), false));
                routes.remove(List.of(hook));
                dispatcher.routesStand();
            }
        }
    }

    private void attempted(Exchange exchange) throws Exception {
        String id = exchange.getVariable("deliveryId", String.class);
        asked.computeIfAbsent(id, first -> new CopyOnWriteArrayList<>())
                .add(exchange.getVariable("attempt", String.class));
        Thread.sleep(1); // as long as an endpoint takes
        if (Math.floorMod(7 * (id.hashCode() + asked.get(id).size()), 10) < fails) {
            throw new IllegalStateException("not now");
        }
        if (!taken.add(id)) {
            takenTwice.add(id);
        }
    }

    private void deliver(Instant notBefore) {
        for (int i = 0; i < DELIVERIES; i++) {
            byte[] event = ("{\"i\":" + i + "}").getBytes(StandardCharsets.UTF_8);
            replicas.get(0)
                    .parts
                    .deliver(
                            new Delivery(
                                    HOOK, round + "-" + i, null, "ops.x.y", 1, Instant.now(), notBefore, null, event),
                            "ops:" + i);
        }
    }

    private long count(String stream) throws Exception {
        return bus.management().getStreamInfo(stream).getStreamState().getMsgCount();
    }

    private void look() throws Exception {
        for (Replica replica : replicas) {
            replica.returning.look();
        }
    }

    private void awaitTheEnd() {
        await().atMost(PATIENCE).until(() -> {
            look();
            return count(Streams.DELIVERIES) + count(Streams.RETRIES) + count(Streams.PARKED) == 0;
        });
    }

    private Set<String> buried() throws Exception {
        try (HistoryReads reads =
                new HistoryReads(bus, new HistoryProperties(2, 16, 8, 200_000, DataSize.ofMegabytes(256), 1_000))) {
            reads.start();
            List<DeadLetter> all = replicas.get(0)
                    .parts
                    .deadLetters(reads, replicas.get(0).registry)
                    .list(DeadLetterChoice.ALL, Long.MAX_VALUE, 0, 1_000, HistoryRead.free())
                    .list();
            assertThat(all).extracting(DeadLetter::reason).allMatch("hook-removed"::equals);
            assertThat(all).hasSize((int) count(Streams.DEADLETTERS));
            Set<String> ids =
                    all.stream().map(letter -> letter.event() + "/" + HOOK).collect(Collectors.toSet());
            assertThat(ids).as("each once").hasSize(all.size());
            return ids;
        }
    }

    private void eachIsDeliveredOrADeadLetter() throws Exception {
        Set<String> buried = buried();
        assertThat(taken).as("of them dead letters").doesNotContainAnyElementsOf(buried);
        assertThat(takenTwice).isEmpty();
        Set<String> all = new HashSet<>(taken);
        all.addAll(buried);
        assertThat(all).hasSize(DELIVERIES);
        asked.forEach((id, attempts) -> assertThat(attempts)
                .as("attempts of %s", id)
                .isEqualTo(IntStream.rangeClosed(1, attempts.size())
                        .mapToObj(Integer::toString)
                        .toList()));
    }

    @Test
    void whatAReaderHoldsWhenTheHookIsBackIsDeliveredAndNoDeadLetter() throws Exception {
        deliver(Instant.now().plusSeconds(3));
        await().atMost(PATIENCE).until(() -> count(Streams.RETRIES) == DELIVERIES && count(Streams.DELIVERIES) == 0);
        for (Replica replica : replicas) {
            replica.remove();
        }
        replicas.get(0).returning.look();
        for (Replica replica : replicas) {
            replica.add();
        }
        awaitTheEnd();
        eachIsDeliveredOrADeadLetter();
    }

    @Test
    void whatWaitsForAHookThatStaysAwayIsADeadLetterAtOnceWhateverItsLevel() throws Exception {
        deliver(Instant.now().plusSeconds(3_000));
        await().atMost(PATIENCE).until(() -> count(Streams.RETRIES) == DELIVERIES);
        for (Replica replica : replicas) {
            replica.remove();
        }
        awaitTheEnd();
        eachIsDeliveredOrADeadLetter();
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverTheOrderEachIsDeliveredOrADeadLetter(long seed) throws Exception {
        Random random = new Random(seed);
        fails = 3; // never twice in a row
        deliver(null);
        for (int i = 0; i < 60; i++) {
            Replica replica = replicas.get(random.nextInt(2));
            switch (random.nextInt(4)) {
                case 0 -> replica.remove();
                case 1, 2 -> replica.add();
                default -> replica.returning.look();
            }
        }
        for (Replica replica : replicas) {
            replica.add();
        }
        fails = 0;
        awaitTheEnd();
        eachIsDeliveredOrADeadLetter();
    }
}
