package routes.hooks.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.hooks.spec.Hooks.kamelet;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import routes.hooks.spec.HookType.Property;
import routes.hooks.spec.HookType.UrlKind;

class HookTypesTest {

    @Test
    void aKameletSaysWhatItsHooksMayWrite() {
        HookType type = Hooks.TYPES.find("pager").orElseThrow();
        assertThat(type.url()).isEqualTo(UrlKind.HTTP);
        assertThat(type.options()).containsExactlyInAnyOrder("team", "level", "loud");
        assertThat(type.properties().values())
                .containsExactly(
                        new Property("team", "string", null, List.of(), true),
                        new Property("level", "integer", "3", List.of(), false),
                        new Property("loud", "boolean", null, List.of(), false));
        assertThat(type.parameters()).containsExactly("team");
    }

    @Test
    void theUrlIsAParameterOnlyWhenTheTemplateRefersToIt() {
        assertThat(Hooks.TYPES.find("camel").orElseThrow().parameters()).containsExactly("url");
        assertThat(Hooks.TYPES.find("camel").orElseThrow().options()).isEmpty();
        assertThat(Hooks.TYPES.find("webhook").orElseThrow().parameters()).isEmpty();
    }

    @Test
    void aPlaceholderThatIsNoPropertyIsNoParameter() {
        HookType type = Hooks.types(
                        Map.of("x", kamelet("x", "http", "", "{}", "to: 'log:{{env:HOME}}{{some.setting}}'")))
                .find("x")
                .orElseThrow();
        assertThat(type.parameters()).isEmpty();
    }

    @Test
    void aBrokenKameletLeavesTheOthersAlone() {
        HookTypes.Loading loading = Hooks.TYPES.plus(Map.of(
                Path.of("hooks/types/good.kamelet.yaml"), kamelet("good", "http", "", "{}", "to: log:x"),
                Path.of("hooks/types/broken.kamelet.yaml"), "kind: [",
                Path.of("hooks/types/empty.kamelet.yaml"), "kind: Kamelet\nmetadata: {name: empty}\n",
                Path.of("hooks/types/other.kamelet.yaml"), kamelet("another", "http", "", "{}", "to: log:x"),
                Path.of("hooks/types/webhook.kamelet.yaml"), kamelet("webhook", "http", "", "{}", "to: log:x"),
                Path.of("hooks/types/odd.kamelet.yaml"), kamelet("odd", "gopher", "", "{}", "to: log:x")));
        assertThat(loading.types().names())
                .containsExactly("camel", "elasticsearch", "event", "good", "pager", "webhook", "xiezuo");
        assertThat(loading.types().find("webhook")).isEqualTo(Hooks.TYPES.find("webhook"));
        assertThat(loading.problems())
                .extracting(HookProblem::toString)
                .satisfiesExactlyInAnyOrder(
                        text -> assertThat(text).startsWith("hooks/types/broken.kamelet.yaml:1:8 is not YAML"),
                        text -> assertThat(text).startsWith("hooks/types/empty.kamelet.yaml:1:1 a hook type needs"),
                        text -> assertThat(text).contains("the file must be named another.kamelet.yaml"),
                        text -> assertThat(text).contains("the type webhook exists already"),
                        text -> assertThat(text).contains("opsbus.io/url: must be http, subject or endpoint"));
    }

    @Test
    void anAliasThatLeadsBackToItselfEnds() {
        String text = kamelet("x", "http", "", "{}", "to: &loop {uri: log:x, again: *loop}");
        assertThat(HookTypes.NONE
                        .plus(Map.of(Path.of("x.kamelet.yaml"), text))
                        .types()
                        .names())
                .containsExactly("x");
    }
}
