package routes.hooks;

import java.time.Instant;
import routes.hooks.http.Failure;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Origin;

/**
 * A hook as it is now, or one that can't run.
 *
 * @param id {@code namespace/name}, or a file
 * @param isHook false for something in the hooks folder that can't be read or names no hook: then the id is its file
 * @param hook what runs; null when nothing does
 * @param url of what runs, without what may be secret; null when nothing does
 * @param source where it is written
 * @param problem why it is rejected or, when it runs, why its newest version is; null when there is none. One problem a
 *     line
 * @param paused by whom, null when it is not
 * @param matched events, since this process started; so are delivered and dead
 * @param pending deliveries that wait, of all replicas
 * @param failingSince the first attempt in this process that failed after the last one that succeeded; null when the
 *     last one succeeded
 * @param lastFailure of the last attempt in this process that failed; null when none did
 */
public record HookState(
        String id,
        boolean isHook,
        EventHook hook,
        String url,
        Origin source,
        String problem,
        PausedBy paused,
        long matched,
        long delivered,
        long pending,
        long dead,
        Instant failingSince,
        LastFailure lastFailure) {

    /** An attempt that failed, and when. */
    public record LastFailure(Instant at, Failure failure) {

        /** @param toOperator whether what an endpoint answered is shown too */
        public String text(boolean toOperator) {
            String detail = toOperator
                    ? failure.detail()
                    : Failure.detailForReaders(failure.reason(), failure.status(), failure.detail());
            return at + " " + failure.reason() + (detail.isEmpty() ? "" : ": " + detail);
        }
    }

    public enum PausedBy {
        AUTHOR("author"),
        OPERATOR("operator"),
        /** Or suspended, there or over JMX; the other replicas go on. */
        HAWTIO("stopped in Hawtio, this replica");

        private final String words;

        PausedBy(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    public boolean accepted() {
        return hook != null;
    }
}
