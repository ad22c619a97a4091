package routes.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs factories as all tests are run. */
class NoEmptyFactoryTest {

    static final class Factories {

        @TestFactory
        Stream<DynamicTest> emptyStream() {
            return Stream.empty();
        }

        @TestFactory
        List<DynamicTest> emptyList() {
            return List.of();
        }

        @TestFactory
        DynamicTest[] emptyArray() {
            return new DynamicTest[0];
        }

        @TestFactory
        Stream<DynamicTest> two() {
            return Stream.of("a", "b").map(name -> DynamicTest.dynamicTest(name, () -> {}));
        }

        @TestFactory
        DynamicTest one() {
            return DynamicTest.dynamicTest("c", () -> {});
        }
    }

    @Test
    void aFactoryThatFindsNothingFailsAndTheOthersRun() {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Factories.class))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException().getMessage())
                .containsExactlyInAnyOrder(
                        "Factories.emptyStream found nothing to test",
                        "Factories.emptyList found nothing to test",
                        "Factories.emptyArray found nothing to test");
        assertThat(summary.getTestsSucceededCount()).isEqualTo(3);
    }
}
