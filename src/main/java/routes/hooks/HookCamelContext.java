package routes.hooks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Route;
import org.apache.camel.impl.engine.DefaultRouteStartupOrder;
import org.apache.camel.impl.engine.RouteService;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.spring.boot.CamelSpringBootApplicationController;
import org.apache.camel.spring.boot.SpringBootCamelContext;
import org.springframework.context.ApplicationContext;

/**
 * Spring Boot's Camel context, which can also remove many routes at once. Camel's own {@code removeRoute} asks every
 * other route which endpoints it uses, so that removing 10,000 one by one took eight minutes; here each is asked once.
 */
final class HookCamelContext extends SpringBootCamelContext {

    private volatile boolean closing;

    HookCamelContext(
            ApplicationContext application,
            boolean warnOnEarlyShutdown,
            CamelSpringBootApplicationController controller) {
        super(application, warnOnEarlyShutdown, controller);
    }

    /**
     * Camel removes each route that it is about to add, and asks all others before it sees that there is none. One
     * whose steps fail on the way out (a Kamelet that did not come up) is gone all the same: else its id would be taken
     * for ever.
     */
    @Override
    public boolean removeRoute(String routeId) throws Exception {
        if (!getRouteServices().containsKey(routeId)) {
            return false;
        }
        try {
            return super.removeRoute(routeId);
        } catch (Exception e) {
            getRouteServices().remove(routeId);
            throw e;
        }
    }

    /** Camel copies the list of all routes and looks through it. */
    @Override
    public Route getRoute(String routeId) {
        RouteService known = routeId == null ? null : getRouteServices().get(routeId);
        return known == null ? null : known.getRoute();
    }

    /** Camel walks through them without the lock when it prepares a route, and files may bring theirs meanwhile. */
    @Override
    public List<RouteConfigurationDefinition> getRouteConfigurationDefinitions() {
        return new ArrayList<>(super.getRouteConfigurationDefinitions());
    }

    /**
     * Stops the routes and removes them with their definitions and the endpoints that only they used. Ids of no route
     * are ignored.
     *
     * @param patienceMillis how long exchanges that are under way may take, all together, before their routes are
     *     stopped all the same
     */
    void removeRoutes(Set<String> ids, long patienceMillis) throws Exception {
        getLock().lock();
        try {
            List<RouteService> leaving = ids.stream()
                    .map(getRouteServices()::get)
                    .filter(Objects::nonNull)
                    .toList();
            List<RouteStartupOrder> order = leaving.stream()
                    .<RouteStartupOrder>map(route -> new DefaultRouteStartupOrder(1, route.getRoute(), route))
                    .toList();
            getShutdownStrategy().shutdown(this, order, patienceMillis, TimeUnit.MILLISECONDS);
            Set<Endpoint> endpoints = new LinkedHashSet<>();
            // for each route that leaves a group Camel looks through all whether one of the group is left: the last one
            // is enough
            List<Route> hooks = leaving.stream()
                    .map(RouteService::getRoute)
                    .filter(route -> HookRoutes.GROUP.equals(route.getGroup()))
                    .toList();
            hooks.stream()
                    .limit(Math.max(0, hooks.size() - 1))
                    .forEach(route -> route.getProperties().remove(Route.GROUP_PROPERTY));
            for (RouteService route : leaving) {
                if (closing) {
                    return; // all routes go
                }
                endpoints.addAll(route.gatherEndpoints());
                route.setRemovingRoutes(true);
                shutdownRouteService(route, LoggingLevel.DEBUG);
                getRouteServices().remove(route.getId());
            }
            getCamelContextExtension()
                    .getRouteStartupOrder()
                    .removeIf(started -> ids.contains(started.getRoute().getRouteId()));
            getRouteDefinitions().removeIf(route -> ids.contains(route.getRouteId()));
            getRouteServices().values().forEach(route -> endpoints.removeAll(route.gatherEndpoints()));
            endpoints.forEach(this::removeByKey);
        } finally {
            getLock().unlock();
        }
    }

    /** Camel walks through its routes without the lock when it stops: whoever removes some must have ended. */
    @Override
    protected void doStop() throws Exception {
        closing = true;
        getLock().lock();
        getLock().unlock();
        super.doStop();
    }

    /**
     * {@code removeEndpoint} looks through all endpoints for this one, and {@code removeEndpoints} would take the uri
     * for a pattern if it were no key.
     */
    private void removeByKey(Endpoint endpoint) {
        if (hasEndpoint(endpoint.getEndpointUri()) == endpoint) {
            removeEndpoints(endpoint.getEndpointUri());
        }
    }
}
