package routes.hooks.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.event.OpsEvent;

class HookVariablesTest {

    private static final HookType WEBHOOK = HookTypes.builtIn().find("webhook").orElseThrow();

    private static Map<String, String> variables(String payload, String type, String url, String additional) {
        EventHook hook = new EventHook(
                "ns", "h", type, "ops.>", url, Map.of(), Keywords.NONE, additional, false, new Origin("t", 1, 1));
        OpsEvent event = OpsEvent.parse("ops.clusters.c.nodes.n.events", payload.getBytes(StandardCharsets.UTF_8), "7");
        return HookVariables.of(
                hook,
                HookTypes.builtIn().find(type).orElse(WEBHOOK),
                event,
                "7/ns/h",
                2,
                Instant.ofEpochSecond(1_700_000_000));
    }

    private static final String EVENT = """
            {"specversion":"1.0","id":"7","source":"s","type":"Kube","subject":"ops.clusters.c.nodes.n.events","time":"2025-12-23T02:03:04Z",\
            "data":{"type":"Warning","reason":"R","message":"a <b> & 节点\\u2028 \\"q\\""}}""";

    @Test
    void jsonIsEscapedAsTheOriginalDoesAndTextBeyondAsciiStays() {
        Map<String, String> variables = variables(EVENT, "xiezuo", "http://h", "x");
        assertThat(variables.get("messageJson"))
                .contains("a \\u003cb\\u003e \\u0026 节点\\u2028 \\\"q\\\"")
                .endsWith("x\"");
        assertThat(variables.get("message")).endsWith("message: a <b> & 节点\u2028 \"q\" \nx");
    }

    @Test
    void everyPropertyOfTheTypeHasAValue() {
        assertThat(variables(EVENT, "webhook", "http://h", ""))
                .containsEntry("format", "text")
                .containsEntry("attempt", "2")
                .containsEntry("deliveryId", "7/ns/h")
                .containsEntry("timestamp", "1700000000")
                .containsEntry("time", "2025-12-23T02:03:04Z")
                .containsEntry("hook", "ns/h");
    }

    @Test
    void aForwardedEventHasItsTargetAndTheHookItPassedThrough() {
        Map<String, String> variables = variables(EVENT, "event", "alerts", "");
        assertThat(variables).containsEntry("target", "ops.clusters.c.nodes.n.alerts");
        OpsEvent forwarded = OpsEvent.parse(
                variables.get("target"), variables.get("event").getBytes(StandardCharsets.UTF_8), "none");
        assertThat(forwarded.id()).isEqualTo("7/ns/h");
        assertThat(forwarded.passedHooks()).isEqualTo(List.of("ns/h"));
        assertThat(forwarded.text()).isEqualTo(variables.get("text"));
    }

    @Test
    void whatIsNoCloudEventIsWrapped() {
        Map<String, String> variables = variables("just <text>", "webhook", "http://h", "!");
        assertThat(variables)
                .containsEntry("text", "just <text>")
                .containsEntry("message", "just <text>!")
                .containsEntry("data", "{\"data\":\"just \\u003ctext\\u003e\"}");
        assertThat(OpsEvent.parse("ops.x", variables.get("event").getBytes(StandardCharsets.UTF_8), "none")
                        .isCloudEvent())
                .isTrue();
    }
}
