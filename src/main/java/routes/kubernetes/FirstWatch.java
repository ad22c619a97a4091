package routes.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Tells history from news. What was older than two minutes when the cluster was watched for the very first time is
 * history, now and at every later look: that moment is written down before the first event is published, so that a
 * crash in between changes nothing.
 */
final class FirstWatch {

    private static final Duration NEWS = Duration.ofMinutes(2);

    private final LastSeen seen;
    private final KubernetesProperties.FirstStart mode;
    private final Clock clock;
    private volatile Instant asked;
    private volatile Optional<Instant> begin;

    FirstWatch(LastSeen seen, KubernetesProperties.FirstStart mode, Clock clock) {
        this.seen = seen;
        this.mode = mode;
        this.clock = clock;
    }

    /**
     * Throws when it can't be known now, as long as NATS is away.
     *
     * @param happened when it happened, as the event says
     * @param written when the API server took it, null when that is not known: one of today may be dated last year, and
     *     is news
     */
    boolean isHistory(OffsetDateTime happened, OffsetDateTime written) {
        if (mode == KubernetesProperties.FirstStart.ALL || happened == null) {
            return false;
        }
        Optional<Instant> first = begin;
        if (first == null) {
            asked = asked == null ? clock.instant() : asked; // not when NATS is back
            first = seen.firstWatch(asked);
            begin = first;
        }
        return first.isPresent()
                && happened.toInstant().isBefore(first.get().minus(NEWS))
                && (written == null || !written.toInstant().isAfter(first.get()));
    }
}
