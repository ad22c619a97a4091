package routes.kubernetes;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a watch goes, in the log: one line when it begins, one for each trouble, one when that is over. Instead of fabric8's stack traces. */
public final class WatchLog {

    private static final Logger log = LoggerFactory.getLogger(WatchLog.class);

    /** API servers close watches every few minutes; that is none of a reader's business. */
    private static final Duration CUT = Duration.ofSeconds(5);

    private final String what;
    private final String consequence;
    private String trouble;
    private boolean begun;
    private boolean watching;
    private long since = System.nanoTime();

    /**
     * @param what        what is watched
     * @param consequence what it means that it is not, a clause
     */
    public WatchLog(String what, String consequence) {
        this.what = what;
        this.consequence = consequence;
    }

    public synchronized void failed(Throwable failure) {
        trouble(ApiFailure.code(failure) + "", ApiFailure.reason(failure));
    }

    /** To be called again and again with what is the case. */
    public synchronized void watching(boolean now) {
        if (now != watching) {
            watching = now;
            since = System.nanoTime();
        }
        if (now && (!begun || trouble != null)) {
            log.info(begun ? "Watching {} again" : "Watching {}", what);
            begun = true;
            trouble = null;
        } else if (!now && trouble == null && System.nanoTime() - since > CUT.toNanos()) {
            trouble("cut", "the connection was cut and does not come back");
        }
    }

    /** @param kind what has been said already is not said again, though the words may differ from time to time */
    private void trouble(String kind, String reason) {
        if (!kind.equals(trouble)) {
            trouble = kind;
            log.warn("Can't watch {}: {}. Trying again; {}", what, reason, consequence);
        }
    }
}
