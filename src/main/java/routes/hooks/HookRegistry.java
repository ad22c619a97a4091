package routes.hooks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the {@link HookSet} of the moment; the reconciler swaps them. */
final class HookRegistry {

    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    private volatile HookSet current = HookSet.NONE;

    HookSet current() {
        return current;
    }

    void swap(HookSet next) {
        current.byId().keySet().stream().filter(id -> !next.byId().containsKey(id)).forEach(removed::add);
        removed.removeAll(next.byId().keySet());
        current = next;
    }

    /** Whether the hook ran in this process and was removed since. */
    boolean wasRemoved(String id) {
        return removed.contains(id);
    }
}
