package routes.nats.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        }
        long known = begin + count - 1;
        if (random.nextBoolean()) {
            meet(random, index, begin, subjects);
        }
        read(index, begin, subjects, known);
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

    /** Some, in about their order, as routers of several replicas do; what is missing is read now and then. */
    private static void meet(Random random, EventIndex index, long begin, List<String> subjects) {
        int others = random.nextInt(3);
        int late = 1 + random.nextInt(3_000);
        IntStream.range(0, subjects.size())
                .boxed()
                .collect(Collectors.toMap(i -> i, i -> i + random.nextInt(late)))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .filter(i -> subjects.get(i) != null && random.nextInt(others + 1) == 0)
                .forEach(i -> {
                    index.met(begin + i, Instant.now(), subjects.get(i), "id" + i, null);
                    if (random.nextInt(5_000) == 0) {
                        read(index, begin, subjects, begin + i);
                    }
                });
    }

    /** As it is read from the stream. */
    private static void read(EventIndex index, long begin, List<String> subjects, long upTo) {
        for (long sequence = index.through() + 1; sequence <= upTo; sequence++) {
            int i = (int) (sequence - begin);
            if (subjects.get(i) != null) {
                index.add(sequence, subjects.get(i), "id" + i, null);
            }
        }
        index.knownThrough(upTo);
    }

    @RepeatedTest(20)
    void whatIsMetInAnyOrderIsKnownWhenAllBeforeItIs() {
        Random random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        EventIndex index = new EventIndex(100_000);
        index.met(1, Instant.now(), "ops.a", "too early", null);
        assertThat(index.through()).isZero();
        index.startAt(ZonedDateTime.now(), 1);
        int count = 1 + random.nextInt(60_000);
        List<Integer> order =
                new ArrayList<>(IntStream.rangeClosed(1, count).boxed().toList());
        int gap = 1 + random.nextInt(count);
        order.remove(Integer.valueOf(gap));
        Collections.shuffle(order, random);
        order.forEach(sequence ->
                index.met(sequence, Instant.now(), "ops.s" + sequence % 7, "id" + sequence, "other" + sequence));
        assertThat(index.through()).as("seed %d", seed).isEqualTo(gap - 1);
        index.met(gap, Instant.now(), "ops.s" + gap % 7, "id" + gap, "other" + gap);
        assertThat(index.through()).as("seed %d", seed).isEqualTo(count);
        int any = 1 + random.nextInt(count);
        assertThat(index.of("id" + any)).as("seed %d", seed).contains((long) any);
        assertThat(index.of("other" + any)).as("seed %d", seed).contains((long) any);
        assertThat(index.count("ops.s3"::equals, 1, count))
                .as("seed %d", seed)
                .isEqualTo(
                        IntStream.rangeClosed(1, count).filter(i -> i % 7 == 3).count());
        index.met(index.through() + 1_000_000, Instant.now(), "ops.far", "far", null);
        assertThat(index.of("far")).doesNotContain(index.through() + 1_000_000);
    }

    private static LongStream downwards(long from, long to) {
        return LongStream.iterate(from, sequence -> sequence >= to, sequence -> sequence - 1);
    }

    /** What is in hand as its stream is made again, and what a stream that was set back stores under old numbers. */
    @Test
    void whatWasMetOfAStreamBeforeIsNotOfThisOneAndWhatIsMetLastCounts() {
        EventIndex index = new EventIndex(1_000);
        ZonedDateTime made = ZonedDateTime.now();
        index.startAt(made, 5);
        index.met(5, made.toInstant().minusMillis(1), "ops.before", "before", null);
        assertThat(index.through()).isEqualTo(4);
        index.met(5, made.toInstant(), "ops.lost", "lost", "lost too");
        index.met(4, made.toInstant(), "ops.older", "older", null);
        index.met(5, made.toInstant(), "ops.there", "there", null);

        assertThat(index.of("there")).containsExactly(5L);
        assertThat(List.of("before", "lost", "lost too", "older"))
                .allSatisfy(id -> assertThat(index.of(id)).isEmpty());
        assertThat(index.subjects(1, 10)).containsExactly("ops.there");
    }
}
