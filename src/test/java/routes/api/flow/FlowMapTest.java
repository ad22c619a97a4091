package routes.api.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.api.flow.FlowMap.Edge;
import routes.api.flow.FlowMap.Node;

class FlowMapTest {

    @Test
    void whatComesInGoesThroughSubjectsAndHooksToEndpoints() {
        FlowMap map = FlowMap.of(
                Map.of("http", 7L),
                9,
                List.of(
                        new FlowHook("a/one", "ops.x.*", "chat", false, 5, 4),
                        new FlowHook("a/two", "ops.x.*", "chat", false, 3, 3),
                        new FlowHook("a/all", "ops.>", "ops.alerts", true, 2, 2)));
        assertThat(map.nodes())
                .containsExactlyInAnyOrder(
                        new Node("source:http", "source", "http", 7),
                        new Node("subject:ops.>", "subject", "ops.>", 9),
                        new Node("subject:ops.x.*", "subject", "ops.x.*", 8),
                        new Node("hook:a/one", "hook", "a/one", 5),
                        new Node("hook:a/two", "hook", "a/two", 3),
                        new Node("hook:a/all", "hook", "a/all", 2),
                        new Node("endpoint:chat", "endpoint", "chat", 7),
                        new Node("endpoint:ops.alerts", "endpoint", "ops.alerts", 2));
        assertThat(map.edges())
                .containsExactlyInAnyOrder(
                        new Edge("source:http", "subject:ops.>", 7),
                        new Edge("subject:ops.>", "subject:ops.x.*", 8),
                        new Edge("subject:ops.x.*", "hook:a/one", 5),
                        new Edge("subject:ops.x.*", "hook:a/two", 3),
                        new Edge("subject:ops.>", "hook:a/all", 2),
                        new Edge("hook:a/one", "endpoint:chat", 4),
                        new Edge("hook:a/two", "endpoint:chat", 3),
                        new Edge("hook:a/all", "endpoint:ops.alerts", 2));
        assertThat(map.hooksLeftOut()).isZero();
    }

    @Test
    void aThousandHooksMakeAMapOfHundredsAndNothingIsMissingFromTheCounts() {
        List<FlowHook> hooks = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            hooks.add(new FlowHook("a/h" + i, "ops.s" + i % 300 + ".>", "host" + i, false, i, i));
        }
        FlowMap map = FlowMap.of(Map.of(), 0, hooks);
        assertThat(map.hooksLeftOut()).isEqualTo(800);
        for (String kind : List.of("subject", "hook", "endpoint")) {
            assertThat(map.nodes().stream()
                            .filter(node -> node.kind().equals(kind))
                            .mapToLong(Node::count)
                            .sum())
                    .as(kind)
                    .isEqualTo(499_500);
            assertThat(map.nodes().stream()
                            .filter(node -> node.kind().equals(kind))
                            .count())
                    .as(kind)
                    .isLessThanOrEqualTo(2 * FlowMap.MOST_OF_A_KIND + 1);
        }
        assertThat(map.nodes())
                .contains(new Node("hook:a/h999", "hook", "a/h999", 999))
                .noneMatch(node -> node.id().equals("hook:a/h799"));
        assertThat(map.nodes().stream()
                        .filter(node -> node.label().endsWith(" more"))
                        .mapToInt(node -> Integer.parseInt(node.label().replace(" more", "")))
                        .sum())
                .isEqualTo(800);
        List<String> ids = map.nodes().stream().map(Node::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(map.edges()).allMatch(edge -> ids.contains(edge.from()) && ids.contains(edge.to()));
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:key@chat.example.com:8443/hook?key=secret, chat.example.com:8443",
        "http://[::1]:8080/…, [::1]:8080",
        "https://host, host",
        "log:incidents, log:",
        "smtp:user:password@host, smtp:",
        "'kafka:topic?sasl=secret', kafka:"
    })
    void anEndpointIsNamedWithoutAnythingThatMayBeSecret(String url, String endpoint) {
        assertThat(FlowHook.endpoint(url)).isEqualTo(endpoint);
    }
}
