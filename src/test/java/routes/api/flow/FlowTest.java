package routes.api.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import routes.api.RunningApi;

class FlowTest extends RunningApi {

    private long node(String id) throws Exception {
        JsonNode flow = ok(get("/flow"));
        return StreamSupport.stream(flow.path("nodes").spliterator(), false)
                .filter(node -> node.path("id").asText().equals(id))
                .mapToLong(node -> node.path("count").asLong())
                .findFirst()
                .orElse(-1);
    }

    private long edge(String from, String to) throws Exception {
        JsonNode flow = ok(get("/flow"));
        return StreamSupport.stream(flow.path("edges").spliterator(), false)
                .filter(edge -> edge.path("from").asText().equals(from)
                        && edge.path("to").asText().equals(to))
                .mapToLong(edge -> edge.path("count").asLong())
                .findFirst()
                .orElse(-1);
    }

    @Test
    void theCountsOfSourcesSubjectsHooksAndEndpointsGrowWithWhatFlows() throws Exception {
        hook("flow", "ops.notifications.providers.flow.>", inbox.url("/flow?key=secret"), "");
        String endpoint = "endpoint:" + inbox.url("").replace("http://", "");
        long pushed = Math.max(0, node("source:http"));
        long routed = node("subject:ops.>");
        long delivered = node(endpoint);
        assertThat(node("hook:api/flow")).isZero();
        for (int i = 0; i < 3; i++) {
            ok(post("/notifications/flow/test/info", "{\"n\":" + i + "}"));
        }
        publish("flow-other", "ops.notifications.providers.flow.channels.c.severities.s", "from elsewhere");
        await().until(() -> edge("hook:api/flow", endpoint) == 4);
        assertThat(node("source:http")).isEqualTo(pushed + 3);
        assertThat(node("subject:ops.>")).isEqualTo(routed + 4);
        assertThat(node("subject:ops.notifications.providers.flow.>")).isEqualTo(4);
        assertThat(node("hook:api/flow")).isEqualTo(4);
        assertThat(node(endpoint)).isEqualTo(delivered + 4);
        assertThat(node("source:others on NATS")).isPositive();
        assertThat(edge("subject:ops.>", "subject:ops.notifications.providers.flow.>"))
                .isEqualTo(4);
        assertThat(edge("source:http", "subject:ops.>")).isEqualTo(pushed + 3);
        assertThat(get("/flow").data().toString()).doesNotContain("secret");
    }
}
