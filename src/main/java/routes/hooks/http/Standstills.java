package routes.hooks.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When this process did not run: it was stopped (SIGSTOP, a debugger, a frozen container) or got no processor. A thread
 * that looks at the clock ten times a second tells, by the looks that it missed. What ran into a timeout meanwhile says
 * nothing about the other side.
 */
public final class Standstills implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Standstills.class);
    private static final long BEAT_MS = 100;
    /** A busy machine delays a look by less. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final int KEPT = 64;

    private final LongSupplier nanoTime;
    private final Deque<Gap> gaps = new ArrayDeque<>();
    private final Thread thread = new Thread(this::watch, "standstills");
    private long lastLook;

    private record Gap(long from, long to) {

        long within(long began, long ended) {
            long first = from - began > 0 ? from : began; // a difference, since the clock may overflow
            long last = to - ended < 0 ? to : ended;
            return Math.max(0, last - first);
        }
    }

    /** @param nanoTime {@code System::nanoTime} */
    public Standstills(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastLook = nanoTime.getAsLong();
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void watch() {
        while (!thread.isInterrupted()) {
            look();
            try {
                Thread.sleep(BEAT_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    synchronized void look() {
        long now = nanoTime.getAsLong();
        if (now - lastLook >= SHORTEST.toNanos()) {
            gaps.add(new Gap(lastLook, now));
            if (gaps.size() > KEPT) {
                gaps.remove();
            }
            LOG.warn(
                    "this process did not run for {} ms; what timed out meanwhile is tried again and not held against its endpoint",
                    (now - lastLook) / 1_000_000);
        }
        lastLook = now;
    }

    /** For how much of the time from {@code began} to {@code ended}, readings of the same clock, it did not run. */
    synchronized Duration within(long began, long ended) {
        look(); // who asks may have woken earlier than the thread
        return Duration.ofNanos(
                gaps.stream().mapToLong(gap -> gap.within(began, ended)).sum());
    }

    /**
     * Whether nothing can be learnt from how long that took: for half of it or more the process did not run. On a
     * machine that is merely short of processors an endpoint that hangs is still told from one that does not.
     */
    public boolean spoilt(long began, long ended) {
        Duration gone = within(began, ended);
        return !gone.isZero() && gone.toNanos() >= (ended - began) / 2;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
