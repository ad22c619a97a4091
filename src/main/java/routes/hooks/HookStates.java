package routes.hooks;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import routes.hooks.HookState.PausedBy;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.http.Redacted;
import routes.hooks.sources.CamelRouteFiles;
import routes.hooks.sources.CamelRouteState;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;

/** Says of each hook how it is. */
public final class HookStates {

    private final HookRegistry registry;
    private final PausedHooks paused;
    private final MeterRegistry metrics;
    private final CamelRouteFiles routeFiles;

    HookStates(HookRegistry registry, PausedHooks paused, MeterRegistry metrics, CamelRouteFiles routeFiles) {
        this.routeFiles = routeFiles;
        this.registry = registry;
        this.paused = paused;
        this.metrics = metrics;
    }

    /** All that run and all that are rejected, by id. */
    public List<HookState> list() {
        HookSet hooks = registry.current();
        Map<String, List<HookProblem>> problems = problems();
        Map<String, Long> dead = dead();
        Stream<HookState> running = hooks.byId().values().stream()
                .map(hook ->
                        state(hook, problems.getOrDefault(hook.id(), List.of()), dead.getOrDefault(hook.id(), 0L)));
        Stream<HookState> rejected = problems.entrySet().stream()
                .filter(problem -> !hooks.byId().containsKey(problem.getKey()))
                .map(problem ->
                        rejected(problem.getKey(), problem.getValue(), dead.getOrDefault(problem.getKey(), 0L)));
        return Stream.concat(running, rejected)
                .sorted(Comparator.comparing(HookState::id))
                .toList();
    }

    /** By what they concern. */
    Map<String, List<HookProblem>> problems() {
        return registry.problems().stream()
                .collect(Collectors.groupingBy(HookProblem::concerns, LinkedHashMap::new, Collectors.toList()));
    }

    private Map<String, Long> dead() {
        return metrics.find(HookMetrics.DEAD_LETTERED).counters().stream()
                .collect(Collectors.groupingBy(
                        counter -> counter.getId().getTag("hook"),
                        Collectors.summingLong(counter -> (long) counter.count())));
    }

    private HookState state(Hook hook, List<HookProblem> problems, long dead) {
        EventHook spec = hook.spec();
        HookMetrics figures = hook.metrics();
        return new HookState(
                hook.id(),
                true,
                spec,
                url(spec),
                spec.origin(),
                text(problems),
                pausedBy(hook),
                figures.matchedSoFar(),
                figures.deliveredSoFar(),
                figures.pendingNow(),
                dead,
                hook.failingSince(),
                hook.lastFailure());
    }

    private HookState rejected(String id, List<HookProblem> problems, long dead) {
        return new HookState(
                id,
                problems.get(0).hookId() != null,
                null,
                null,
                problems.get(0).origin(),
                text(problems),
                paused.contains(id) ? PausedBy.OPERATOR : null,
                0,
                0,
                0,
                dead,
                null,
                null);
    }

    PausedBy pausedBy(Hook hook) {
        return hook.spec().paused()
                ? PausedBy.AUTHOR
                : paused.contains(hook.id()) ? PausedBy.OPERATOR : hook.routeIsStopped() ? PausedBy.HAWTIO : null;
    }

    /** The plain Camel routes of the hooks folder that run, by id. */
    public List<CamelRouteState> routes() {
        return routeFiles.states();
    }

    static String text(List<HookProblem> problems) {
        return problems.isEmpty()
                ? null
                : problems.stream().map(HookProblem::toString).collect(Collectors.joining("\n"));
    }

    /** Hosts and subjects are shown, the rest of an address may be a key. */
    static String url(EventHook hook) {
        return Redacted.text(hook.url().replaceFirst("^(https?):/*", "$1://"));
    }

    /** For a hook that does not run. */
    String whyUnknown(String id) {
        List<HookProblem> problems = problems().get(id);
        return problems == null
                ? "there is no hook " + id + "; write namespace and name as GET /api/v1/hooks lists them"
                : "the hook " + id + " does not run, it is rejected: " + text(problems);
    }
}
