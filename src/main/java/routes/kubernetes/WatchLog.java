package routes.kubernetes;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a watch goes, in the log: one line when it begins, one for each trouble, one when that is over. Instead of
 * fabric8's stack traces.
 */
public final class WatchLog {

    private static final Logger LOG = LoggerFactory.getLogger(WatchLog.class);

    /** API servers close watches every few minutes; that is none of a reader's business. */
    private static final Duration CUT = Duration.ofSeconds(5);

    private final String what;
    private final String consequence;
    private final String whenForbidden;
    private String trouble;
    private boolean begun;
    private boolean stood;
    private boolean watching;
    private final LongSupplier nanos;
    private long since;

    /**
     * @param what what is watched
     * @param consequence what it means that it is not, a clause
     * @param whenForbidden what else can be done then, put behind the reason; may be empty
     */
    public WatchLog(String what, String consequence, String whenForbidden) {
        this(what, consequence, whenForbidden, System::nanoTime);
    }

    WatchLog(String what, String consequence, String whenForbidden, LongSupplier nanos) {
        this.what = what;
        this.consequence = consequence;
        this.whenForbidden = whenForbidden;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** A new list begins: as long as that takes, no connection is cut. */
    public synchronized void listing() {
        stood = false;
    }

    /** The connection stands, but the watch is dead. */
    public synchronized void silent(String reason) {
        trouble("silent", reason);
    }

    /** The API server lists, and its watch does not come to stand. */
    public synchronized void unwatched() {
        if (trouble == null) {
            trouble(
                    "unwatched",
                    "the API server lists them, and no watch stands; they are listed again every minute at the least. Where it is a rule of its own, allow the verb watch");
        }
    }

    public synchronized void failed(Throwable failure) {
        int code = ApiFailure.code(failure);
        trouble(
                code + "",
                ApiFailure.reason(failure) + (code == HttpURLConnection.HTTP_FORBIDDEN ? whenForbidden : ""));
    }

    /** To be called again and again with what is the case. */
    public synchronized void watching(boolean now) {
        if (now != watching) {
            watching = now;
            since = nanos.getAsLong();
        }
        stood |= now;
        if (now && (!begun || trouble != null)) {
            LOG.info(begun ? "Watching {} again" : "Watching {}", what);
            begun = true;
            trouble = null;
        } else if (!now && stood && trouble == null && nanos.getAsLong() - since > CUT.toNanos()) {
            trouble("cut", "the connection was cut and does not come back");
        }
    }

    /** @param kind what has been said already is not said again, though the words may differ from time to time */
    private void trouble(String kind, String reason) {
        if (!kind.equals(trouble)) {
            trouble = kind;
            LOG.warn("Can't watch {}: {}. Trying again; {}", what, reason, consequence);
        }
    }
}
