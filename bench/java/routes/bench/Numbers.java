package routes.bench;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers for the ids of events: none is used twice in a run. */
final class Numbers {

    private final AtomicLong next = new AtomicLong();

    /**
     * The first of {@code count} numbers in a row; it divides by 10,000, so that each round begins with the same event.
     */
    long take(long count) {
        return next.getAndUpdate(first -> (first + count + 9_999) / 10_000 * 10_000);
    }
}
