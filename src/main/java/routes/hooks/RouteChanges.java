package routes.hooks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.hooks.match.HookIndex;
import routes.hooks.sources.CamelProblem;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookType;

/** Brings the routes of hooks up and down, and remembers which versions of hooks Camel refused. */
final class RouteChanges {

    private static final Logger LOG = LoggerFactory.getLogger(RouteChanges.class);

    private static final int BATCH = 250;

    private final HookRoutes routes;
    private final Map<String, Refusal> refusals = new HashMap<>();
    private volatile boolean stopping;

    /** A version of a hook that Camel refused, and why. */
    private record Refusal(EventHook spec, HookType type, HookProblem problem) {}

    RouteChanges(HookRoutes routes) {
        this.routes = routes;
    }

    /** Ends early and half done: the process stops. */
    void stop() {
        stopping = true;
    }

    boolean refused(EventHook spec, HookType type) {
        Refusal refusal = refusals.get(spec.id());
        return refusal != null && refusal.spec.equals(spec) && refusal.type.equals(type);
    }

    /** Whether a hook was refused and nothing runs in its place. */
    boolean leftSomeOut(HookSet now) {
        return refusals.keySet().stream().anyMatch(id -> now.find(id).isEmpty());
    }

    List<HookProblem> problems() {
        return refusals.values().stream().map(Refusal::problem).toList();
    }

    /** @param someStand runs whenever some more stand */
    void make(HookSet before, HookSet after, Set<String> changedTypes, Runnable someStand) {
        List<Hook> shared = new ArrayList<>();
        List<Hook> own = new ArrayList<>();
        List<Hook> leaving = before.byId().values().stream()
                .filter(old -> !after.byId().containsKey(old.id())
                        || needsNewRoute(old, after.byId().get(old.id()), changedTypes))
                .toList();
        inBatches(leaving, this::remove);
        leaving.stream()
                .filter(old -> !after.byId().containsKey(old.id()))
                .forEach(old -> old.metrics().remove());
        for (String type : changedTypes) {
            try {
                routes.forgetType(type);
            } catch (Exception e) {
                LOG.warn("type {} is not quite gone: {}", type, e.getMessage());
            }
        }
        after.byId().values().stream().filter(Hook::routeIsComing).forEach(hook -> {
            refusals.remove(hook.id());
            (HookRoutes.shares(hook.type()) ? shared : own).add(hook);
        });
        after.byId().values().stream()
                .filter(hook -> before.byId().containsKey(hook.id())
                        && before.byId().get(hook.id()) != hook
                        && !hook.routeIsComing())
                .forEach(routes::describe);
        inBatches(shared, hooks -> {
            addShared(hooks);
            someStand.run();
        });
        inBatches(own, hooks -> {
            hooks.forEach(this::add);
            someStand.run();
        });
    }

    /** Between two of them a process that is told to stop can do so. */
    private void inBatches(List<Hook> hooks, Consumer<List<Hook>> step) {
        for (int from = 0; from < hooks.size() && !stopping; from += BATCH) {
            step.accept(hooks.subList(from, Math.min(hooks.size(), from + BATCH)));
        }
    }

    private void remove(List<Hook> hooks) {
        try {
            routes.remove(hooks);
        } catch (Exception e) {
            LOG.warn("routes of {} removed hooks are not quite gone: {}", hooks.size(), e.getMessage());
        }
    }

    private static boolean needsNewRoute(Hook old, Hook hook, Set<String> changedTypes) {
        boolean otherParameters = !HookRoutes.shares(hook.type()) && !old.spec().equals(hook.spec());
        return !old.spec().type().equals(hook.spec().type())
                || changedTypes.contains(hook.spec().type())
                || otherParameters;
    }

    private void addShared(Collection<Hook> hooks) {
        try {
            routes.addShared(hooks);
        } catch (Exception e) { // one of them spoils the batch: find out which
            hooks.stream().filter(Hook::routeIsComing).forEach(this::add);
        }
    }

    private void add(Hook hook) {
        try {
            routes.add(hook);
        } catch (Exception e) {
            LOG.debug("route of hook {}", hook.id(), e);
            refusals.put(
                    hook.id(),
                    new Refusal(
                            hook.spec(),
                            hook.type(),
                            new HookProblem(
                                    hook.spec().origin(),
                                    hook.id(),
                                    "Camel can't run it: " + CamelProblem.of(e).message())));
        }
    }

    /**
     * Without the hooks that Camel refused: they don't run. One whose version before can still run goes on with that.
     *
     * @param next what was to run
     */
    HookSet settle(HookSet before, HookSet next, Map<String, EventHook> wanted, Set<String> changedTypes) {
        refusals.values().removeIf(refusal -> !refusal.spec.equals(wanted.get(refusal.spec.id())));
        List<Hook> refused = next.byId().values().stream()
                .filter(hook -> hook.routeIsComing() && refusals.containsKey(hook.id()))
                .toList();
        if (refused.isEmpty()) {
            return next;
        }
        Map<String, Hook> hooks = new HashMap<>(next.byId());
        Set<String> rejected = new HashSet<>(next.rejected());
        for (Hook hook : refused) {
            Hook old = before.byId().get(hook.id());
            if (old != null && !changedTypes.contains(old.type().name()) && runs(old)) {
                hooks.put(hook.id(), old);
            } else {
                hooks.remove(hook.id());
                hook.metrics().remove();
                rejected.add(hook.id());
            }
        }
        return new HookSet(
                Map.copyOf(hooks),
                new HookIndex(hooks.values().stream().map(Hook::spec).toList()),
                rejected,
                next.blind());
    }

    private boolean runs(Hook old) {
        try {
            routes.add(old);
            refusals.computeIfPresent(
                    old.id(),
                    (id, refusal) -> new Refusal(
                            refusal.spec,
                            refusal.type,
                            new HookProblem(
                                    refusal.problem.origin(),
                                    id,
                                    refusal.problem.message() + "; its version before keeps running")));
            return true;
        } catch (Exception e) {
            LOG.debug("the version before of hook {}", old.id(), e);
            return false;
        }
    }
}
