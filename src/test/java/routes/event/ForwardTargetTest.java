package routes.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.compat.Recorded;

class ForwardTargetTest {

    @TestFactory
    Stream<DynamicTest> targetsAreThoseOfTheOriginal() {
        return Recorded.cases("forward-targets.json")
                .map(c -> DynamicTest.dynamicTest(
                        c.path("Url").asText() + " from " + c.path("Source").asText(),
                        () -> assertThat(ForwardTarget.resolve(
                                        c.path("Url").asText(), c.path("Source").asText()))
                                .isEqualTo(c.path("Target").asText())));
    }

    @ParameterizedTest
    @CsvSource({
        "ops.clusters.*.namespaces.*.jobs.*.alerts, ops.clusters.c9.namespaces.batch.jobs.nightly.events, ops.clusters.c9.namespaces.batch.jobs.nightly.alerts",
        "ops.all.*.*.*,  ops.clusters.c9.nodes.n.events, ops.all.clusters.c9.nodes",
        "Alerts,         ops.clusters.c9.nodes.n.events, ops.clusters.c9.nodes.n.alerts",
        "ops.Everything, ops.clusters.c9.nodes.n.events, ops.everything"
    })
    void wildcardsTakeTokensAndASuffixReplacesTheLast(String url, String source, String target) {
        assertThat(ForwardTarget.resolve(url, source)).isEqualTo(target);
    }

    @Test
    void wildcardsWithoutASourceTokenAreLeftAndNotConcrete() {
        String target = ForwardTarget.resolve("ops.*.*.*.alerts", "ops.x");

        assertThat(target).isEqualTo("ops.x.*.*.alerts");
        assertThat(Subject.isConcrete(target)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts", "x.y", "ops.clusters.*.nodes.*.alerts", "ops.a", "*.alerts", "OPS.*.x"})
    void aUrlThatCanBePublishedToHasNoProblem(String url) {
        assertThat(ForwardTarget.problem(url)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ops.clusters.*.>          | one * for each token",
                "ops.pre-*.x               | write * for the whole token",
                "ops.a b                   | white space",
                "ops..x                    | empty token",
                "other.clusters.*.alerts   | start it with ops.",
                "http://example.com/a      | is an address",
                "''                        | is empty"
            })
    void aUrlThatCanNeverBePublishedToSaysHowToWriteIt(String url, String hint) {
        assertThat(ForwardTarget.problem(url))
                .hasValueSatisfying(problem -> assertThat(problem).contains(hint));
    }
}
