package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StandstillsTest {

    private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos(); // nanoTime may start anywhere, and overflow
    private final Standstills standstills = new Standstills(() -> now);

    private void runs(Duration time) {
        for (long end = now + time.toNanos(); end - now > 0; ) {
            now += Math.min(end - now, Duration.ofMillis(100).toNanos());
            standstills.look();
        }
    }

    private void stands(Duration time) {
        now += time.toNanos();
    }

    @Test
    void whatWasUnderWayDuringAStandstillIsSpoiltAlsoBeforeTheThreadHasWoken() {
        runs(Duration.ofSeconds(1));
        long began = now;
        runs(Duration.ofSeconds(3));
        stands(Duration.ofSeconds(33));
        assertThat(standstills.within(began, now)).isEqualTo(Duration.ofSeconds(33));
        assertThat(standstills.spoilt(began, now)).isTrue();
        runs(Duration.ofSeconds(7));
        assertThat(standstills.spoilt(began, now)).isTrue();
    }

    @Test
    void whatBeganLaterOrEndedBeforeIsNot() {
        long early = now;
        runs(Duration.ofSeconds(1));
        long before = now;
        stands(Duration.ofSeconds(33));
        standstills.look();
        long began = now;
        runs(Duration.ofSeconds(10));
        assertThat(standstills.spoilt(began, now)).isFalse();
        assertThat(standstills.spoilt(early, before)).isFalse();
    }

    @Test
    void aTimeoutInWhichTheProcessMostlyRanIsTheEndpoints() {
        long began = now;
        runs(Duration.ofSeconds(7));
        stands(Duration.ofSeconds(2));
        runs(Duration.ofSeconds(3));
        assertThat(standstills.spoilt(began, now)).isFalse();
    }

    /** Against a list of every tenth of a second in which it ran or did not. */
    @Test
    void itKnowsForHowLongTheProcessDidNotRun() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            List<Long> times = new ArrayList<>();
            List<Boolean> ran = new ArrayList<>();
            for (int part = 0; part < 12; part++) {
                int tenths = random.nextInt(40);
                boolean standing = random.nextBoolean() && (part == 0 || ran.isEmpty() || ran.get(ran.size() - 1));
                for (int i = 0; i < tenths; i++) {
                    times.add(now);
                    ran.add(!standing || tenths < 10);
                    stands(Duration.ofMillis(100));
                    if (!standing) {
                        standstills.look();
                    }
                }
                standstills.look();
            }
            int from = random.nextInt(times.size() + 1);
            int to = from + random.nextInt(times.size() + 1 - from);
            long gone =
                    ran.subList(from, to).stream().filter(running -> !running).count();
            long end = to == times.size() ? now : times.get(to);
            assertThat(standstills.within(from == times.size() ? now : times.get(from), end))
                    .isEqualTo(Duration.ofMillis(100 * gone));
        }
    }
}
