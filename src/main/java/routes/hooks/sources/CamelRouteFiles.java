package routes.hooks.sources;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.Origin;

/**
 * The plain Camel YAML routes of {@code hooks/}: each file's routes come, change and go with it. A file with a mistake changes nothing.
 */
public final class CamelRouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CamelRouteFiles.class);

    private final ModelCamelContext camel;
    private final Map<String, Loaded> loaded = new HashMap<>();
    private volatile Map<String, String> running = Map.of();
    private boolean failed;

    private record Loaded(String text, List<String> routes) {}

    public CamelRouteFiles(CamelContext camel) {
        this.camel = (ModelCamelContext) camel;
    }

    /**
     * Makes the routes of these files run, and no others.
     *
     * @param texts YAML by the file's path
     * @return why a file could not be used; what it held before keeps running
     */
    public List<HookProblem> apply(Map<String, String> texts) {
        List<HookProblem> problems = new ArrayList<>();
        failed = false;
        for (String gone : loaded.keySet().stream().filter(file -> !texts.containsKey(file)).toList()) {
            attempt(gone, problems, new ArrayList<>(), () -> remove(loaded.remove(gone).routes));
            LOG.info("{}: its routes are removed", gone);
        }
        texts.forEach((file, text) -> {
            Loaded before = loaded.get(file);
            if (before == null || !before.text.equals(text)) {
                List<RouteDefinition> routes = new ArrayList<>();
                attempt(file, problems, routes, () -> load(file, text, before, routes));
            }
        });
        failed = !problems.isEmpty();
        Map<String, String> files = new TreeMap<>();
        loaded.forEach((file, routes) -> routes.routes.forEach(route -> files.put(route, file)));
        running = files;
        return problems;
    }

    /** Of all that run, by id. Safe for any thread. */
    public List<CamelRouteState> states() {
        return running.entrySet().stream().flatMap(route -> Optional.ofNullable(camel.getRoute(route.getKey())).map(known -> state(known, route.getValue())).stream()).toList();
    }

    private CamelRouteState state(Route route, String file) {
        ServiceStatus status = camel.getRouteController().getRouteStatus(route.getRouteId());
        ManagedCamelContext managed = camel.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        ManagedRouteMBean figures = managed == null ? null : managed.getManagedRoute(route.getRouteId());
        String word = String.valueOf(status);
        return figures == null ? new CamelRouteState(route.getRouteId(), file, route.getDescription(), word, null, null, null, null)
                : new CamelRouteState(route.getRouteId(), file, route.getDescription(), word, figure(figures::getExchangesTotal), figure(figures::getExchangesCompleted),
                        figure(figures::getExchangesFailed), figure(figures::getExchangesInflight));
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

    private interface Step {
        void run() throws Exception;
    }

    /** @param routes those of the file, as soon as they are read */
    private void attempt(String file, List<HookProblem> problems, List<RouteDefinition> routes, Step step) {
        try {
            step.run();
        } catch (Exception e) {
            LOG.debug("{}", file, e);
            CamelProblem problem = CamelProblem.of(e, routes);
            problems.add(new HookProblem(new Origin(file, problem.line(), problem.column()), null,
                    problem.message() + (loaded.containsKey(file) ? "; what ran before keeps running" : "")));
        }
    }

    private void load(String file, String text, Loaded before, List<RouteDefinition> routes) throws Exception {
        List<RouteBuilder> builders = parse(file, text);
        builders.forEach(builder -> routes.addAll(builder.getRouteCollection().getRoutes()));
        List<String> ids = idsOf(file, builders, before);
        if (before != null) {
            remove(before.routes);
        }
        try {
            add(builders);
        } catch (Exception e) {
            remove(ids);
            if (before != null) {
                List<RouteBuilder> again = parse(file, before.text);
                idsOf(file, again, null);
                add(again);
            }
            throw e;
        }
        loaded.put(file, new Loaded(text, ids));
        LOG.info("{}: runs {}", file, ids);
    }

    private List<RouteBuilder> parse(String file, String text) throws Exception {
        List<RouteBuilder> builders = new ArrayList<>();
        for (RoutesBuilder builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(ResourceHelper.fromString(fileName(file), text))) {
            if (builder instanceof RouteBuilder routes) {
                routes.setCamelContext(camel);
                routes.configure();
                builders.add(routes);
            }
        }
        return builders;
    }

    /** Camel takes everything behind the first dot for the extension. */
    private static String fileName(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return name.replaceFirst("\\.ya?ml$", "").replace('.', '_') + ".yaml";
    }

    /** Names the nameless, and refuses a name that is taken: Camel would silently replace the route that has it. */
    private List<String> idsOf(String file, List<RouteBuilder> builders, Loaded before) {
        List<String> ids = new ArrayList<>();
        for (RouteBuilder builder : builders) {
            for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
                if (!route.hasCustomIdAssigned()) {
                    route.setId(fileName(file).replaceFirst("\\.yaml$", "") + "-" + (ids.size() + 1));
                }
                String id = route.getRouteId();
                boolean own = before != null && before.routes.contains(id);
                if (ids.contains(id) || !own && camel.getRouteDefinition(id) != null) {
                    throw new IllegalArgumentException("a route with the id " + id + " exists already; give this one another id");
                }
                route.setGroup(route.getGroup() == null ? "files" : route.getGroup());
                ids.add(id);
            }
        }
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("holds no route; a list of Camel routes begins with - route: or - from:");
        }
        return ids;
    }

    private void add(List<RouteBuilder> builders) throws Exception {
        for (RouteBuilder builder : builders) {
            camel.addRouteDefinitions(builder.getRouteCollection().getRoutes());
        }
    }

    private void remove(List<String> ids) throws Exception {
        for (String id : ids) {
            if (camel.getRoute(id) != null) {
                camel.getRouteController().stopRoute(id, 10, TimeUnit.SECONDS, false);
            }
            camel.removeRoute(id);
            camel.removeRouteDefinitions(camel.getRouteDefinitions().stream().filter(route -> id.equals(route.getRouteId())).toList());
        }
    }
}
