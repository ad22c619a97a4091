package routes.hooks.sources;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.Origin;
import routes.kubernetes.Patience;

/**
 * The plain Camel files of {@code hooks/}: all that a file declares comes, changes and goes with it. A file with a
 * mistake changes nothing.
 */
public final class CamelRouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CamelRouteFiles.class);

    /** For what is under way in the routes of a file that stop; hooks wait meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of an edit that is refused, some routes may have run for a moment. */
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final ModelCamelContext camel;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final Map<String, Loaded> loaded = new TreeMap<>();
    private volatile Map<String, String> running = Map.of();
    private Set<String> kept = Set.of();
    private boolean failed;
    private Set<String> postponed = Set.of();
    private boolean waited;

    /** Edits for which what ran before was stopped, and which Camel did not take, by file. */
    private final Map<String, Refused> refused = new TreeMap<>();

    private record Loaded(String text, CamelFile file) {}

    /**
     * To see whether Camel takes an edit, what ran before is stopped: not again and again.
     *
     * @param patience until it is tried again; what another file brings, or gives up, may be what it needs: then the
     *     least
     * @param since a reading of the clock
     */
    private record Refused(String text, HookProblem problem, Patience patience, long since) {}

    public CamelRouteFiles(CamelContext camel) {
        this(camel, PATIENCE, System::nanoTime);
    }

    /** @param patience for what is under way in the routes of a file that stop */
    CamelRouteFiles(CamelContext camel, Duration patience, LongSupplier nanoTime) {
        this.camel = (ModelCamelContext) camel;
        this.patience = patience;
        this.nanoTime = nanoTime;
        // else Camel melts a rest and the route it calls into one, which then is in no file, and may be opsbus' own
        camel.getRestConfiguration().setInlineRoutes(false);
    }

    /**
     * Makes what these files declare run, and nothing else.
     *
     * @param texts YAML by the file's path
     * @param rejected files in which something is wrong: what ran of one that is none of Camel's now keeps running
     * @param types the hook types there are, by name: a template of such a name would stand in for their Kamelet
     * @param changed types whose Kamelet is another one now
     * @return why a file could not be used; what it held before keeps running
     */
    public List<HookProblem> apply(
            Map<String, String> texts, Set<String> rejected, Set<String> types, Set<String> changed) {
        failed = false;
        waited = false;
        Set<String> left = postponed;
        postponed = new HashSet<>();
        kept = loaded.keySet().stream()
                .filter(file -> !texts.containsKey(file) && rejected.contains(file))
                .collect(Collectors.toSet());
        Map<String, String> todo = new TreeMap<>(texts);
        kept.forEach(file -> todo.put(file, loaded.get(file).text));
        for (String gone :
                loaded.keySet().stream().filter(file -> !todo.containsKey(file)).toList()) {
            if (waited) {
                postponed.add(gone);
                continue;
            }
            stop(loaded.remove(gone).file);
            refused.values().forEach(edit -> edit.patience.reset());
            LOG.info("{}: its routes are removed", gone);
        }
        todo.entrySet()
                .removeIf(file -> loaded.containsKey(file.getKey())
                        && loaded.get(file.getKey()).text.equals(file.getValue())
                        && !left.contains(file.getKey())
                        && changed.stream().noneMatch(type -> calls(file.getValue(), type)));
        refused.values().removeIf(edit -> changed.stream().anyMatch(type -> calls(edit.text, type)));
        List<HookProblem> open = new ArrayList<>();
        for (int before = -1; todo.size() != before; ) { // what one file gives up another may take
            before = todo.size();
            open.clear();
            todo.entrySet().removeIf(file -> take(file.getKey(), file.getValue(), types, open));
        }
        refused.keySet().retainAll(todo.keySet());
        failed = !open.isEmpty();
        Map<String, String> files = new TreeMap<>();
        loaded.forEach((file, all) -> all.file.routeIds().forEach(route -> files.put(route, file)));
        running = files;
        return open;
    }

    /** The route templates of the files: the file by the id. */
    public Map<String, String> templates() {
        Map<String, String> templates = new TreeMap<>();
        loaded.forEach((file, all) -> all.file.templateIds().forEach(id -> templates.put(id, file)));
        return templates;
    }

    /** Camel reads a Kamelet when a route that calls it comes. */
    private static boolean calls(String text, String type) {
        return Pattern.compile("(?i)kamelet").matcher(text).find()
                && Pattern.compile("(?<![\\w-])" + Pattern.quote(type) + "(?![\\w-])")
                        .matcher(text)
                        .find();
    }

    /** Of all that run, by id. Safe for any thread. */
    public List<CamelRouteState> states() {
        return running.entrySet().stream()
                .flatMap(
                        route -> Optional.ofNullable(camel.getRoute(route.getKey()))
                                .map(known -> state(known, route.getValue()))
                                .stream())
                .toList();
    }

    private CamelRouteState state(Route route, String file) {
        ServiceStatus status = camel.getRouteController().getRouteStatus(route.getRouteId());
        ManagedCamelContext managed = camel.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        ManagedRouteMBean figures = managed == null ? null : managed.getManagedRoute(route.getRouteId());
        String word = String.valueOf(status);
        return figures == null
                ? new CamelRouteState(route.getRouteId(), file, route.getDescription(), word, null, null, null, null)
                : new CamelRouteState(
                        route.getRouteId(),
                        file,
                        route.getDescription(),
                        word,
                        figure(figures::getExchangesTotal),
                        figure(figures::getExchangesCompleted),
                        figure(figures::getExchangesFailed),
                        figure(figures::getExchangesInflight));
    }

    private static Long figure(Callable<Long> figure) {
        try {
            return figure.call();
        } catch (Exception e) { // the MBean was unregistered meanwhile
            return null;
        }
    }

    /** Whether a file could not be used; what it needs may come later, NATS for one. */
    public boolean hasFailed() {
        return failed;
    }

    /** Whether a file's routes run as this text has them. */
    public boolean runs(String file, String text) {
        return loaded.containsKey(file) && loaded.get(file).text.equals(text);
    }

    /** Whether a file holds what is none of Camel's and is wrong, so that its routes run as they did before. */
    public boolean isKept(String file) {
        return kept.contains(file);
    }

    /**
     * Whether files are left for the next round, which is due at once: what ran in one was waited for, and a round does
     * that once.
     */
    public boolean isUnfinished() {
        return !postponed.isEmpty();
    }

    private interface Step {
        void run() throws Exception;
    }

    /**
     * @param routes those of the file, as soon as they are read
     * @return whether it succeeded
     */
    private boolean attempt(String file, List<HookProblem> problems, List<RouteDefinition> routes, Step step) {
        try {
            step.run();
            return true;
        } catch (Exception | LinkageError | StackOverflowError e) { // of a bean's class, of an alias within itself
            LOG.debug("{}", file, e);
            CamelProblem problem = CamelProblem.of(e, routes);
            problems.add(new HookProblem(
                    new Origin(file, problem.line(), problem.column()),
                    null,
                    problem.message() + (loaded.containsKey(file) ? "; what ran before keeps running" : "")));
            return false;
        }
    }

    /** @return whether it succeeded */
    private boolean take(String file, String text, Set<String> types, List<HookProblem> problems) {
        Refused before = refused.get(file);
        boolean again = before != null && before.text.equals(text);
        if (again && !before.patience.isOver(Duration.ofNanos(nanoTime.getAsLong() - before.since))) {
            problems.add(before.problem);
            return false;
        }
        Loaded ran = loaded.get(file);
        if (ran != null && waited) {
            postponed.add(file);
            return false;
        }
        List<RouteDefinition> routes = new ArrayList<>();
        if (attempt(file, problems, routes, () -> load(file, text, types, routes))) {
            refused.remove(file);
            refused.values().forEach(edit -> edit.patience.reset());
            return true;
        }
        if (loaded.containsKey(file) && loaded.get(file) != ran) {
            Patience pause = again ? before.patience : new Patience(FIRST_PAUSE, LONGEST_PAUSE);
            if (again) {
                pause.grow();
            }
            refused.put(file, new Refused(text, problems.get(problems.size() - 1), pause, nanoTime.getAsLong()));
        }
        return false;
    }

    private void stop(CamelFile file) {
        long began = System.nanoTime();
        file.remove(patience);
        waited = Duration.ofNanos(System.nanoTime() - began).compareTo(patience.dividedBy(10)) > 0;
    }

    private void load(String file, String text, Set<String> types, List<RouteDefinition> routes) throws Exception {
        Loaded before = loaded.get(file);
        CamelFile next = CamelFile.read(camel, file, text, configurations());
        routes.addAll(next.routes());
        Map<String, List<CamelName>> names = new TreeMap<>();
        loaded.forEach((other, all) -> names.put(other, all.file.names()));
        new TakenNames(camel, names, types).check(file, next);
        if (before != null) {
            stop(before.file);
        }
        try {
            next.install();
        } catch (Exception | LinkageError | StackOverflowError e) {
            next.remove(LITTLE_PATIENCE);
            if (before != null) {
                loaded.remove(file); // until it is there again
                restore(file, before.text);
            }
            throw e;
        }
        loaded.put(file, new Loaded(text, next));
        LOG.info("{}: runs {}", file, next.routeIds());
        if (!next.ignored().isEmpty()
                && (before == null || !before.file.ignored().equals(next.ignored()))) {
            LOG.warn(
                    "{}: {} mean nothing here, where no operator of Camel K builds and runs it (docs/hooks.md#plain-camel-routes)",
                    file,
                    next.ignored());
        }
    }

    private void restore(String file, String text) {
        CamelFile again = null;
        try {
            again = CamelFile.read(camel, file, text, configurations());
            again.install();
            loaded.put(file, new Loaded(text, again));
        } catch (Exception | LinkageError | StackOverflowError e) {
            LOG.warn(
                    "{}: what ran before does not run either: {}",
                    file,
                    CamelProblem.of(e).message());
            if (again != null) {
                again.remove(LITTLE_PATIENCE);
            }
        }
    }

    /** The route configurations of opsbus' own. */
    private Set<String> configurations() {
        Set<String> ids = camel.getRouteConfigurationDefinitions().stream()
                .map(RouteConfigurationDefinition::getId)
                .collect(Collectors.toSet());
        loaded.values()
                .forEach(all -> all.file.names().stream()
                        .filter(name -> name.kind().equals(CamelName.CONFIGURATION))
                        .map(CamelName::id)
                        .forEach(ids::remove));
        return ids;
    }
}
