package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CamelComponentsTest {

    private final CamelComponents components = new CamelComponents(Set.of("log", "nats"));

    @ParameterizedTest
    @ValueSource(strings = {"log:alerts", "nats:a.b?x=y", "LOG:alerts", "log://alerts"})
    void anAllowedComponentHasNoProblem(String uri) {
        assertThat(components.problem(uri)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/etc", "exec:sh?args=log:", " log:alerts", "logs:alerts", "%6cog:a", "bean:log"})
    void anyOtherComponentIsRefusedWithWhatIsAllowed(String uri) {
        assertThat(components.problem(uri)).hasValueSatisfying(problem -> assertThat(problem).contains("log, nats"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alerts", ":alerts"})
    void somethingWithoutAComponentIsNoEndpoint(String uri) {
        assertThat(components.problem(uri)).hasValueSatisfying(problem -> assertThat(problem).contains("component:name"));
    }
}
