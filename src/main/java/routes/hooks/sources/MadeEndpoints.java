package routes.hooks.sources;

import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.support.LifecycleStrategySupport;

/** Notes the endpoints that the thread that made it makes: other threads make some meanwhile. */
final class MadeEndpoints extends LifecycleStrategySupport {

    private final Thread thread = Thread.currentThread();
    private final Set<Endpoint> made;

    MadeEndpoints(Set<Endpoint> made) {
        this.made = made;
    }

    @Override
    public void onEndpointAdd(Endpoint endpoint) {
        if (Thread.currentThread() == thread) {
            made.add(endpoint);
        }
    }
}
