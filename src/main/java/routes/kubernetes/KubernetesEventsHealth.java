package routes.kubernetes;

import java.time.Duration;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/**
 * Down when a cluster is configured and its events have not been watched for a minute, or come and have not been
 * published for two.
 */
@Component
public class KubernetesEventsHealth extends AbstractHealthIndicator {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PUBLISHING_PATIENCE = Duration.ofMinutes(2);

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
        Duration unpublished = status.unpublishedFor();
        boolean stuck = unpublished.compareTo(PUBLISHING_PATIENCE) > 0;
        health.status(stuck || status.notWatchingFor().compareTo(PATIENCE) > 0 ? "DOWN" : "UP")
                .withDetail("watching", status.isWatching());
        if (stuck) {
            health.withDetail(
                    "publishing",
                    "events come, and one of " + unpublished.toSeconds()
                            + " seconds ago is not published: the log says why");
        }
        status.lastEventAge().ifPresent(age -> health.withDetail("ageOfLastEvent", age.toSeconds()));
    }
}
