package routes.hooks;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import routes.hooks.delivery.Targets;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;

/** Holds the {@link HookSet} of the moment; the reconciler swaps them. */
final class HookRegistry implements Targets {

    /** A hook as it was when it was put aside, and why. */
    private record Aside(EventHook hook, HookProblem why) {}

    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    private volatile HookSet current = HookSet.NONE;
    private volatile List<HookProblem> problems = List.of();
    private volatile Map<String, Aside> aside = Map.of(); // by id

    HookSet current() {
        return current;
    }

    synchronized void swap(HookSet next) {
        current.byId().keySet().stream()
                .filter(id -> !next.byId().containsKey(id))
                .forEach(removed::add);
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
        return problems.stream()
                .map(HookProblem::concerns)
                .filter(name -> !current.byId().containsKey(name))
                .distinct()
                .count();
    }

    /** The router asks the hook no more, from now on and as long as it is written as it is now. */
    synchronized void putAside(EventHook hook, HookProblem why) {
        Map<String, Aside> more = new HashMap<>(aside);
        if (more.putIfAbsent(hook.id(), new Aside(hook, why)) == null) {
            aside = Map.copyOf(more);
        }
        current = current.without(hook);
    }

    /**
     * Why hooks that are written are put aside, by id. Those that are written otherwise now, or are gone, are
     * forgotten.
     */
    synchronized Map<String, HookProblem> aside(Map<String, EventHook> written) {
        Map<String, Aside> still = new HashMap<>(aside);
        still.values()
                .removeIf(one -> !written.containsKey(one.hook.id()) || !one.hook.sameAs(written.get(one.hook.id())));
        aside = Map.copyOf(still);
        return still.values().stream().collect(Collectors.toMap(one -> one.hook.id(), Aside::why));
    }

    int aside() {
        return aside.size();
    }

    @Override
    public Collection<Hook> all() {
        return current.byId().values();
    }

    @Override
    public Optional<Hook> find(String id) {
        return current.find(id);
    }

    @Override
    public boolean mayExist(String id) {
        return current.mayExist(id);
    }

    @Override
    public boolean wasRemoved(String id) {
        return removed.contains(id);
    }
}
