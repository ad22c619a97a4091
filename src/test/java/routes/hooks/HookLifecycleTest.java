package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.api.StorageType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Status;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.StreamsProperties;

class HookLifecycleTest {

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

    @Test
    void whoCanNotKeepUpWithTheHooksIsNotReady(@TempDir Path folder) throws Exception {
        Duration day = Duration.ofDays(1);
        StreamsProperties shape = new StreamsProperties(StorageType.File, 1, day, Duration.ofMinutes(70), day, 1_000, 1_000, 1_000, day, 1_000);
        DeliveryProperties delivery = new DeliveryProperties(List.of(Duration.ofSeconds(1)), day, 8, 512, Duration.ofMinutes(1));
        try (NatsServer server = new NatsServer(folder.resolve("nats")); NatsBus bus = server.bus(); DefaultCamelContext camel = new DefaultCamelContext()) {
            HookRegistry registry = new HookRegistry();
            PausedHooks paused = new PausedHooks(new KeyValueState(bus, shape), bus);
            HookReconciler reconciler = new HookReconciler(new HookFiles(folder.resolve("hooks"), Duration.ZERO, System::nanoTime), resources, Hooks.TYPES,
                    EndpointRules.defaults(), hook -> Optional.empty(), registry, new HookRoutes(camel), new CamelRouteFiles(camel), id -> null, name -> null);
            Caretaker caretaker = new Caretaker(bus, registry, null, paused, RetryLevel.ladder(delivery.retryLevels()), position -> false, delivery);
            HookLifecycle hooks = new HookLifecycle(camel, reconciler, registry, paused, caretaker, metrics, Duration.ofMillis(10), now::get);
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

    private double behind() {
        return metrics.get("opsbus.hooks.behind").gauge().value();
    }
}
