package routes.bench;

import java.util.concurrent.locks.LockSupport;

/**
 * When each event of a steady stream is due.
 *
 * @param startNanos {@link System#nanoTime} at which the first one is
 * @param first its number
 */
record Pace(long startNanos, long first, int perSecond) {

    long dueAt(long number) {
        return startNanos + (number - first) * 1_000_000_000L / perSecond;
    }

    void awaitTurnOf(long number) {
        long due = dueAt(number);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
