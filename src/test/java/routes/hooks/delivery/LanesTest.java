package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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
}
