package routes.nats.history;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request that reads history, perhaps several streams: what it has cost so far, and whether anybody still waits for
 * it. Its methods are for the thread that reads.
 */
public final class HistoryRead {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** On a machine that is busy with something else, too, a step takes long: a request must get on all the same. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final HistoryPace pace;
    private final long mostMessages;
    private final long mostBytes;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile boolean begun;
    private long charged;
    private long rested;
    private long messages;
    private long bytes;

    HistoryRead(HistoryPace pace, long mostMessages, long mostBytes) {
        this.pace = pace;
        this.mostMessages = mostMessages;
        this.mostBytes = mostBytes;
    }

    /** As much as there is, as fast as it goes, and nobody cancels it. */
    public static HistoryRead free() {
        return new HistoryRead(null, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** From any thread: who reads stops at the next message. */
    void cancel() {
        cancelled.countDown();
    }

    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Something that reads. */
    public interface Step<T, E extends Exception> {
        T run() throws IOException, InterruptedException, E;
    }

    /**
     * Does one step, which should take milliseconds, and rests for it where the bus has much to do.
     *
     * @throws CancellationException when nobody waits for the answer any more
     */
    public <T, E extends Exception> T step(Step<T, E> step) throws IOException, InterruptedException, E {
        stopWhenCancelled();
        long start = System.nanoTime();
        T result = step.run();
        rest(System.nanoTime() - start);
        return result;
    }

    /** Whether the bus has so much to do that steps may be followed by rests. */
    boolean mustRest() {
        return pace != null && pace.isBusy();
    }

    private void rest(long worked) throws InterruptedException {
        long nanos = pace == null ? 0 : pace.restAfter(worked);
        charged += worked;
        if (nanos > 0) {
            long start = System.nanoTime();
            long end = start + Math.min(nanos, LONGEST_REST.toNanos());
            for (long left = end - start;
                    left > 0
                            && pace.isBusy()
                            && !cancelled.await(Math.min(left, LOOK_EVERY.toNanos()), TimeUnit.NANOSECONDS);
                    left = end - System.nanoTime()) {
                // it may be quiet by now
            }
            rested += System.nanoTime() - start;
        }
        stopWhenCancelled();
    }

    /** What was done between the steps counts too, for those who read next. @param nanos since it began */
    void end(long nanos) {
        pace.restAfter(nanos - charged - rested);
    }

    private void stopWhenCancelled() {
        if (cancelled.getCount() == 0) {
            throw new CancellationException("nobody waits for it any more");
        }
    }

    /** Counts a message. @throws CancellationException as {@link #step} */
    void took(int size) {
        stopWhenCancelled();
        messages++;
        bytes += size;
    }

    /** How many messages more are its share, at least 0. */
    long messagesLeft() {
        return bytes >= mostBytes ? 0 : Math.max(0, mostMessages - messages);
    }

    /** The limit that was reached, for people; null: none. */
    String spent() {
        return messages >= mostMessages
                ? mostMessages + " messages (opsbus.history.max-messages)"
                : bytes >= mostBytes ? mostBytes + " bytes (opsbus.history.max-bytes)" : null;
    }
}
