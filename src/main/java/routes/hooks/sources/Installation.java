package routes.hooks.sources;

import java.util.Collection;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
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

    @Override
    public void onEndpointAdd(Endpoint endpoint) {
        if (Thread.currentThread() == thread) {
            made.add(endpoint);
        }
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
            CamelName name = new CamelName(CamelName.ROUTE, route.getRouteId());
            if (name.isOfHooks()) {
                throw new IllegalArgumentException(name.refusal());
            }
        }
    }
}
