package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.StorageType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.DeliveryParts;
import routes.hooks.delivery.DeliveryProperties;
import routes.hooks.delivery.Dispatcher;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.sources.CamelRouteFiles;
import routes.hooks.sources.HookFiles;
import routes.hooks.sources.HookResources;
import routes.hooks.sources.WrittenHooks;
import routes.hooks.spec.EndpointRules;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookTypes;
import routes.hooks.spec.Hooks;
import routes.nats.DeadLetterStream;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.OpsNatsComponent;
import routes.nats.Streams;
import routes.nats.StreamsProperties;

@ExtendWith(OutputCaptureExtension.class)
class HookLifecycleTest {

    private static final StreamsProperties SHAPE = new StreamsProperties(
            StorageType.File,
            1,
            Duration.ofDays(1),
            Duration.ofMinutes(70),
            Duration.ofDays(1),
            1_000,
            1_000,
            1_000,
            Duration.ofDays(1),
            1_000);
    private static final DeliveryProperties DELIVERY = new DeliveryProperties(
            List.of(Duration.ofSeconds(1)), Duration.ofDays(1), 8, DataSize.ofMegabytes(1), 512, Duration.ofMinutes(1));

    private static final DeliveryProperties ONE_BY_ONE = new DeliveryProperties(
            List.of(Duration.ofSeconds(1)), Duration.ofDays(1), 1, DataSize.ofMegabytes(1), 512, Duration.ofMinutes(1));
    private static final String COLLECT = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: {name: collect}
            spec:
              definition: {title: Test}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - process: {ref: collected}
            """;
    private static final byte[] EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"test\",\"type\":\"Kube\",\"data\":{}}"
                    .getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path store;

    private static NatsServer server;
    private static NatsBus bus;

    private final Semaphore rounds = new Semaphore(1_000);
    private final AtomicLong now = new AtomicLong();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    /** Those of a cluster, each look at which takes a permit. */
    private final HookResources resources = new HookResources() {
        @Override
        public Optional<Map<String, String>> current() {
            rounds.acquireUninterruptibly();
            return Optional.of(Map.of());
        }

        @Override
        public void report(String id, List<HookProblem> problems, boolean runs) {
            throw new IllegalStateException("there are none");
        }
    };

    @BeforeAll
    static void startNats() throws Exception {
        server = new NatsServer(store);
        bus = server.bus();
    }

    @AfterAll
    static void stopNats() throws Exception {
        bus.close();
        server.close();
    }

    private HookLifecycle lifecycle(Path folder, DefaultCamelContext camel, HookRegistry registry) {
        return lifecycle(folder, camel, registry, delivery().dispatcher(registry, DELIVERY));
    }

    private DeliveryParts delivery() {
        return new DeliveryParts(bus, new DeadLetterStream(bus, metrics), metrics);
    }

    private HookLifecycle lifecycle(
            Path folder, DefaultCamelContext camel, HookRegistry registry, Dispatcher deliveries) {
        PausedHooks paused = new PausedHooks(new KeyValueState(bus, SHAPE), bus);
        HookReconciler reconciler = new HookReconciler(
                new HookFiles(folder, Duration.ZERO, System::nanoTime),
                resources,
                new WrittenHooks(HookTypes.builtIn(), EndpointRules.defaults(), hook -> Optional.empty(), name -> null),
                registry,
                new HookRoutes(camel),
                new CamelRouteFiles(camel),
                id -> new HookReconciler.HookBirth(new HookMetrics(metrics, id), () -> false));
        HookWatch watch = new HookWatch(bus, registry, paused, delivery().returning(registry, deliveries, DELIVERY));
        return new HookLifecycle(
                camel, reconciler, registry, paused, watch, deliveries, metrics, Duration.ofMillis(10), now::get);
    }

    @Test
    void whoCanNotKeepUpWithTheHooksIsNotReady(@TempDir Path folder) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            HookLifecycle hooks = lifecycle(folder, camel, new HookRegistry());
            hooks.start();
            await().until(() -> hooks.health().getStatus().equals(Status.UP));

            now.addAndGet(Duration.ofSeconds(29).toNanos());
            assertThat(hooks.health().getStatus()).isEqualTo(Status.UP);
            await().until(() -> behind() == 0);
            rounds.drainPermits();
            await().until(() -> rounds.getQueueLength() == 1);
            now.addAndGet(Duration.ofSeconds(31).toNanos());
            assertThat(hooks.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(hooks.health().getDetails().get("behind")).asString().contains("31 s ago");
            assertThat(behind()).isEqualTo(31);

            rounds.release(1_000);
            await().until(() -> hooks.health().getStatus().equals(Status.UP));
            hooks.stop();
        }
    }

    @Test
    void itSaysHowManyRunHowManyAreRejectedAndHowManyOfThoseAreSlow(@TempDir Path folder, CapturedOutput log)
            throws Exception {
        rounds.release(1_000_000);
        for (int some = 1; some <= 2; some++) {
            String name = "n" + some;
            Files.writeString(
                    folder.resolve("good-" + some + ".yaml"), Hooks.file().replace("name: a", "name: good-" + name));
            Files.writeString(
                    folder.resolve("bad-" + some + ".yaml"),
                    Hooks.file("no url:").replace("name: a", "name: bad-" + name));
            HookRegistry registry = new HookRegistry();
            try (DefaultCamelContext camel = new DefaultCamelContext()) {
                camel.disableJMX();
                camel.getComponent("kamelet", KameletComponent.class).setLocation("classpath:camel/types");
                camel.start();
                HookLifecycle hooks = lifecycle(folder, camel, registry);
                hooks.start();
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> hooks.health().getStatus().equals(Status.UP));
                String ready = some == 1 ? "ready: 1 hook runs, 1 is rejected" : "ready: 2 hooks run, 2 are rejected";
                await().until(() -> log.getAll().contains(ready));
                assertThat(hooks.health().getDetails())
                        .containsEntry("running", some)
                        .containsEntry("rejected", (long) some)
                        .doesNotContainKey("putAside");

                EventHook slow =
                        registry.current().byId().get("default/good-" + name).spec();
                registry.putAside(slow, new HookProblem(slow.origin(), slow.id(), "spec.keywords: slow"));
                int rejected = some + 1;
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(
                                () -> assertThat(hooks.health().getDetails())
                                        .containsEntry("running", rejected - 2)
                                        .containsEntry("rejected", (long) rejected)
                                        .containsEntry(
                                                "putAside",
                                                "1 of the rejected, since their expressions took too long; GET /api/v1/hooks says which"));
                hooks.stop();
            }
        }
    }

    /**
     * A thousand routes take their time. What is read meanwhile waits for its hook's, in order: not on the ladder, and
     * nobody else waits for it.
     */
    @Test
    void itIsReadyWhenTheIndexStandsAndDeliveriesWaitForTheirRoutes(@TempDir Path folder) throws Exception {
        rounds.release(1_000_000);
        Files.createDirectories(folder.resolve("types"));
        Files.writeString(folder.resolve("types/collect.kamelet.yaml"), COLLECT);
        Files.writeString(folder.resolve("a.yaml"), Hooks.file().replace("type: webhook", "type: collect"));
        Streams streams = new Streams(bus, SHAPE);
        streams.ensure();
        CountDownLatch mayCome = new CountDownLatch(1);
        List<String> delivered = new CopyOnWriteArrayList<>();
        HookRegistry registry = new HookRegistry();
        DeliveryParts parts = delivery();
        try (DefaultCamelContext camel = new DefaultCamelContext() {
            @Override
            public void addRoutes(RoutesBuilder routes) throws Exception {
                if (Thread.currentThread().getName().equals("hook-reconciler")) {
                    mayCome.await();
                }
                super.addRoutes(routes);
            }
        }) {
            camel.disableJMX();
            camel.getComponent("kamelet", KameletComponent.class).setLocation("file:" + folder.resolve("types"));
            camel.addComponent("nats", new OpsNatsComponent(bus, streams));
            camel.getRegistry().bind("collected", (Processor)
                    exchange -> delivered.add(exchange.getVariable("deliveryId", String.class)));
            parts.addRoutes(camel, registry, ONE_BY_ONE);
            camel.start();
            HookLifecycle hooks = lifecycle(
                    folder, camel, registry, camel.getRegistry().lookupByNameAndType("dispatcher", Dispatcher.class));
            hooks.start();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> hooks.health().getStatus().equals(Status.UP));
            List<String> stored = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                parts.deliver(
                        new Delivery("default/a", "event-" + i, null, "ops.x", 1, Instant.now(), null, null, EVENT),
                        "ops:" + i);
                stored.add("event-" + i + "/default/a");
            }
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptionsInstanceOf(JetStreamApiException.class) // it is made soon
                    .until(() -> bus.management()
                                    .getConsumerInfo(Streams.DELIVERIES, "opsbus-delivery")
                                    .getNumAckPending()
                            == 20);
            assertThat(delivered).isEmpty();
            mayCome.countDown();

            await().atMost(Duration.ofMinutes(1)).until(() -> delivered.size() >= 20);
            assertThat(delivered).containsExactlyElementsOf(stored);
            assertThat(bus.management()
                            .getStreamInfo(Streams.RETRIES)
                            .getStreamState()
                            .getLastSequence())
                    .isZero();
            hooks.stop();
        }
    }

    private double behind() {
        return metrics.get("opsbus.hooks.behind").gauge().value();
    }
}
