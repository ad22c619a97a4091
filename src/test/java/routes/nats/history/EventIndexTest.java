package routes.nats.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import routes.event.Subject;

class EventIndexTest {

    @Test
    void ofAMillionIdsOneIsLookedUpInMilliseconds() {
        EventIndex index = new EventIndex(1_000_000);
        for (int i = 1; i <= 1_000_000; i++) {
            index.add(i, "ops.a.s" + i % 1_000, "cluster/0d5a7a2e-8c2f-4b1e-9a3d-" + i + "/" + i, null);
        }
        assertThat(index.of("cluster/0d5a7a2e-8c2f-4b1e-9a3d-77/77"))
                .contains(77L)
                .hasSizeLessThan(10);
        assertThat(index.of("nobody")).hasSizeLessThan(10);
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            index.of("nobody" + i);
            assertThat(index.newest(subject -> false, 1, 1_000_000, 10).sequences())
                    .isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(Duration.ofSeconds(8)); // 200 ms each, on any machine
    }

    /**
     * Walked from the newest to the oldest, with gaps and forgotten messages, it names every message on a pattern once,
     * and all those of which it knows nothing.
     */
    @RepeatedTest(20)
    void whatMayBeOnAPatternIsNamedOnceTheNewestFirst() {
        Random random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        EventIndex index = new EventIndex(20_000 + random.nextInt(60_000));
        long begin = 1 + random.nextInt(50_000);
        index.startAt(ZonedDateTime.now(), begin);
        List<String> subjects = new ArrayList<>(); // of the sequences from begin on
        int count = random.nextInt(80_000);
        int kinds = 1 + random.nextInt(300);
        for (int i = 0; i < count; i++) {
            String subject =
                    random.nextInt(10) == 0 ? null : "ops.c" + random.nextInt(3) + ".n" + random.nextInt(kinds);
            subjects.add(subject);
            if (subject != null) {
                index.add(begin + i, subject, "id" + i, null);
            }
        }
        long known = begin + count - 1;
        index.knownThrough(known);
        long last = known + random.nextInt(2_000); // some have come since
        Predicate<String> pattern = subject -> Subject.matches(kinds % 2 == 0 ? "ops.*.n1" : "ops.c1.>", subject);
        long first = begin + random.nextInt(count + 1);
        List<Long> expected = downwards(last, first)
                .boxed()
                .filter(sequence -> sequence > known
                        || sequence < index.from()
                        || subjects.get((int) (sequence - begin)) != null
                                && pattern.test(subjects.get((int) (sequence - begin))))
                .toList();
        List<Long> named = new ArrayList<>();
        int limit = 1 + random.nextInt(400);
        for (long upTo = last; upTo >= first; ) {
            EventIndex.Places places = index.newest(pattern, first, upTo, limit);
            assertThat(places.from()).as("seed %d", seed).isBetween(first, upTo);
            (places.sequences() == null ? downwards(upTo, places.from()) : LongStream.of(places.sequences()))
                    .forEach(named::add);
            upTo = places.from() - 1;
        }
        assertThat(named).as("seed %d", seed).isEqualTo(expected);
        long wholly = index.count(pattern, first, known);
        assertThat(wholly)
                .as("seed %d", seed)
                .isEqualTo(
                        first < index.from()
                                ? -1
                                : expected.stream()
                                        .filter(sequence -> sequence <= known)
                                        .count());
    }

    private static LongStream downwards(long from, long to) {
        return LongStream.iterate(from, sequence -> sequence >= to, sequence -> sequence - 1);
    }
}
