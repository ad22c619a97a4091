package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final Lanes<Integer> lanes =
            new Lanes<>(8, 1_000_000, RetryLevel.ladder(List.of(Duration.ofSeconds(1))), System::nanoTime);

    @Test
    void aHookKeepsItsLaneAsLongAsItIsThere() {
        Lane<Integer> lane = lanes.of("ns/a");
        lanes.of("ns/b");
        lanes.keep("ns/a"::equals);

        assertThat(lanes.of("ns/a")).isSameAs(lane);
    }

    @Test
    void aHookThatComesAgainBeginsAnewAndWhatWaitedInItsOldLaneStillLeavesIt() {
        Lane<Integer> old = lanes.of("ns/a");
        assertThat(List.of(old.offer(1, 1), old.offer(2, 1), old.offer(3, 1)))
                .containsExactly(Lane.Place.SLOT, Lane.Place.SLOT, Lane.Place.ROOM);
        lanes.keep(hook -> false);

        assertThat(lanes.of("ns/a")).isNotSameAs(old);
        assertThat(lanes.of("ns/a").offer(4, 1)).isEqualTo(Lane.Place.SLOT);
        assertThat(old.failed()).containsExactly(3);
    }

    /** What is large and under way is bounded for all hooks together, and each may always have one. */
    @Test
    void whateverIsOfferedWhatIsUnderWayHasABoundAndNoHookStandsStill() {
        long most = Lane.Memory.MOST_UNDER_WAY;
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Lane.Memory memory = new Lane.Memory(64 << 20);
            List<RetryLevel> ladder = RetryLevel.ladder(List.of(Duration.ofSeconds(1)));
            int hooks = 1 + random.nextInt(30);
            List<Lane<int[]>> all = new ArrayList<>(); // what is offered is its size
            List<List<int[]>> running = new ArrayList<>();
            for (int i = 0; i < hooks; i++) {
                all.add(new Lane<>(32, ladder, memory, () -> 0));
                running.add(new ArrayList<>());
            }
            int largest = 1 + random.nextInt(1 << 20);
            for (int step = 0; step < 3_000; step++) {
                int hook = random.nextInt(hooks);
                Lane<int[]> lane = all.get(hook);
                List<int[]> now = running.get(hook);
                if (step < 2_000 && random.nextInt(3) > 0 || now.isEmpty()) {
                    int[] size = {random.nextInt(largest)};
                    switch (lane.offer(size, size[0])) {
                        case SLOT -> now.add(size);
                        case NONE, ROOM ->
                            assertThat(now).as("of hook %d", hook).isNotEmpty();
                    }
                } else {
                    lane.ends(now.remove(random.nextInt(now.size()))[0]);
                    now.addAll(
                            switch (random.nextInt(3)) {
                                case 0 -> lane.failed();
                                case 1 -> lane.gaveUpSlot();
                                default -> lane.answered(Duration.ofMillis(10));
                            });
                }
                long firstOfEach = (long) hooks * Lane.COPIES * largest;
                assertThat(memory.underWay()).isLessThanOrEqualTo(most + firstOfEach);
                assertThat(memory.underWay())
                        .isEqualTo(running.stream()
                                .flatMap(List::stream)
                                .mapToLong(size -> size[0] <= Lane.LARGE ? 0 : (long) Lane.COPIES * size[0])
                                .sum());
            }
        }
    }

    /** Those are bounded by the workers: a busy hook is not slowed down by large events of others. */
    @Test
    void smallOnesHaveTheirSlotsWhateverIsUnderWay() {
        for (int hook = 0; hook < 40; hook++) {
            for (int i = 0; i < 8; i++) {
                lanes.of("large/" + hook).offer(i, 1_000_000);
            }
        }
        assertThat(List.of(lanes.of("ns/a").offer(1, 4_000), lanes.of("ns/a").offer(2, 4_000)))
                .containsOnly(Lane.Place.SLOT);
    }
}
