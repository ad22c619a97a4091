package routes.hooks;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the {@link HookSet} of the moment; the reconciler swaps them. */
final class HookRegistry {

    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    private volatile HookSet current = HookSet.NONE;
    private volatile List<HookProblem> problems = List.of();

    HookSet current() {
        return current;
    }

    void swap(HookSet next) {
        current.byId().keySet().stream().filter(id -> !next.byId().containsKey(id)).forEach(removed::add);
        removed.removeAll(next.byId().keySet());
        current = next;
    }

    /** Why something that is written does not run as it is written now. */
    List<HookProblem> problems() {
        return problems;
    }

    void problems(List<HookProblem> now) {
        problems = List.copyOf(now);
    }

    /** How many hooks, and files of which no hook can be told, are there and do not run. */
    long rejected() {
        return problems.stream().map(HookProblem::concerns).filter(name -> !current.byId().containsKey(name)).distinct().count();
    }

    /** Whether the hook ran in this process and was removed since. */
    boolean wasRemoved(String id) {
        return removed.contains(id);
    }
}
