package routes.nats.history;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast history may be read: at full speed while the bus has little to do, else for a small share of the time, all
 * readers together. What was not used of it is saved up for a short while, so that one query is answered at once all
 * the same.
 */
final class HistoryPace {

    /** Messages a second that come for the router and delivery, from which on the bus counts as busy. */
    private static final long BUSY = 200;

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final long SAVED_SECONDS = 20;

    private final LongSupplier received;
    private final LongSupplier clock;
    private final Bucket allowance;
    private long seen;
    private long seenAt;
    private boolean busy;

    /**
     * @param share of each second, while the bus is busy
     * @param received messages of the bus so far
     * @param clock nanoseconds
     */
    HistoryPace(Duration share, LongSupplier received, LongSupplier clock) {
        long micros = TimeUnit.NANOSECONDS.toMicros(share.toNanos());
        this.allowance = Bucket.builder()
                .addLimit(limit -> limit.capacity(SAVED_SECONDS * micros).refillGreedy(micros, Duration.ofSeconds(1)))
                .build();
        this.received = received;
        this.clock = clock;
        this.seenAt = clock.getAsLong();
        this.seen = received.getAsLong();
    }

    /** How long to rest after reading for so long; both in nanoseconds. */
    long restAfter(long nanos) {
        return isBusy() && nanos > 0
                ? allowance.consumeIgnoringRateLimits(Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos)))
                : 0;
    }

    synchronized boolean isBusy() {
        long now = clock.getAsLong();
        long passed = now - seenAt;
        if (passed >= LOOK_EVERY.toNanos()) {
            long count = received.getAsLong();
            busy = (count - seen) * TimeUnit.SECONDS.toNanos(1) / passed >= BUSY;
            seen = count;
            seenAt = now;
        }
        return busy;
    }
}
