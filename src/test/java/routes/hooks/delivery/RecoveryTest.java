package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    private static final List<RetryLevel> LADDER =
            RetryLevel.ladder(List.of(Duration.ofSeconds(1), Duration.ofMinutes(10)));

    private long now = 42;
    private final Lane<Integer> lane = new Lane<>(8, LADDER, new Lane.Memory(1_000_000), () -> now);

    /** Deliveries that wait, as far as a place in the stream tells. */
    private final class Waiting implements Recovery.Ladder {
        private final List<Long> places = new ArrayList<>();
        private final List<Long> handedOn = new ArrayList<>();
        private final List<Long> at = new ArrayList<>();
        private long last;
        private boolean away;
        private int hidden; // behind what waits for others, until it was searched so often

        void store(int deliveries) {
            for (int i = 0; i < deliveries; i++) {
                places.add(++last);
            }
        }

        @Override
        public int handOn(String hook, long upTo, int most) {
            int before = handedOn.size();
            while (hidden <= 0 && !places.isEmpty() && places.get(0) <= upTo && handedOn.size() - before < most) {
                handedOn.add(places.remove(0));
                at.add(now);
            }
            return handedOn.size() - before;
        }

        @Override
        public boolean search(String hook, long upTo) {
            hidden--;
            return !places.isEmpty() && places.get(0) <= upTo;
        }

        @Override
        public long last() throws IOException {
            if (away) {
                throw new IOException("NATS is away");
            }
            return last;
        }
    }

    private final Waiting waiting = new Waiting();
    private final Recovery recovery = new Recovery(waiting, () -> now);

    @AfterEach
    void close() {
        recovery.close();
    }

    private void pass(double seconds) {
        for (long end = now + (long) (seconds * 1e9); now < end; now += 100_000_000) {
            recovery.tick();
        }
    }

    private void fail(int attempts) {
        for (int i = 0; i < attempts; i++) {
            lane.offer(1, 1);
            lane.failed();
            recovery.failed("a", lane);
        }
    }

    private void answer() {
        lane.offer(1, 1);
        lane.answered(Duration.ofMillis(50));
        recovery.answered("a");
    }

    /** Each attempt fails again: it waits behind the others. */
    private void outage(double seconds) {
        for (long end = now + (long) (seconds * 1e9); now < end; ) {
            int before = waiting.handedOn.size();
            pass(0.1);
            for (int i = before; i < waiting.handedOn.size(); i++) {
                waiting.store(1);
                fail(1);
            }
        }
    }

    @Test
    void whileItFailsOneDeliveryIsAttemptedEverySecondAndLessOftenTheLongerItLasts() {
        waiting.store(500);
        fail(1);
        outage(10);
        assertThat(waiting.handedOn).hasSizeBetween(8, 10);
        int early = waiting.handedOn.size();
        outage(3_600);
        assertThat(waiting.handedOn).hasSizeBetween(early + 115, early + 160);
        for (int i = 1; i < waiting.at.size(); i++) {
            assertThat(waiting.at.get(i) - waiting.at.get(i - 1)).isBetween(900_000_000L, 31_000_000_000L);
        }
    }

    @Test
    void whatIsUnderWayIsAttemptEnough() {
        waiting.store(5);
        lane.offer(1, 1);
        fail(1);
        pass(20);
        assertThat(waiting.handedOn).isEmpty();
        lane.failed();
        pass(0.2);
        assertThat(waiting.handedOn).hasSize(1);
    }

    @Test
    void whenItAnswersAgainWhatWaitedFollowsAsFastAsTheLaneTakesIt() {
        waiting.store(5_000);
        fail(3);
        outage(12);
        waiting.handedOn.clear();
        answer();
        long stored = waiting.last;
        pass(0.1);
        waiting.store(7); // later ones are none of it
        pass(0.1);
        assertThat(waiting.handedOn).hasSize(lane.free());
        pass(30);
        assertThat(waiting.handedOn).isSorted().allMatch(place -> place <= stored);
        assertThat(waiting.places).hasSize(7);
    }

    @Test
    void whatIsBehindThatOfOthersIsSearched() {
        waiting.store(5_000);
        long stored = waiting.last;
        waiting.hidden = 7;
        fail(3);
        answer();
        pass(60);
        waiting.store(1);
        pass(60);
        assertThat(waiting.handedOn).hasSize(5_000).contains(stored);
        int searches = waiting.hidden;
        pass(600);
        assertThat(waiting.hidden).as("ends").isEqualTo(searches);
    }

    @Test
    void natsMayBeAwayMeanwhile() {
        waiting.store(10);
        fail(3);
        answer();
        waiting.away = true;
        pass(5);
        assertThat(waiting.handedOn).isEmpty();
        waiting.away = false;
        pass(1);
        assertThat(waiting.handedOn).hasSize(10);
    }

    @Test
    void itStopsWhenTheEndpointFailsOnceMoreAndGoesOnWhenThatIsOver() {
        waiting.store(5_000);
        fail(3);
        answer();
        pass(0.2);
        int brought = waiting.handedOn.size();
        fail(3);
        pass(0.9);
        assertThat(waiting.handedOn).hasSize(brought);
        answer();
        pass(60);
        assertThat(waiting.places).isEmpty();
    }

    /** Deliveries that fail for their own sake, or were under way for long, among those that are taken. */
    @Test
    void oneThatFailsEndsItNever() {
        Random random = new Random(11);
        for (double share : new double[] {0, 0.01, 0.03, 0.2}) {
            waiting.store(5_000);
            long stored = waiting.last;
            fail(3);
            answer();
            fail(1); // began before
            for (int i = 0; i < 1_000 && (waiting.places.isEmpty() || waiting.places.get(0) <= stored); i++) {
                int before = waiting.handedOn.size();
                pass(0.1);
                for (int k = before; k < waiting.handedOn.size(); k++) {
                    if (random.nextDouble() < share) {
                        waiting.store(1);
                        fail(1);
                    } else {
                        answer();
                    }
                }
            }
            assertThat(waiting.handedOn).as("%s fail", share).contains(stored);
            waiting.places.clear();
            pass(200);
        }
    }

    /** It needs no three attempts to be seen: a hook that times out has one slot. */
    @Test
    void anEndpointThatHungIsOneThatFailed() {
        waiting.store(10);
        lane.offer(1, 1);
        lane.timedOut();
        recovery.failed("a", lane);
        answer();
        pass(1);
        assertThat(waiting.handedOn).hasSize(10);
    }

    /** What an endpoint refuses for its own sake is not brought forward by each success of others. */
    @Test
    void deliveriesThatNeverSucceedAreAttemptedSeldom() {
        for (int poisoned : new int[] {1, 2, 3, 50}) {
            waiting.places.clear();
            waiting.handedOn.clear();
            waiting.store(poisoned);
            long end = now + Duration.ofHours(1).toNanos();
            fail(poisoned);
            while (now < end) {
                int before = waiting.handedOn.size();
                pass(0.5);
                int again = waiting.handedOn.size() - before;
                waiting.store(again);
                fail(again);
                answer(); // another one was taken
            }
            assertThat(waiting.handedOn.size()).as("attempts of %d", poisoned).isLessThanOrEqualTo(poisoned * 200);
            pass(200);
        }
    }

    @Test
    void whatIsOverIsForgotten() {
        fail(3);
        pass(120);
        answer();
        pass(120);
        waiting.store(10);
        pass(60);
        assertThat(waiting.handedOn).isEmpty();
    }
}
