package routes.api.rest;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Threads that may wait for bodies at the same time: for those of one address, and in all less than there are, so that
 * others are served meanwhile.
 */
final class BodyPlaces {

    /** For a client whose bodies come a moment after their headers, and many at once. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final int perAddress;
    private final int inAll;
    private final Map<InetAddress, Integer> taken = new HashMap<>();
    private int allTaken;

    BodyPlaces(int perAddress, int inAll) {
        this.perAddress = perAddress;
        this.inAll = inAll;
    }

    /** @return false: there is none */
    synchronized boolean take(InetAddress address) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (allTaken >= inAll || taken.getOrDefault(address, 0) >= perAddress) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        allTaken++;
        taken.merge(address, 1, Integer::sum);
        return true;
    }

    synchronized void leave(InetAddress address) {
        allTaken--;
        taken.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }
}
