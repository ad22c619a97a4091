package routes.hooks.match;

import java.time.Duration;
import java.util.function.LongSupplier;

/** As much as was saved up, and it comes back with time: a token bucket of CPU time. Full at first. */
final class CpuBucket implements CpuAllowance {

    private final long burst;
    private final int part;
    private final LongSupplier nanoTime;
    private long left;
    private long at;

    /** @param part which part of a core comes back: 20 is a twentieth */
    CpuBucket(Duration burst, int part, LongSupplier nanoTime) {
        this.burst = burst.toNanos();
        this.part = part;
        this.nanoTime = nanoTime;
        this.left = this.burst;
        this.at = nanoTime.getAsLong();
    }

    @Override
    public synchronized boolean spend(long nanos) {
        long now = nanoTime.getAsLong();
        left = Math.min(burst, left + (now - at) / part) - nanos;
        at = now;
        return left > 0;
    }

    boolean isFull() {
        spend(0);
        return left == burst;
    }
}
