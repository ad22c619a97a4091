package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import routes.api.rest.ApiException;

/** A group of alerts, in the form that Alertmanager and Grafana share. */
final class AlertGroup {

    /**
     * What the alerts have in common, and each event repeats. Grafana's {@code message} is left out: it has the text of
     * all of them.
     */
    private static final List<String> COMMON = List.of(
            "receiver",
            "status",
            "groupKey",
            "groupLabels",
            "commonLabels",
            "commonAnnotations",
            "externalURL",
            "truncatedAlerts",
            "orgId",
            "title");

    private final String provider;
    private final JsonNode body;

    /** @throws ApiException when it is none */
    AlertGroup(String provider, JsonNode body) {
        this.provider = provider;
        this.body = body;
        if (!body.path("alerts").isArray()) {
            throw ApiException.bad("the body has no list \"alerts\"; " + provider
                    + " sends one in its webhook (Alertmanager's version 4)");
        }
        if (!body.path("receiver").isTextual()) {
            throw ApiException.bad("the body has no \"receiver\", which becomes the channel in the subject");
        }
    }

    Stream<Pushed> events() {
        JsonNode alerts = body.path("alerts");
        String receiver = body.path("receiver").textValue();
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        COMMON.stream().filter(body::has).forEach(name -> group.set(name, body.path(name)));
        return IntStream.range(0, alerts.size())
                .mapToObj(i -> new Alert(provider, receiver, "alerts[" + i + "]", alerts.path(i)).pushed(group));
    }
}
