package routes.hooks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the hooks that run those that are written, in files and in resources alike: reads what changed, keeps the last good version of what is
 * broken, swaps the index, then brings routes up and down. Called again and again by one thread.
 */
final class HookReconciler {

    private static final Logger LOG = LoggerFactory.getLogger(HookReconciler.class);

    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int BATCH = 250;

    private final HookFiles files;
    private final HookResources resources;
    private final HookTypes builtIn;
    private final EndpointRules rules;
    private final Function<EventHook, Optional<String>> forbidden;
    private final HookRegistry registry;
    private final HookRoutes routes;
    private final CamelRouteFiles camelRoutes;
    private final Function<String, HookBirth> births;
    private final Function<String, String> environment;

    private final Map<String, Written> sources = new LinkedHashMap<>();
    private Map<Path, String> typeTexts = Map.of();
    private HookTypes types;
    private List<HookProblem> typeProblems = List.of();
    private Map<String, String> seenFiles;
    private Map<String, String> seenResources;
    private List<HookProblem> seenFileProblems = List.of();
    private Map<String, Refusal> refusals = new HashMap<>();
    private Set<String> said = Set.of();
    private int seenAside;
    private long lastRound;
    private volatile boolean stopping;

    /** What a new hook gets: its lane, its figures, and who tells it whether it is paused. */
    record HookBirth(Lane<HookDelivery.Task> lane, HookMetrics metrics, BooleanSupplier pausedByOperator) {}

    /**
     * What one source says.
     *
     * @param hooks    those that run, among them kept versions of broken ones
     * @param problems what is wrong with it
     * @param broken   ids of hooks that are written but broken and have no version to keep
     * @param blind    nobody knows which hooks it was to hold
     */
    private record Written(String text, Map<String, EventHook> hooks, List<HookProblem> problems, Set<String> broken, boolean blind, boolean camelRoutes) {
        static final Written NOTHING = new Written("", Map.of(), List.of(), Set.of(), false, false);
    }

    /** A version of a hook that Camel refused, and why. */
    private record Refusal(EventHook spec, HookType type, HookProblem problem) {
        boolean isOf(EventHook written, HookType itsType) {
            return spec.equals(written) && type.equals(itsType);
        }
    }

    /** @param forbidden why a valid hook may not run here, by this installation's configuration */
    HookReconciler(HookFiles files, HookResources resources, HookTypes builtIn, EndpointRules rules, Function<EventHook, Optional<String>> forbidden, HookRegistry registry,
                   HookRoutes routes, CamelRouteFiles camelRoutes, Function<String, HookBirth> births, Function<String, String> environment) {
        this.files = files;
        this.resources = resources;
        this.builtIn = builtIn;
        this.types = builtIn;
        this.rules = rules;
        this.forbidden = forbidden;
        this.registry = registry;
        this.routes = routes;
        this.camelRoutes = camelRoutes;
        this.births = births;
        this.environment = environment;
    }

    /**
     * One round.
     *
     * @param indexStands runs once the first index is in place, before its routes are
     * @return whether all hooks of the moment are known and their routes stand
     */
    boolean reconcile(Runnable indexStands) {
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
        if (inFiles.equals(seenFiles) && typesNow.equals(typeTexts) && inCluster.equals(seenResources)
                && saidOfFiles(contents).equals(seenFileProblems) && registry.aside() == seenAside && !retryIsDue()) {
            return true;
        }
        lastRound = System.nanoTime();
        Set<String> changedTypes = readTypes(typesNow);
        List<HookProblem> problems = new ArrayList<>(saidOfFiles(contents));
        problems.addAll(typeProblems);
        read(inFiles, inCluster, !changedTypes.isEmpty());
        sources.values().forEach(source -> problems.addAll(source.problems));
        seenFiles = inFiles;
        seenResources = inCluster;
        seenFileProblems = saidOfFiles(contents);

        Map<String, EventHook> wanted = withoutDoubles(problems);
        Map<String, HookProblem> aside = registry.aside(wanted);
        seenAside = aside.size();
        wanted.keySet().removeAll(aside.keySet());
        problems.addAll(aside.values());
        HookSet before = registry.current();
        HookSet next = next(before, wanted, aside.keySet(), changedTypes, !contents.problems().isEmpty());
        registry.swap(next);
        indexStands.run();
        changeRoutes(before, next, changedTypes);
        HookSet after = settle(before, next, wanted, changedTypes);
        if (after != next) {
            registry.swap(after);
        }
        refusals.values().forEach(refusal -> problems.add(refusal.problem));
        problems.addAll(camelRoutes.apply(sources.entrySet().stream().filter(source -> source.getValue().camelRoutes)
                .collect(Collectors.toMap(Map.Entry::getKey, source -> source.getValue().text))));
        registry.problems(problems);
        say(problems, before, after);
        report(inCluster.keySet(), problems, after);
        return true;
    }

    /** What is under way ends early, and half done: the process stops. */
    void stop() {
        stopping = true;
    }

    /** What Camel refused is tried again, if nothing runs in its place: its reason may lie outside, a server that is away for one. */
    private boolean retryIsDue() {
        boolean failed = camelRoutes.hasFailed() || refusals.keySet().stream().anyMatch(id -> registry.current().find(id).isEmpty());
        return failed && System.nanoTime() - lastRound > RETRY.toNanos();
    }

    private static List<HookProblem> saidOfFiles(HookFiles.Contents contents) {
        return Stream.concat(contents.problems().stream(), contents.ignored().stream()).toList();
    }

    private static Map<String, String> byName(Map<Path, String> texts) {
        Map<String, String> named = new TreeMap<>();
        texts.forEach((path, text) -> named.put(path.toString(), text));
        return named;
    }

    private Set<String> readTypes(Map<Path, String> texts) {
        if (texts.equals(typeTexts)) {
            return Set.of();
        }
        HookTypes.Loading loading = builtIn.plus(texts);
        Set<String> changed = new HashSet<>();
        texts.forEach((file, text) -> {
            String name = file.getFileName().toString().replace(".kamelet.yaml", "");
            boolean usable = loading.problems().stream().noneMatch(problem -> problem.origin().source().equals(file.toString()));
            if (usable && !text.equals(typeTexts.get(file))) {
                changed.add(name);
            }
        });
        typeTexts = texts;
        types = loading.types();
        typeProblems = loading.problems();
        return changed;
    }

    private void read(Map<String, String> inFiles, Map<String, String> inCluster, boolean all) {
        HookReader reader = new HookReader(types, environment, rules);
        Set<String> present = new HashSet<>(inFiles.keySet());
        inCluster.keySet().forEach(id -> present.add(resource(id)));
        sources.keySet().retainAll(present);
        inFiles.forEach((file, text) -> read(file, text, all, () -> reader.read(file, text)));
        inCluster.forEach((id, json) -> read(resource(id), json, all, () -> reader.readResource(id, json)));
    }

    private static String resource(String id) {
        return "EventHooks " + id;
    }

    private void read(String source, String text, boolean again, Supplier<HookReader.Reading> reading) {
        Written before = sources.getOrDefault(source, Written.NOTHING);
        if (again || !text.equals(before.text)) {
            sources.put(source, accept(text, before, reading.get()));
        }
    }

    private Written accept(String text, Written before, HookReader.Reading reading) {
        Map<String, EventHook> hooks = new LinkedHashMap<>();
        List<HookProblem> problems = new ArrayList<>(reading.problems());
        for (EventHook hook : reading.hooks()) {
            Optional<String> no = forbidden.apply(hook);
            if (no.isPresent()) {
                problems.add(new HookProblem(hook.origin(), hook.id(), no.get()));
            } else {
                hooks.put(hook.id(), hook);
            }
        }
        boolean blind = reading.unreadable() || problems.stream().anyMatch(problem -> problem.hookId() == null);
        Set<String> broken = problems.stream().map(HookProblem::hookId).filter(id -> id != null && !hooks.containsKey(id)).collect(Collectors.toSet());
        before.hooks.forEach((id, hook) -> {
            if (blind || broken.contains(id)) {
                hooks.putIfAbsent(id, hook);
            }
        });
        broken.removeAll(hooks.keySet());
        return new Written(text, hooks, problems, broken, blind, reading.camelRoutes());
    }

    /** The hook that already runs keeps its name; among new ones, the first source in order has it. */
    private Map<String, EventHook> withoutDoubles(List<HookProblem> problems) {
        Map<String, EventHook> wanted = new LinkedHashMap<>();
        Map<String, Hook> running = registry.current().byId();
        for (Written source : sources.values()) {
            source.hooks.forEach((id, hook) -> {
                EventHook other = wanted.putIfAbsent(id, hook);
                if (other != null) {
                    Hook now = running.get(id);
                    boolean newcomer = now == null || !now.spec().origin().source().equals(hook.origin().source());
                    EventHook loser = newcomer ? hook : wanted.put(id, hook);
                    problems.add(new HookProblem(loser.origin(), id, "the hook " + id + " is already written in "
                            + wanted.get(id).origin() + "; give one of them another name"));
                }
            });
        }
        return wanted;
    }

    private HookSet next(HookSet before, Map<String, EventHook> wanted, Set<String> aside, Set<String> changedTypes, boolean unreadableFiles) {
        Map<String, Hook> hooks = new HashMap<>();
        wanted.forEach((id, spec) -> {
            HookType type = types.find(spec.type()).orElse(null);
            Hook running = before.byId().get(id);
            if (type == null && running != null) { // its type was removed or broken: it goes on with the Kamelet Camel already has
                hooks.put(id, running);
            } else if (running != null && !changedTypes.contains(spec.type()) && refusals.containsKey(id) && refusals.get(id).isOf(spec, type)) {
                hooks.put(id, running); // in the version before the one that Camel refused
            } else if (type == null) {
                LOG.debug("hook {} waits for its type {}", id, spec.type());
            } else if (running == null) {
                HookBirth birth = births.apply(id);
                hooks.put(id, new Hook(spec, type, birth.lane(), birth.metrics(), birth.pausedByOperator()));
            } else {
                hooks.put(id, running.spec().equals(spec) && running.type().equals(type) ? running : running.edited(spec, type));
            }
        });
        Set<String> rejected = sources.values().stream().flatMap(source -> source.broken.stream()).collect(Collectors.toSet());
        rejected.addAll(aside);
        boolean blind = unreadableFiles || sources.values().stream().anyMatch(source -> source.blind);
        return new HookSet(Map.copyOf(hooks), new HookIndex(hooks.values().stream().map(Hook::spec).toList()), rejected, blind);
    }

    /**
     * Without the hooks that Camel refused: they don't run. One whose version before can still run goes on with that.
     *
     * @param next what was to run
     */
    private HookSet settle(HookSet before, HookSet next, Map<String, EventHook> wanted, Set<String> changedTypes) {
        refusals.values().removeIf(refusal -> !refusal.spec.equals(wanted.get(refusal.spec.id())));
        List<Hook> refused = next.byId().values().stream().filter(hook -> hook.routeIsComing() && refusals.containsKey(hook.id())).toList();
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
        return new HookSet(Map.copyOf(hooks), new HookIndex(hooks.values().stream().map(Hook::spec).toList()), rejected, next.blind());
    }

    private boolean runs(Hook old) {
        try {
            routes.add(old);
            refusals.computeIfPresent(old.id(), (id, refusal) -> new Refusal(refusal.spec, refusal.type,
                    new HookProblem(refusal.problem.origin(), id, refusal.problem.message() + "; its version before keeps running")));
            return true;
        } catch (Exception e) {
            LOG.debug("the version before of hook {}", old.id(), e);
            return false;
        }
    }

    private void changeRoutes(HookSet before, HookSet after, Set<String> changedTypes) {
        List<Hook> shared = new ArrayList<>();
        List<Hook> own = new ArrayList<>();
        List<Hook> leaving = before.byId().values().stream()
                .filter(old -> !after.byId().containsKey(old.id()) || needsNewRoute(old, after.byId().get(old.id()), changedTypes)).toList();
        inBatches(leaving, this::remove);
        leaving.stream().filter(old -> !after.byId().containsKey(old.id())).forEach(old -> old.metrics().remove());
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
        inBatches(shared, this::addShared);
        inBatches(own, hooks -> hooks.forEach(this::add));
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
        return !old.spec().type().equals(hook.spec().type()) || changedTypes.contains(hook.spec().type()) || otherParameters;
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
            refusals.put(hook.id(), new Refusal(hook.spec(), hook.type(), new HookProblem(hook.spec().origin(), hook.id(), "Camel can't run it: " + CamelProblem.of(e).message())));
        }
    }

    private void say(List<HookProblem> problems, HookSet before, HookSet after) {
        Set<String> now = problems.stream().map(HookProblem::toString).collect(Collectors.toSet());
        now.stream().filter(problem -> !said.contains(problem)).sorted().forEach(problem -> LOG.error("rejected: {}", problem));
        said = now;
        after.byId().forEach((id, hook) -> {
            Hook old = before.byId().get(id);
            if (old == null) {
                LOG.info("hook {} runs: {} on {} ({})", id, hook.spec().type(), hook.spec().subject(), hook.spec().origin());
            } else if (!old.spec().sameAs(hook.spec())) {
                LOG.info("hook {} runs in its new version ({})", id, hook.spec().origin());
            }
        });
        before.byId().keySet().stream().filter(id -> !after.byId().containsKey(id)).forEach(id -> LOG.info("hook {} is removed", id));
    }

    private void report(Set<String> inCluster, List<HookProblem> problems, HookSet hooks) {
        Map<String, List<HookProblem>> bySource = problems.stream().collect(Collectors.groupingBy(problem -> problem.origin().source()));
        for (String id : inCluster) {
            Optional<Hook> hook = hooks.find(id).filter(running -> running.spec().origin().source().equals(resource(id)));
            resources.report(id, bySource.getOrDefault(resource(id), List.of()), hook.isPresent() && !hook.get().routeIsComing());
        }
    }
}
