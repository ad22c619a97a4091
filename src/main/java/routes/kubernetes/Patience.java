package routes.kubernetes;

import java.time.Duration;

/**
 * How long something is waited for before it is begun anew: each time that did not help twice as long, up to a limit.
 */
public final class Patience {

    private final Duration least;
    private final Duration most;
    private volatile Duration now;

    public Patience(Duration least, Duration most) {
        this.least = least;
        this.most = most;
        this.now = least;
    }

    public boolean isOver(Duration waited) {
        return waited.compareTo(now) > 0;
    }

    /** It was begun anew. For one thread. */
    public void grow() {
        Duration twice = now.multipliedBy(2);
        now = twice.compareTo(most) < 0 ? twice : most;
    }

    /** It helped. */
    public void reset() {
        now = least;
    }
}
