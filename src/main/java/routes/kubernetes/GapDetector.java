package routes.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Knows when the events were last watched, beyond restarts, and hence whether some can have expired unseen. One thread
 * only.
 */
final class GapDetector {

    private static final Duration WRITE_INTERVAL = Duration.ofSeconds(10);

    private final LastSeen stored;
    private final Duration eventTtl;
    private final Clock clock;
    private Instant lastSeen;
    private Instant lastWrite = Instant.MIN;

    GapDetector(LastSeen stored, Duration eventTtl, Clock clock) {
        this.stored = stored;
        this.eventTtl = eventTtl;
        this.clock = clock;
    }

    /**
     * To be asked when watching: what can't have been seen since the last time. Throws when {@link LastSeen} can't be
     * read.
     */
    Optional<Gap> gap() {
        Instant now = clock.instant();
        if (lastSeen == null) {
            lastSeen = stored.read().orElse(now);
        }
        Instant stillThere = now.minus(eventTtl);
        return lastSeen.isBefore(stillThere) ? Optional.of(new Gap(lastSeen, stillThere)) : Optional.empty();
    }

    /**
     * Nothing is missing up to now, or it has been said. Throws when {@link LastSeen} can't be written.
     *
     * @param safe up to when all is beyond this process, so that a restart has only to look from there
     */
    void seen(Instant safe) {
        lastSeen = clock.instant();
        if (lastWrite.equals(Instant.MIN) || !lastSeen.isBefore(lastWrite.plus(WRITE_INTERVAL))) {
            lastWrite = lastSeen; // also when it fails: NATS is away then, and asking more often does not help
            stored.write(safe);
        }
    }
}
