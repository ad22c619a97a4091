package routes.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** How the watch of the cluster's events goes, for health and metrics. */
public final class WatchStatus {

    private final Clock clock;
    private final AtomicLong published = new AtomicLong();
    private volatile boolean watching;
    private volatile Instant changed;
    private volatile Instant lastEvent;
    private volatile Supplier<Instant> publishedUpTo;

    public WatchStatus(Clock clock) {
        this.clock = clock;
        this.changed = clock.instant();
    }

    public boolean isWatching() {
        return watching;
    }

    /** Zero while watching. */
    public Duration notWatchingFor() {
        return watching ? Duration.ZERO : Duration.between(changed, clock.instant());
    }

    /** The time since the API server last told of an event, empty when it has not yet. */
    public Optional<Duration> lastEventAge() {
        Instant last = lastEvent;
        return last == null ? Optional.empty() : Optional.of(Duration.between(last, clock.instant()));
    }

    /** Events stored by NATS that it did not have already. */
    public long published() {
        return published.get();
    }

    /** How long the oldest event waits that came and is not published; zero when none does. */
    public Duration unpublishedFor() {
        Instant now = clock.instant();
        Supplier<Instant> upTo = publishedUpTo;
        Duration waits = upTo == null ? Duration.ZERO : Duration.between(upTo.get(), now);
        return waits.isNegative() ? Duration.ZERO : waits;
    }

    /** @param upTo all events that came before that moment are published; null: nobody publishes */
    void publishing(Supplier<Instant> upTo) {
        publishedUpTo = upTo;
    }

    void watching(boolean now) {
        if (watching != now) {
            changed = clock.instant();
            watching = now;
        }
    }

    void eventSeen() {
        lastEvent = clock.instant();
    }

    void eventPublished() {
        published.incrementAndGet();
    }
}
