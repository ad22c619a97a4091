package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import routes.hooks.delivery.Lane.Place;

class LaneTest {

    private static final List<RetryLevel> LADDER =
            RetryLevel.ladder(List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)));

    private static final int SIZE = 1_000;

    private final Lane.Memory memory = new Lane.Memory(100 * SIZE);
    private long now;
    private final Lane<Integer> lane = lane(8);

    private Lane<Integer> lane(int mostSlots) {
        return new Lane<>(mostSlots, LADDER, memory, () -> now);
    }

    private int slotsTaken(int offers) {
        int slots = 0;
        for (int i = 0; i < offers; i++) {
            slots += lane.offer(i, SIZE) == Place.SLOT ? 1 : 0;
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
            lane.offer(i, SIZE);
        }
        assertThat(lane.timedOut()).hasSize(8);
        assertThat(memory.left()).isEqualTo(100 * SIZE);
        assertThat(lane.offer(1, SIZE)).as("the other slot still runs").isEqualTo(Place.NONE);
        lane.timedOut();
        assertThat(lane.offer(1, SIZE)).isEqualTo(Place.SLOT);
        assertThat(lane.offer(2, SIZE)).isEqualTo(Place.NONE);
    }

    @Test
    void aHangingEndpointThatAnswersEarnsItsSlotsAgain() {
        lane.offer(0, SIZE);
        lane.timedOut();
        lane.offer(1, SIZE);
        lane.answered(Duration.ofMillis(50));
        assertThat(lane.isTimingOut()).isFalse();
        assertThat(slotsTaken(8)).isEqualTo(2);
    }

    /** Fills it until it takes no more. @return how many wait */
    private static int fill(Lane<Integer> lane) {
        int waiting = 0;
        for (Place place = Place.SLOT; place != Place.NONE; ) {
            place = lane.offer(0, SIZE);
            waiting += place == Place.ROOM ? 1 : 0;
        }
        return waiting;
    }

    @Test
    void aHookAloneTakesThreeQuartersOfTheMemoryTheNextThreeQuartersOfWhatIsLeft() {
        assertThat(fill(lane)).isEqualTo(75);
        assertThat(fill(lane(8))).isEqualTo(19);
        assertThat(fill(lane(8))).isEqualTo(5);
        for (int i = 0; i < 1_000; i++) {
            fill(lane(8));
            assertThat(memory.left()).isNotNegative();
        }
    }

    @Test
    void whatWaitsLeavesInOrderAndGivesItsMemoryBack() {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lane.offer(i, SIZE + i);
        }
        while (left.size() < 38) {
            left.addAll(lane.answered(Duration.ofMillis(50)));
        }
        assertThat(left).isEqualTo(IntStream.range(2, 40).boxed().toList());
        assertThat(memory.left()).isEqualTo(100 * SIZE);
    }

    @Test
    void whatAHookThatFailsHasNoRoomForIsHandedOutLastFirst() {
        for (int i = 0; i < 40; i++) {
            lane.offer(i, SIZE);
        }
        List<Integer> released = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(lane.excess()).isEmpty();
            released.addAll(lane.failed());
        }
        List<Integer> excess = lane.excess();
        int first = 2 + released.size();
        assertThat(excess).isEqualTo(IntStream.range(first + 8, 40).boxed().toList());
        assertThat(lane.offer(41, SIZE)).isEqualTo(Place.NONE);
        assertThat(memory.left()).isEqualTo(92 * SIZE);
        assertThat(lane.close()).hasSize(8);
        assertThat(memory.left()).isEqualTo(100 * SIZE);
    }

    /** Attempts at the same time after so many answers of an endpoint, which depend on how many there are. */
    private int slotsOf(Lane<Integer> adapting, int answers, IntToDoubleFunction millis) {
        int running = 0;
        while (adapting.offer(0, 0) == Place.SLOT) {
            running++;
        }
        for (int i = 0; i < answers; i++) {
            running += adapting.answered(Duration.ofNanos((long) (millis.applyAsDouble(running) * 1e6)))
                            .size()
                    - 1;
            while (adapting.offer(0, 0) == Place.SLOT) {
                running++;
            }
        }
        return running;
    }

    @Test
    void anEndpointThatGetsNoSlowerIsAskedForMore() {
        assertThat(slotsOf(lane(32), 200, running -> 50)).isEqualTo(32);
        assertThat(slotsOf(lane(20), 200, running -> 50)).isEqualTo(20);
        assertThat(slotsOf(lane(3), 200, running -> 50)).isEqualTo(3);
    }

    /** One that works on one request after the other, or on sixteen at a time. */
    @Test
    void anEndpointThatGetsSlowerIsNot() {
        assertThat(slotsOf(lane(32), 5_000, running -> 10 * running)).isBetween(8, 14);
        assertThat(slotsOf(lane(32), 5_000, running -> 50 * Math.max(1, running / 16.0)))
                .isBetween(14, 28);
    }

    @Test
    void anEndpointThatFailsIsAskedForLess() {
        Lane<Integer> adapting = lane(32);
        int running = slotsOf(adapting, 200, at -> 50);
        for (int i = 0; i < 50; i++) {
            running += adapting.failed().size() - 1;
        }
        while (adapting.offer(0, 0) == Place.SLOT) {
            running++;
        }
        assertThat(running).isEqualTo(2);
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
                memory,
                () -> now);
        for (int i = 0; i < 8; i++) {
            cold.offer("first", SIZE);
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
            lane.offer(i, SIZE);
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
