package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import routes.hooks.delivery.Lane.Place;

class LaneTest {

    private static final List<RetryLevel> LADDER =
            RetryLevel.ladder(List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)));

    private final AtomicInteger waitingEverywhere = new AtomicInteger();
    private long now;
    private final Lane<Integer> lane = new Lane<>(8, LADDER, waitingEverywhere, 1_000, () -> now);

    private int slotsTaken(int offers) {
        int slots = 0;
        for (int i = 0; i < offers; i++) {
            slots += lane.offer(i) == Place.SLOT ? 1 : 0;
        }
        return slots;
    }

    @Test
    void slotsAreEarnedByAnswersUpToTheMost() {
        assertThat(slotsTaken(3)).isEqualTo(2);
        int running = 2;
        for (int i = 0; i < 100; i++) {
            running += lane.answered(Duration.ofMillis(50)).size() - 1;
            running += slotsTaken(3);
        }
        assertThat(running).isEqualTo(8);
    }

    @Test
    void anEndpointThatHangsKeepsOneSlotAndLetsNobodyWait() {
        for (int i = 0; i < 10; i++) {
            lane.offer(i);
        }
        assertThat(lane.timedOut()).hasSize(8);
        assertThat(waitingEverywhere).hasValue(0);
        assertThat(lane.offer(1)).as("the other slot still runs").isEqualTo(Place.NONE);
        lane.timedOut();
        assertThat(lane.offer(1)).isEqualTo(Place.SLOT);
        assertThat(lane.offer(2)).isEqualTo(Place.NONE);
    }

    @Test
    void aHangingEndpointThatAnswersEarnsItsSlotsAgain() {
        lane.offer(0);
        lane.timedOut();
        lane.offer(1);
        lane.answered(Duration.ofMillis(50));
        assertThat(lane.isTimingOut()).isFalse();
        assertThat(slotsTaken(8)).isEqualTo(2);
    }

    @Test
    void theWaitingRoomsOfAllLanesTogetherAreBounded() {
        waitingEverywhere.set(1_000);
        assertThat(slotsTaken(2)).isEqualTo(2);
        assertThat(lane.offer(3)).isEqualTo(Place.NONE);
    }

    @Test
    void aBacklogIsSpreadSoThatEachLevelLastsUntilTheNextComesRound() {
        Map<String, Integer> held = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            held.merge(lane.levelWhenBusy().name(), 1, Integer::sum);
        }
        // 8 slots of 50 ms deliver 160 a second
        assertThat(held)
                .containsEntry("1s", 160 * 5)
                .containsEntry("5s", 160 * 30)
                .containsEntry("30s", 20_000 - 160 * 35);
    }

    @Test
    void aFewSlowAnswersDoNotSendABurstToALongLevel() {
        Lane<String> cold = new Lane<>(
                8,
                RetryLevel.ladder(List.of(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10))),
                new AtomicInteger(),
                1_000,
                () -> now);
        for (int i = 0; i < 8; i++) {
            cold.offer("first");
            cold.answered(Duration.ofSeconds(1));
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(cold.levelWhenBusy().delay()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void aLevelHasRoomAgainWhenWhatItHeldHasComeBack() {
        for (int i = 0; i < 1_000; i++) {
            lane.levelWhenBusy();
        }
        assertThat(lane.levelWhenBusy().name()).isEqualTo("5s");
        now += Duration.ofSeconds(1).toNanos();
        assertThat(lane.levelWhenBusy().name()).isEqualTo("1s");
    }

    @Test
    void aDeadEndpointsBacklogNeverCirclesOnceASecond() {
        for (int i = 0; i < 3; i++) {
            lane.offer(i);
            lane.failed();
        }
        Map<String, Integer> held = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            held.merge(lane.levelWhenBusy().name(), 1, Integer::sum);
        }
        assertThat(held.get("1s")).isLessThan(10);
        assertThat(held.get("30s")).isGreaterThan(49_900);
    }
}
