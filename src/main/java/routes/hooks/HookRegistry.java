package routes.hooks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the {@link Hooks} of the moment; the reconciler swaps them. */
final class HookRegistry {

    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    private volatile Hooks current = Hooks.NONE;

    Hooks current() {
        return current;
    }

    void swap(Hooks next) {
        current.byId().keySet().stream().filter(id -> !next.byId().containsKey(id)).forEach(removed::add);
        removed.removeAll(next.byId().keySet());
        current = next;
    }

    /** Whether the hook ran in this process and was removed since. */
    boolean wasRemoved(String id) {
        return removed.contains(id);
    }
}
