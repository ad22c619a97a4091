package routes.hooks.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A hook's figures. Labels: {@code hook} (namespace/name), {@code reason} (a word from a small set). They go when the
 * hook goes, but for its dead letters.
 */
public final class HookMetrics {

    public static final String DEAD_LETTERED = "opsbus.hook.dead.lettered";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter matched;
    private final Counter delivered;
    private final Timer latency;
    private final Gauge waiting;
    private final AtomicLong pending = new AtomicLong();
    private final Map<String, Counter> failed = new ConcurrentHashMap<>(); // by reason

    public HookMetrics(MeterRegistry registry, String hook) {
        this.registry = registry;
        this.tags = Tags.of("hook", hook);
        matched = Counter.builder("opsbus.hook.matched")
                .description("events that this hook wants")
                .tags(tags)
                .register(registry);
        delivered = Counter.builder("opsbus.hook.delivered")
                .description("deliveries that the endpoint took")
                .tags(tags)
                .register(registry);
        latency = Timer.builder("opsbus.hook.delivery.latency")
                .description("from the event's time to the endpoint's answer")
                .tags(tags)
                .serviceLevelObjectives(
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1))
                .register(registry);
        waiting = Gauge.builder("opsbus.hook.pending", pending, AtomicLong::get)
                .description("deliveries that wait: new, retried and parked")
                .tags(tags)
                .register(registry);
    }

    public void matched() {
        matched.increment();
    }

    /** @param sinceEvent from the event's time to now, or null when the event names no credible time */
    public void delivered(Duration sinceEvent) {
        delivered.increment();
        if (sinceEvent != null) {
            latency.record(sinceEvent);
        }
    }

    public void attemptFailed(String reason) {
        failed.computeIfAbsent(
                        reason, word -> registry.counter("opsbus.hook.attempts.failed", tags.and("reason", word)))
                .increment();
    }

    void pending(long deliveries) {
        pending.set(deliveries);
    }

    public long matchedSoFar() {
        return (long) matched.count();
    }

    public long deliveredSoFar() {
        return (long) delivered.count();
    }

    public long pendingNow() {
        return pending.get();
    }

    public void remove() {
        failed.values().forEach(registry::remove);
        Stream.of(matched, delivered, latency, waiting).forEach(registry::remove);
    }
}
