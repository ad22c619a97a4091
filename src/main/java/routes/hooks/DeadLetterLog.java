package routes.hooks;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.hooks.DeliveryStore.Failed;

/** Says and counts what is given up: every dead letter in the metrics, and in the log at most one line in ten seconds for each hook and reason, with their number. */
final class DeadLetterLog {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);
    private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

    private final MeterRegistry registry;
    private final AttemptLog attempts;
    private final Map<String, Said> said = new ConcurrentHashMap<>();

    /** @param unsaid dead letters since the last line */
    private record Said(long at, int unsaid) {}

    DeadLetterLog(MeterRegistry registry, AttemptLog attempts) {
        this.registry = registry;
        this.attempts = attempts;
    }

    void buried(Delivery delivery, Failed why) {
        attempts.gaveUp(delivery, why);
        registry.counter(HookMetrics.DEAD_LETTERED, "hook", delivery.hook(), "reason", why.reason()).increment();
        long now = System.nanoTime();
        said.compute(delivery.hook() + " " + why.reason(), (key, last) -> {
            if (last != null && now - last.at < QUIET) {
                return new Said(last.at, last.unsaid + 1);
            }
            LOG.warn("hook {}: event {} is a dead letter after attempt {}: {} ({}){}", delivery.hook(), delivery.eventId(), delivery.attempt(),
                    why.reason(), why.detail(), last == null || last.unsaid == 0 ? "" : "; and " + last.unsaid + " more since the last such line");
            return new Said(now, 0);
        });
    }
}
