package routes.hooks.match;

import java.time.Duration;

/** An expression of a hook took more CPU time than it may; whether it would have found something nobody knows. */
public final class MatchTooSlowException extends RuntimeException {

    private final transient Duration took;

    MatchTooSlowException(Duration took) {
        super("its expressions were given up after " + took.toMillis() + " ms of CPU time", null, false, false);
        this.took = took;
    }

    /** CPU time of the thread, by the one expression. */
    Duration took() {
        return took;
    }
}
