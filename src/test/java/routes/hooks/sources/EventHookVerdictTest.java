package routes.hooks.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.Origin;

class EventHookVerdictTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @Test
    void theFirstWordIsAWholeCondition() {
        assertThat(EventHookVerdict.accepted("u", 3).status(null, NOW))
                .contains(Map.of(
                        "observedGeneration",
                        3L,
                        "conditions",
                        List.of(Map.of(
                                "type",
                                "Accepted",
                                "status",
                                "True",
                                "reason",
                                "Accepted",
                                "message",
                                "the hook is in use",
                                "observedGeneration",
                                3L,
                                "lastTransitionTime",
                                "2026-01-02T03:04:05Z"))));
    }

    @Test
    void conditionsOfOthersAreKept() {
        Map<String, Object> other = Map.of("type", "Reachable", "status", "True");
        Map<String, Object> status = rejected(4)
                .status(Map.of("observedGeneration", 3, "conditions", List.of(other)), NOW)
                .orElseThrow();
        assertThat((List<?>) status.get("conditions")).hasSize(2).first().isEqualTo(other);
    }

    @Test
    void theTimeIsThatOfTheTurn() {
        Map<?, ?> before = EventHookVerdict.accepted("u", 3).status(null, NOW).orElseThrow();
        Instant later = NOW.plusSeconds(60);
        assertThat(transition(EventHookVerdict.accepted("u", 4).status(before, later)))
                .isEqualTo("2026-01-02T03:04:05Z");
        assertThat(transition(rejected(4).status(before, later))).isEqualTo("2026-01-02T03:05:05Z");
    }

    @Test
    void whatIsSaidIsNotSaidAgain() {
        Map<?, ?> before = rejected(3).status(null, NOW).orElseThrow();
        assertThat(rejected(3).status(before, NOW)).isEmpty();
        assertThat(rejected(4).status(before, NOW)).isPresent();
        assertThat(EventHookVerdict.accepted("u", 3).status(before, NOW)).isPresent();
    }

    @Test
    void whoSawALaterGenerationKnowsBetter() {
        Map<?, ?> before = EventHookVerdict.accepted("u", 5).status(null, NOW).orElseThrow();
        assertThat(rejected(4).status(before, NOW)).isEmpty();
    }

    @Test
    void aMessageFitsIntoACondition() {
        HookProblem endless = new HookProblem(new Origin("EventHooks ops/a", 0, 0), "ops/a", "x".repeat(100_000));
        assertThat(EventHookVerdict.rejected("u", 1, List.of(endless), Optional.of(1L))
                        .message())
                .hasSize(32_768);
    }

    private static EventHookVerdict rejected(long generation) {
        return EventHookVerdict.rejected(
                "u",
                generation,
                List.of(new HookProblem(new Origin("EventHooks ops/a", 0, 0), "ops/a", "spec.url: is required")),
                Optional.empty());
    }

    private static Object transition(Optional<Map<String, Object>> status) {
        return ((Map<?, ?>) ((List<?>) status.orElseThrow().get("conditions")).get(0)).get("lastTransitionTime");
    }
}
