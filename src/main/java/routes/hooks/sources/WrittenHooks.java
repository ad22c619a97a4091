package routes.hooks.sources;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import routes.hooks.spec.EndpointRules;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.HookType;
import routes.hooks.spec.HookTypes;

/**
 * What is written about hooks and their types, source by source: a file, or a custom resource. Of what is broken the
 * last good version counts on.
 */
public final class WrittenHooks {

    private final HookTypes builtIn;
    private final EndpointRules rules;
    private final Function<EventHook, Optional<String>> forbidden;
    private final Function<String, String> environment;

    private final Map<String, Written> sources = new LinkedHashMap<>();
    private Map<Path, String> typeTexts = Map.of();
    private Map<String, String> typeTemplates = Map.of();
    private HookTypes types;
    private List<HookProblem> typeProblems = List.of();

    /**
     * What one source says.
     *
     * @param hooks those that run, among them kept versions of broken ones
     * @param kept ids of those that are broken there and run in the version before
     * @param problems what is wrong with it
     * @param broken ids of hooks that are written but broken and have no version to keep
     * @param blind nobody knows which hooks it was to hold
     */
    private record Written(
            String text,
            Map<String, EventHook> hooks,
            Set<String> kept,
            List<HookProblem> problems,
            Set<String> broken,
            boolean blind,
            boolean camelRoutes) {
        static final Written NOTHING = new Written("", Map.of(), Set.of(), List.of(), Set.of(), false, false);

        Written withoutHooks() {
            return new Written(text, Map.of(), Set.of(), problems, broken, blind, camelRoutes);
        }
    }

    /** @param forbidden why a valid hook may not run here, by this installation's configuration */
    public WrittenHooks(
            HookTypes builtIn,
            EndpointRules rules,
            Function<EventHook, Optional<String>> forbidden,
            Function<String, String> environment) {
        this.builtIn = builtIn;
        this.types = builtIn;
        this.rules = rules;
        this.forbidden = forbidden;
        this.environment = environment;
    }

    /**
     * Reads what changed.
     *
     * @param templates the files that hold route templates, by the id: no type may be called so
     * @param inFiles text by file
     * @param inCluster JSON by id
     * @return types whose Kamelet is another one now
     */
    public Set<String> read(
            Map<Path, String> kamelets,
            Map<String, String> templates,
            Map<String, String> inFiles,
            Map<String, String> inCluster) {
        Set<String> changedTypes = readTypes(kamelets, templates);
        read(inFiles, inCluster, !changedTypes.isEmpty());
        return changedTypes;
    }

    public Optional<HookType> type(String name) {
        return types.find(name);
    }

    public Set<String> typeNames() {
        return types.names();
    }

    public List<HookProblem> problems() {
        return Stream.concat(
                        typeProblems.stream(), sources.values().stream().flatMap(source -> source.problems.stream()))
                .toList();
    }

    /** Hooks that are written but broken and have no version to keep. */
    public Set<String> broken() {
        return sources.values().stream()
                .flatMap(source -> source.broken.stream())
                .collect(Collectors.toSet());
    }

    /**
     * The hooks that this problem concerns and that keep their version before; of one that names no hook, all of its
     * source.
     */
    public Set<String> kept(HookProblem problem) {
        Set<String> kept = sources.getOrDefault(problem.origin().source(), Written.NOTHING).kept;
        return problem.hookId() == null ? kept : kept.contains(problem.hookId()) ? Set.of(problem.hookId()) : Set.of();
    }

    /** Whether some source holds hooks of which nobody knows. */
    public boolean isBlind() {
        return sources.values().stream().anyMatch(source -> source.blind);
    }

    /** The plain Camel files: text by file. */
    public Map<String, String> camelRoutes() {
        return sources.entrySet().stream()
                .filter(source -> source.getValue().camelRoutes)
                .collect(Collectors.toMap(Map.Entry::getKey, source -> source.getValue().text));
    }

    /**
     * The hooks of a file that holds Camel routes now run on until those run.
     *
     * @param runs whether a file's routes run as this text has them
     * @return whether hooks are to go by that
     */
    public boolean leaveTo(BiPredicate<String, String> runs) {
        boolean some = false;
        for (Map.Entry<String, Written> source : sources.entrySet()) {
            Written now = source.getValue();
            if (now.camelRoutes && !now.hooks.isEmpty() && runs.test(source.getKey(), now.text)) {
                source.setValue(now.withoutHooks());
                some = true;
            }
        }
        return some;
    }

    private Set<String> readTypes(Map<Path, String> texts, Map<String, String> templates) {
        if (texts.equals(typeTexts) && templates.equals(typeTemplates)) {
            return Set.of();
        }
        typeTemplates = templates;
        HookTypes.Loading loading = builtIn.plus(texts, templates);
        Set<String> changed = new HashSet<>();
        texts.forEach((file, text) -> {
            String name = file.getFileName().toString().replace(".kamelet.yaml", "");
            boolean usable = loading.problems().stream()
                    .noneMatch(problem -> problem.origin().source().equals(file.toString()));
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

    /** The source that a custom resource is. */
    public static String resource(String id) {
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
        Set<String> broken = problems.stream()
                .map(HookProblem::hookId)
                .filter(id -> id != null && !hooks.containsKey(id))
                .collect(Collectors.toSet());
        Set<String> kept = new HashSet<>();
        before.hooks.forEach((id, hook) -> {
            if ((blind || reading.camelRoutes() || broken.contains(id)) && hooks.putIfAbsent(id, hook) == null) {
                kept.add(id);
            }
        });
        broken.removeAll(hooks.keySet());
        return new Written(text, hooks, kept, problems, broken, blind, reading.camelRoutes());
    }

    /**
     * The hooks that are to run, by id: the one that already runs keeps its name; among new ones, the first source in
     * order has it.
     *
     * @param running the hook of this id that runs, or null
     * @param problems gets what is written twice
     */
    public Map<String, EventHook> withoutDoubles(Function<String, EventHook> running, List<HookProblem> problems) {
        Map<String, EventHook> wanted = new LinkedHashMap<>();
        for (Written source : sources.values()) {
            source.hooks.forEach((id, hook) -> {
                EventHook other = wanted.putIfAbsent(id, hook);
                if (other != null) {
                    EventHook now = running.apply(id);
                    boolean newcomer = now == null
                            || !now.origin().source().equals(hook.origin().source());
                    EventHook loser = newcomer ? hook : wanted.put(id, hook);
                    problems.add(new HookProblem(
                            loser.origin(),
                            id,
                            "the hook " + id + " is already written in "
                                    + wanted.get(id).origin() + "; give one of them another name"));
                }
            });
        }
        return wanted;
    }
}
