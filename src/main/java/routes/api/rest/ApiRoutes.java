package routes.api.rest;

import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Loads the routes of the API when all others run: reading the contract takes half a second, for which no event should wait. Readiness comes after it; who asks before gets 503.
 */
@Component
@ConditionalOnWebApplication
final class ApiRoutes {

    private static final String ROUTES = "classpath:camel/api.yaml";

    private final CamelContext camel;
    private volatile boolean loaded;

    ApiRoutes(CamelContext camel) {
        this.camel = camel;
    }

    boolean areLoaded() {
        return loaded;
    }

    @EventListener(ApplicationStartedEvent.class)
    void load() throws Exception {
        camel.addRoutes(new OperationRoutes());
        PluginHelper.getRoutesLoader(camel).loadRoutes(PluginHelper.getResourceLoader(camel).resolveResource(ROUTES));
        loaded = true;
    }
}
