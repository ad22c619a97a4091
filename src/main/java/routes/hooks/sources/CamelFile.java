package routes.hooks.sources;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.Route;
import org.apache.camel.impl.engine.DefaultRouteStartupOrder;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.BeanModelHelper;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * All that one file of Camel's YAML declares: what of it is in the context came with {@link #install}, and goes with
 * {@link #remove}. Its exception clauses, interceptors and route configurations hold for its own routes only.
 */
final class CamelFile {

    private static final Logger LOG = LoggerFactory.getLogger(CamelFile.class);
    private static final String GROUP = "files";
    /** As a pattern such an id finds itself only. */
    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9_-]+");

    private final ModelCamelContext camel;
    private final Model model;
    private final String base;
    private final CamelYaml.Content content;
    private final List<RouteDefinition> routes;
    private final List<RouteTemplateDefinition> templates;
    private final List<TemplatedRouteDefinition> templated;
    private final List<RouteConfigurationDefinition> configurations;
    private final List<RestDefinition> rests;
    private final Set<String> kamelets = new HashSet<>();
    private final Set<Endpoint> endpoints = new HashSet<>();

    /** @param base the file's name, from which what has no id gets one */
    private CamelFile(ModelCamelContext camel, String base, CamelYaml.Content content) {
        this.camel = camel;
        this.model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        this.base = base;
        this.content = content;
        this.routes = content.routes();
        this.templates = content.templates();
        this.templated = content.templated();
        this.configurations = content.configurations();
        this.rests = content.rests();
    }

    /**
     * Reads a file; nothing of it is in the context yet.
     *
     * @param opsbus ids of route configurations that its routes may use besides its own
     * @throws Exception what is wrong with it
     */
    static CamelFile read(ModelCamelContext camel, String file, String text, Set<String> opsbus) throws Exception {
        String base = baseOf(file);
        CamelFile read = new CamelFile(camel, base, CamelYaml.read(camel, base + ".yaml", text));
        read.routes.forEach(route -> route.getOutputs().replaceAll(CamelFile::asEndpoint));
        CamelFileCheck.check(read.content);
        for (RestDefinition rest : read.rests) {
            rest.asRouteDefinition(camel).forEach(read.content.model().getRouteCollection()::route);
        }
        read.name(opsbus);
        return read;
    }

    /**
     * A step of a Pipe, which is a Kamelet: as an endpoint it does the same, and when there is none of that name its
     * route can be removed (Camel's step fails on the way out).
     */
    private static ProcessorDefinition<?> asEndpoint(ProcessorDefinition<?> step) {
        if (!(step instanceof KameletDefinition kamelet)
                || !kamelet.getOutputs().isEmpty()) {
            return step;
        }
        ToDefinition to = new ToDefinition("kamelet:" + kamelet.getName());
        to.setId(kamelet.getId());
        to.setLineNumber(kamelet.getLineNumber());
        to.setLocation(kamelet.getLocation());
        return to;
    }

    /** Camel takes everything behind the first dot for the extension. */
    private static String baseOf(String file) {
        return file.substring(file.lastIndexOf('/') + 1)
                .replaceFirst("\\.ya?ml$", "")
                .replace('.', '_');
    }

    /**
     * A route's id is the one that Camel will make of it: under what is written it would be neither checked nor
     * removed.
     */
    private void name(Set<String> opsbus) {
        int number = 0;
        for (RouteDefinition route : routes) {
            number++;
            route.setId(
                    route.hasCustomIdAssigned()
                            ? camel.resolvePropertyPlaceholders(route.getId())
                            : base + "-" + number);
            route.setGroup(route.getGroup() == null ? GROUP : route.getGroup());
        }
        for (TemplatedRouteDefinition route : templated) {
            number++;
            route.setRouteId(
                    route.getRouteId() == null
                            ? base + "-" + number
                            : camel.resolvePropertyPlaceholders(route.getRouteId()));
            route.setGroup(route.getGroup() == null ? GROUP : route.getGroup());
        }
        List<String> forAll = new ArrayList<>();
        for (RouteConfigurationDefinition configuration : configurations) {
            if (configuration.getId() == null
                    || configuration.getId().equals("*")) { // to Camel it would hold for all routes there are
                configuration.setId(
                        base.replaceAll("[^A-Za-z0-9_-]", "_") + "--all" + (forAll.isEmpty() ? "" : forAll.size()));
                forAll.add(configuration.getId());
            } else if (!PLAIN_ID.matcher(configuration.getId()).matches()) {
                throw new IllegalArgumentException("routeConfiguration: the id " + configuration.getId()
                        + " has other characters than letters, digits, - and _");
            }
        }
        for (RouteDefinition route : Stream.concat(
                        routes.stream(), templates.stream().map(RouteTemplateDefinition::getRoute))
                .toList()) {
            route.setRouteConfigurationId(configured(route.getRouteConfigurationId(), forAll, opsbus));
        }
    }

    /**
     * The configurations of this file that a route asks for, by their whole ids: a pattern would find those of others,
     * too.
     */
    private String configured(String asked, List<String> forAll, Set<String> opsbus) {
        if (asked == null) {
            return forAll.isEmpty() ? null : String.join(",", forAll);
        }
        List<String> found = new ArrayList<>();
        for (String pattern : Arrays.stream(asked.split(",")).map(String::strip).toList()) {
            String id = pattern.startsWith("{{") ? camel.resolvePropertyPlaceholders(pattern) : pattern;
            List<String> own = configurations.stream()
                    .map(RouteConfigurationDefinition::getId)
                    .filter(one -> PatternHelper.matchPattern(one, id))
                    .toList();
            if (own.isEmpty() && !opsbus.contains(id)) {
                throw new IllegalArgumentException("routeConfigurationId: there is no routeConfiguration " + id
                        + " in this file; it holds for the routes of its own file only");
            }
            found.addAll(own.isEmpty() ? List.of(id) : own);
        }
        return String.join(",", found);
    }

    /** What nobody else may have. */
    List<CamelName> names() {
        List<CamelName> names = new ArrayList<>();
        routeIds().forEach(id -> names.add(new CamelName(CamelName.ROUTE, id)));
        content.beans().forEach(bean -> names.add(new CamelName(CamelName.BEAN, bean.getName())));
        content.dataFormats().keySet().forEach(id -> names.add(new CamelName(CamelName.DATA_FORMAT, id)));
        templates.forEach(template -> names.add(new CamelName(CamelName.TEMPLATE, template.getId())));
        configurations.forEach(
                configuration -> names.add(new CamelName(CamelName.CONFIGURATION, configuration.getId())));
        rests.stream()
                .map(RestDefinition::getId)
                .filter(id -> id != null)
                .forEach(id -> names.add(new CamelName(CamelName.REST, id)));
        return names;
    }

    /** Of all its routes, in the order in which they are written. */
    List<String> routeIds() {
        return Stream.concat(
                        routes.stream().map(RouteDefinition::getRouteId),
                        templated.stream().map(TemplatedRouteDefinition::getRouteId))
                .toList();
    }

    /** Where it is written: the first place, or the last. A route without an id is written nowhere. */
    Optional<Node> place(CamelName name, boolean last) {
        return content.nodes().called(name.id(), last);
    }

    /** For the places of what Camel says about them. */
    List<RouteDefinition> routes() {
        return routes;
    }

    Collection<String> ignored() {
        return content.ignored();
    }

    Set<String> templateIds() {
        return templates.stream().map(RouteTemplateDefinition::getId).collect(Collectors.toSet());
    }

    /** @throws Exception what Camel has against it; then some of it may be there, until {@link #remove} */
    void install() throws Exception {
        for (BeanFactoryDefinition<?> bean : content.beans()) {
            camel.getRegistry().bind(bean.getName(), newInstance(bean), bean.getInitMethod(), bean.getDestroyMethod());
        }
        model.getDataFormats().putAll(content.dataFormats());
        model.addRouteTemplateDefinitions(templates);
        model.addRouteConfigurations(configurations);
        routes.forEach(content.model().getRouteCollection()::prepareRoute);
        Set<String> before = kameletRoutes();
        LifecycleStrategy made = new Installation(endpoints);
        camel.addLifecycleStrategy(made);
        try {
            model.addRestDefinitions(rests, false);
            model.addRouteDefinitions(routes);
            for (TemplatedRouteDefinition route : templated) {
                model.addRouteFromTemplatedRoute(route);
            }
        } finally {
            camel.getLifecycleStrategies().remove(made);
            kamelets.addAll(kameletRoutes());
            kamelets.removeAll(before);
        }
    }

    private Object newInstance(BeanFactoryDefinition<?> bean) {
        try {
            return BeanModelHelper.newInstance(bean, camel);
        } catch (Exception e) {
            throw new IllegalArgumentException(
                    "the bean " + bean.getName() + " of type " + bean.getType().replaceFirst("^#class:", "")
                            + " can't be made: " + CamelProblem.of(e).message());
        }
    }

    private static Set<Endpoint> endpoints(Route route) {
        return Stream.concat(
                        Stream.of(route.getEndpoint()),
                        route.getServices().stream()
                                .flatMap(service -> ServiceHelper.getChildServices(service, true).stream())
                                .filter(EndpointAware.class::isInstance)
                                .map(service -> ((EndpointAware) service).getEndpoint()))
                .collect(Collectors.toSet());
    }

    /** Those that Camel made for steps that call a Kamelet. */
    private Set<String> kameletRoutes() {
        return camel.getRouteDefinitions().stream()
                .filter(route -> Boolean.TRUE.equals(route.isKamelet()))
                .map(RouteDefinition::getRouteId)
                .collect(Collectors.toSet());
    }

    /**
     * Takes all of it out of the context, as far as it is there.
     *
     * @param patience how long exchanges that are under way may take, all together, before their routes are stopped all
     *     the same
     */
    void remove(Duration patience) {
        Set<String> ids = new LinkedHashSet<>(routeIds());
        ids.addAll(kamelets);
        stop(ids, patience);
        for (String id : ids) {
            try {
                camel.removeRoute(id);
            } catch (Exception e) { // of a route that did not come up
                LOG.warn("route {} while it is removed", id, e);
            }
        }
        model.getRouteDefinitions().removeIf(route -> ids.contains(route.getRouteId()));
        // Camel forgets those of rests, and of routes that did not come up
        camel.getRoutes().forEach(route -> endpoints.removeAll(endpoints(route)));
        for (Endpoint endpoint : endpoints) {
            try {
                camel.removeEndpoint(endpoint);
            } catch (Exception e) {
                LOG.debug("endpoint {} while it is removed", endpoint, e);
            }
        }
        model.getRestDefinitions().removeAll(rests);
        model.getRouteConfigurationDefinitions().removeAll(configurations);
        model.getRouteTemplateDefinitions().removeAll(templates);
        model.getDataFormats().values().removeAll(content.dataFormats().values());
        for (BeanFactoryDefinition<?> bean : content.beans()) {
            try {
                camel.getRegistry().unbind(bean.getName());
            } catch (RuntimeException e) { // of its destroyMethod
                LOG.warn("bean {} while it is removed", bean.getName(), e);
            }
        }
    }

    /** At once: Camel's own {@code stopRoute} waits for one after the other. */
    private void stop(Set<String> ids, Duration patience) {
        List<RouteStartupOrder> started = camel.getCamelContextExtension().getRouteStartupOrder().stream()
                .filter(order -> ids.contains(order.getRoute().getRouteId()))
                .toList();
        try {
            camel.getShutdownStrategy().shutdown(camel, started, patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            LOG.warn("routes {} while they are stopped", ids, e);
        }
        started.forEach(
                order -> ((DefaultRouteStartupOrder) order).getRouteService().stop());
    }
}
