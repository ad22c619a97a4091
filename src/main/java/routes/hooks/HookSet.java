package routes.hooks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import routes.hooks.match.HookIndex;
import routes.hooks.spec.EventHook;

/**
 * The hooks that run, as one immutable value: whoever holds it sees one consistent set.
 *
 * @param byId running hooks
 * @param index decides which of them want an event
 * @param rejected hooks that exist but can't run because of a mistake in them and never ran in this process, or are put
 *     aside
 * @param blind some source of hooks can't be read, so that a hook that is not here may exist all the same
 */
record HookSet(Map<String, Hook> byId, HookIndex index, Set<String> rejected, boolean blind) {

    static final HookSet NONE = new HookSet(Map.of(), new HookIndex(List.of()), Set.of(), true);

    Optional<Hook> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The index asks this hook no more. */
    HookSet without(EventHook hook) {
        return new HookSet(byId, index.without(hook), rejected, blind);
    }

    /** Whether a hook that does not run is there all the same, so that what waits for it must go on waiting. */
    boolean mayExist(String id) {
        return rejected.contains(id) || blind;
    }
}
