package routes.hooks.sources;

import java.util.Collection;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Sees what the thread that made it brings into the context (other threads bring things meanwhile): notes its
 * endpoints, and refuses routes that stand where a hook's are to stand, whichever way their file says so.
 */
final class Installation extends LifecycleStrategySupport {

    /** As Camel writes it. */
    private static final String HOOK = "direct://hook:";

    private final Thread thread = Thread.currentThread();
    private final Set<Endpoint> made;

    Installation(Set<Endpoint> made) {
        this.made = made;
    }

    /** Before the instance of a Kamelet that it calls is there, and in the place of another. */
    @Override
    public void onEndpointAdd(Endpoint endpoint) {
        if (Thread.currentThread() != thread) {
            return;
        }
        if (endpoint instanceof KameletEndpoint kamelet) {
            refuseOfHooks(kamelet.getRouteId());
        }
        made.add(endpoint);
    }

    /** They have not begun yet. */
    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        if (Thread.currentThread() != thread) {
            return;
        }
        for (Route route : routes) {
            if (route.getEndpoint().getEndpointUri().startsWith(HOOK)) {
                throw new IllegalArgumentException("route " + route.getRouteId() + " listens on "
                        + route.getEndpoint().getEndpointUri()
                        + ": what begins with direct:hook: is the hooks' own; give it another name");
            }
            refuseOfHooks(route.getRouteId());
        }
    }

    private static void refuseOfHooks(String route) {
        CamelName name = new CamelName(CamelName.ROUTE, route);
        if (name.isOfHooks()) {
            throw new IllegalArgumentException(name.refusal());
        }
    }
}
