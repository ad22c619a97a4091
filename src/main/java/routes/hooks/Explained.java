package routes.hooks;

import java.util.List;
import routes.hooks.delivery.Attempt;

/**
 * What became of an event at one hook.
 *
 * @param hook {@code namespace/name}
 * @param type null when the hook does not run
 * @param fires whether the hook as it is now wants the event
 * @param why the clause that decided, as {@code opsbus match} says it; {@code rejected: …} or {@code removed} for a
 *     hook that does not run
 * @param target where it goes: the subject for {@code type: event}, else the url without what may be secret; null when
 *     it does not fire
 * @param published for {@code type: event} the id of the event that it publishes for this one, else null
 * @param attempts in their order
 */
public record Explained(
        String hook,
        String type,
        boolean fires,
        String why,
        String target,
        State state,
        String published,
        List<Attempt> attempts) {

    public enum State {
        /** It does not fire. */
        NONE,
        /** It waits for the router, for its first or next attempt, or until its hook is resumed. */
        PENDING,
        DELIVERED,
        /** It is in the dead letters. */
        DEAD,
        /**
         * Nothing waits for the hook and no attempt is on record: the hook is younger than the event, or the record is
         * gone.
         */
        UNKNOWN
    }
}
