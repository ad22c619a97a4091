package routes.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits for something without which a measurement can't go on. On a busy machine everything may come late, so what it
 * waits for is said.
 */
final class Needed {

    private static final long POLL_MS = 20;
    private static final long SAY_AFTER = TimeUnit.SECONDS.toNanos(10);

    /** A server that can't answer yet is as one that says no. */
    interface Condition {
        boolean isMet() throws Exception;
    }

    private Needed() {}

    /** @throws BenchFailure when it is not there after {@code atMost}, saying what, and what was in the way */
    static void await(String what, Duration atMost, Condition there) throws InterruptedException {
        long start = System.nanoTime();
        long said = start;
        Exception inTheWay = null;
        while (true) {
            try {
                if (there.isMet()) {
                    return;
                }
                inTheWay = null;
            } catch (InterruptedException | BenchFailure e) {
                throw e;
            } catch (Exception e) {
                inTheWay = e;
            }
            long now = System.nanoTime();
            if (now - start > atMost.toNanos()) {
                throw new BenchFailure(
                        "after " + atMost.toSeconds() + " s there is no " + what
                                + (inTheWay == null ? "" : ": " + inTheWay.getMessage()),
                        inTheWay);
            }
            if (now - said > SAY_AFTER) {
                System.err.println("opsbus bench: waiting for " + what + " for "
                        + TimeUnit.NANOSECONDS.toSeconds(now - start) + " s");
                said = now;
            }
            Thread.sleep(POLL_MS);
        }
    }
}
