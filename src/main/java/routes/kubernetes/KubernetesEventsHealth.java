package routes.kubernetes;

import java.time.Duration;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/** Down when a cluster is configured and its events have not been watched for a minute. */
@Component
public class KubernetesEventsHealth extends AbstractHealthIndicator {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KubernetesAccess access;
    private final WatchStatus status;

    public KubernetesEventsHealth(KubernetesAccess access, WatchStatus status) {
        this.access = access;
        this.status = status;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        if (!access.isConfigured()) {
            health.up().withDetail("configured", false);
            return;
        }
        health.status(status.notWatchingFor().compareTo(PATIENCE) > 0 ? "DOWN" : "UP")
                .withDetail("watching", status.isWatching());
        status.lastEventAge().ifPresent(age -> health.withDetail("ageOfLastEvent", age.toSeconds()));
    }
}
