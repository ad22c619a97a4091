package routes.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.InputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Loads the routes of the API when all others run: reading the contract takes half a second, for which no event should
 * wait. Readiness comes after it; who asks before gets 503.
 */
@Component
@ConditionalOnWebApplication
final class ApiRoutes {

    private static final String CONTRACT = "classpath:openapi.yaml";
    private static final String ROUTES = "classpath:camel/api.yaml";

    private final CamelContext camel;
    private final ServerThreads server;
    private volatile ApiMethods methods;

    ApiRoutes(CamelContext camel, ServerThreads server) {
        this.camel = camel;
        this.server = server;
    }

    /** Null until they are loaded. */
    ApiMethods methods() {
        return methods;
    }

    @EventListener(ApplicationStartedEvent.class)
    void load() throws Exception {
        JsonNode contract;
        try (InputStream text = ResourceHelper.resolveMandatoryResourceAsInputStream(camel, CONTRACT)) {
            contract = new YAMLMapper().readTree(text);
        }
        server.own(() -> {
            camel.addRoutes(new OperationRoutes(contract));
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(PluginHelper.getResourceLoader(camel).resolveResource(ROUTES));
            return null;
        });
        methods = new ApiMethods(contract);
    }
}
