package routes.hooks.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.SeldomLog;

/**
 * Says and counts what is given up: every dead letter in the metrics, and in the log at most one line in ten seconds
 * for each hook and reason, with their number.
 */
final class DeadLetterLog {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);

    private final MeterRegistry registry;
    private final AttemptLog attempts;
    private final SeldomLog log = new SeldomLog();

    DeadLetterLog(MeterRegistry registry, AttemptLog attempts) {
        this.registry = registry;
        this.attempts = attempts;
    }

    void buried(Delivery delivery, Failed why) {
        attempts.gaveUp(delivery, why);
        registry.counter(HookMetrics.DEAD_LETTERED, "hook", delivery.hook(), "reason", why.reason())
                .increment();
        log.say(
                delivery.hook() + " " + why.reason(),
                more -> LOG.warn(
                        "hook {}: event {} is a dead letter after attempt {}: {} ({}){}",
                        delivery.hook(),
                        delivery.eventId(),
                        delivery.attempt(),
                        why.reason(),
                        why.detail(),
                        more));
    }
}
