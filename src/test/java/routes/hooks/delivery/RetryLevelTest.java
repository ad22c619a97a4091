package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryLevelTest {

    private static final List<RetryLevel> LADDER = RetryLevel.ladder(List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10)));

    @Test
    void levelsAreNamedAfterTheirDelayInAWayThatASubjectCanHold() {
        assertThat(LADDER).extracting(RetryLevel::name).containsExactly("1s", "5s", "30s", "2m", "10m");
        assertThat(RetryLevel.ladder(List.of(Duration.ofMillis(200))))
                .extracting(RetryLevel::name)
                .containsExactly("0_2s");
    }

    @Test
    void eachFailureWaitsLongerAndTheLastLevelIsForAllFurtherOnes() {
        assertThat(RetryLevel.afterAttempt(LADDER, 1).name()).isEqualTo("1s");
        assertThat(RetryLevel.afterAttempt(LADDER, 4).name()).isEqualTo("2m");
        assertThat(RetryLevel.afterAttempt(LADDER, 5).name()).isEqualTo("10m");
        assertThat(RetryLevel.afterAttempt(LADDER, 99).name()).isEqualTo("10m");
    }

    @Test
    void retryAfterPicksTheLevelThatIsLongEnough() {
        assertThat(RetryLevel.atLeast(LADDER, Duration.ofSeconds(5)).name()).isEqualTo("5s");
        assertThat(RetryLevel.atLeast(LADDER, Duration.ofSeconds(6)).name()).isEqualTo("30s");
        assertThat(RetryLevel.atLeast(LADDER, Duration.ofHours(6)).name()).isEqualTo("10m");
    }
}
