package routes.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.ResourceHelper;

/**
 * A route {@code direct:{operationId}} for each operation of {@code openapi.yaml} that is a bean of that name, {@code api-{operation-id}} in group {@code api} unless {@code x-route}
 * names it otherwise. The others have routes of their own: pushes in {@code push.yaml}.
 */
final class OperationRoutes extends RouteBuilder {

    private static final String CONTRACT = "classpath:openapi.yaml";

    @Override
    public void configure() throws IOException {
        JsonNode contract;
        try (InputStream text = ResourceHelper.resolveMandatoryResourceAsInputStream(getContext(), CONTRACT)) {
            contract = new ObjectMapper(new YAMLFactory()).readTree(text);
        }
        for (JsonNode path : contract.path("paths")) {
            for (JsonNode operation : path) {
                String id = operation.path("operationId").asText();
                if (getContext().getRegistry().lookupByNameAndType(id, ApiOperation.class) != null) {
                    from("direct:" + id)
                            .routeId(operation.path("x-route").asText("api-" + id.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT)))
                            .group("api")
                            .description(operation.path("summary").asText())
                            .routeConfigurationId("api")
                            .process(id);
                }
            }
        }
    }
}
