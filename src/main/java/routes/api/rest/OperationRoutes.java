package routes.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.apache.camel.builder.RouteBuilder;

/**
 * A route {@code direct:{operationId}} for each operation of {@code openapi.yaml} that is a bean of that name,
 * {@code api-{operation-id}} in group {@code api} unless {@code x-route} names it otherwise. The others have routes of
 * their own: pushes in {@code push.yaml}.
 */
final class OperationRoutes extends RouteBuilder {

    private final JsonNode contract;

    OperationRoutes(JsonNode contract) {
        this.contract = contract;
    }

    @Override
    public void configure() {
        for (JsonNode path : contract.path("paths")) {
            for (JsonNode operation : path) {
                String id = operation.path("operationId").asText();
                if (getContext().getRegistry().lookupByNameAndType(id, ApiOperation.class) != null) {
                    from("direct:" + id)
                            .routeId(operation
                                    .path("x-route")
                                    .asText("api-"
                                            + id.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT)))
                            .group("api")
                            .description(operation.path("summary").asText())
                            .routeConfigurationId("api")
                            .process(id);
                }
            }
        }
    }
}
