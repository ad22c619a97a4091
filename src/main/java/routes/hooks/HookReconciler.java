package routes.hooks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.match.HookIndex;
import routes.hooks.sources.CamelRouteFiles;
import routes.hooks.sources.HookFiles;
import routes.hooks.sources.HookResources;
import routes.hooks.sources.WrittenHooks;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookType;

/**
 * Makes the hooks that run those that are written, in files and in resources alike: reads what changed, keeps the last
 * good version of what is broken, swaps the index, then brings routes up and down. Called again and again by one
 * thread.
 */
final class HookReconciler {

    private static final Logger LOG = LoggerFactory.getLogger(HookReconciler.class);

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final HookFiles files;
    private final HookResources resources;
    private final WrittenHooks written;
    private final HookRegistry registry;
    private final RouteChanges routes;
    private final CamelRouteFiles camelRoutes;
    private final Function<String, HookBirth> births;

    private Map<Path, String> seenTypes = Map.of();
    private Map<String, String> seenTemplates = Map.of();
    private Map<String, String> seenFiles;
    private Map<String, String> seenResources;
    private List<HookProblem> seenFileProblems = List.of();
    private Set<String> said = Set.of();
    private int seenAside;
    private boolean unfinished;
    private long lastRound;

    /** What a new hook gets: its figures, and who tells it whether it is paused. */
    record HookBirth(HookMetrics metrics, BooleanSupplier pausedByOperator) {}

    HookReconciler(
            HookFiles files,
            HookResources resources,
            WrittenHooks written,
            HookRegistry registry,
            HookRoutes routes,
            CamelRouteFiles camelRoutes,
            Function<String, HookBirth> births) {
        this.files = files;
        this.resources = resources;
        this.written = written;
        this.registry = registry;
        this.routes = new RouteChanges(routes);
        this.camelRoutes = camelRoutes;
        this.births = births;
    }

    /**
     * One round.
     *
     * @param indexStands runs when the index is in place, before its routes are
     * @param routesStand runs whenever some more routes are in place
     * @return whether all hooks of the moment are known and their routes stand
     */
    boolean reconcile(Runnable indexStands, Runnable routesStand) {
        HookFiles.Contents contents = files.poll();
        Optional<Map<String, String>> fromCluster = resources.current();
        if (fromCluster.isEmpty() && seenResources == null) {
            return false; // the router must not run before the cluster's hooks are known
        }
        Map<String, String> inCluster = fromCluster.orElse(seenResources);
        if (!contents.complete() && seenFiles == null) {
            return false; // a file is still on its way in
        }
        Map<String, String> inFiles = byName(contents.hooks());
        Map<Path, String> typesNow = contents.types();
        Map<String, String> templates = camelRoutes.templates();
        if (inFiles.equals(seenFiles)
                && typesNow.equals(seenTypes)
                && templates.equals(seenTemplates)
                && inCluster.equals(seenResources)
                && saidOfFiles(contents).equals(seenFileProblems)
                && registry.aside() == seenAside
                && !unfinished
                && !retryIsDue()) {
            return true;
        }
        lastRound = System.nanoTime();
        Set<String> changedTypes = written.read(typesNow, templates, inFiles, inCluster);
        List<HookProblem> problems = new ArrayList<>(saidOfFiles(contents));
        problems.addAll(written.problems());
        seenTypes = typesNow;
        seenTemplates = templates;
        seenFiles = inFiles;
        seenResources = inCluster;
        seenFileProblems = saidOfFiles(contents);

        Map<String, EventHook> wanted =
                written.withoutDoubles(id -> registry.find(id).map(Hook::spec).orElse(null), problems);
        Map<String, HookProblem> aside = registry.aside(wanted);
        seenAside = aside.size();
        wanted.keySet().removeAll(aside.keySet());
        problems.addAll(aside.values());
        HookSet before = registry.current();
        HookSet next = next(
                before,
                wanted,
                aside.keySet(),
                changedTypes,
                !contents.problems().isEmpty());
        registry.swap(next);
        indexStands.run();
        routes.make(before, next, changedTypes, routesStand);
        HookSet after = routes.settle(before, next, wanted, changedTypes);
        if (after != next) {
            registry.swap(after);
        }
        problems.addAll(routes.problems());
        Set<String> rejected =
                problems.stream().map(problem -> problem.origin().source()).collect(Collectors.toSet());
        problems.addAll(camelRoutes.apply(written.camelRoutes(), rejected, written.typeNames(), changedTypes));
        unfinished = written.leaveTo(camelRoutes::runs) || camelRoutes.isUnfinished();
        registry.problems(problems);
        say(problems, before, after);
        report(inCluster.keySet(), problems, after);
        return true;
    }

    /** What is under way ends early, and half done: the process stops. */
    void stop() {
        routes.stop();
    }

    /**
     * What Camel refused is tried again, if nothing runs in its place: its reason may lie outside, a server that is
     * away for one.
     */
    private boolean retryIsDue() {
        boolean failed = camelRoutes.hasFailed() || routes.leftSomeOut(registry.current());
        return failed && System.nanoTime() - lastRound > RETRY.toNanos();
    }

    private static List<HookProblem> saidOfFiles(HookFiles.Contents contents) {
        return Stream.concat(contents.problems().stream(), contents.ignored().stream())
                .toList();
    }

    private static Map<String, String> byName(Map<Path, String> texts) {
        Map<String, String> named = new TreeMap<>();
        texts.forEach((path, text) -> named.put(path.toString(), text));
        return named;
    }

    private HookSet next(
            HookSet before,
            Map<String, EventHook> wanted,
            Set<String> aside,
            Set<String> changedTypes,
            boolean unreadableFiles) {
        Map<String, Hook> hooks = new HashMap<>();
        wanted.forEach((id, spec) -> {
            HookType type = written.type(spec.type()).orElse(null);
            Hook running = before.byId().get(id);
            if (type == null
                    && running
                            != null) { // its type was removed or broken: it goes on with the Kamelet Camel already has
                hooks.put(id, running);
            } else if (running != null && !changedTypes.contains(spec.type()) && routes.refused(spec, type)) {
                hooks.put(id, running); // in the version before the one that Camel refused
            } else if (type == null) {
                LOG.debug("hook {} waits for its type {}", id, spec.type());
            } else if (running == null) {
                HookBirth birth = births.apply(id);
                hooks.put(id, new Hook(spec, type, birth.metrics(), birth.pausedByOperator()));
            } else {
                hooks.put(
                        id,
                        running.spec().equals(spec) && running.type().equals(type)
                                ? running
                                : running.edited(spec, type));
            }
        });
        Set<String> rejected = written.broken();
        rejected.addAll(aside);
        boolean blind = unreadableFiles || written.isBlind();
        return new HookSet(
                Map.copyOf(hooks),
                new HookIndex(hooks.values().stream().map(Hook::spec).toList()),
                rejected,
                blind);
    }

    private void say(List<HookProblem> problems, HookSet before, HookSet after) {
        Set<String> now = problems.stream().map(problem -> told(problem, after)).collect(Collectors.toSet());
        now.stream()
                .filter(problem -> !said.contains(problem))
                .sorted()
                .forEach(problem -> LOG.error("rejected: {}", problem));
        said = now;
        after.byId().forEach((id, hook) -> {
            Hook old = before.byId().get(id);
            if (old == null) {
                LOG.info(
                        "hook {} runs: {} on {} ({})",
                        id,
                        hook.spec().type(),
                        hook.spec().subject(),
                        hook.spec().origin());
            } else if (!old.spec().sameAs(hook.spec())) {
                LOG.info("hook {} runs in its new version ({})", id, hook.spec().origin());
            }
        });
        before.byId().keySet().stream()
                .filter(id -> !after.byId().containsKey(id))
                .forEach(id -> LOG.info("hook {} is removed", id));
    }

    private String told(HookProblem problem, HookSet hooks) {
        boolean versionBefore = camelRoutes.isKept(problem.origin().source())
                || written.kept(problem).stream().anyMatch(id -> hooks.find(id).isPresent());
        return versionBefore ? problem + "; the version before keeps running" : problem.toString();
    }

    private void report(Set<String> inCluster, List<HookProblem> problems, HookSet hooks) {
        Map<String, List<HookProblem>> bySource = problems.stream()
                .collect(Collectors.groupingBy(problem -> problem.origin().source()));
        for (String id : inCluster) {
            Optional<Hook> hook = hooks.find(id)
                    .filter(running -> running.spec().origin().source().equals(WrittenHooks.resource(id)));
            resources.report(
                    id,
                    bySource.getOrDefault(WrittenHooks.resource(id), List.of()),
                    hook.isPresent() && !hook.get().routeIsComing());
        }
    }
}
