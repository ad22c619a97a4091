package routes.nats.history;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What to read of a stream, the newest first.
 *
 * @param pattern subject with wildcards, below the stream's own subjects
 * @param after only sequences above
 * @param before only sequences below
 * @param from stored then or later; null: from the beginning
 * @param to stored before; null: to the end
 * @param wanted null: all
 * @param skip so many newer ones are left out
 * @param limit most events of the page
 * @param atMost time for it
 * @param read the request it is for
 */
public record Query(
        String pattern,
        long after,
        long before,
        Instant from,
        Instant to,
        Predicate<Stored> wanted,
        int skip,
        int limit,
        Duration atMost,
        HistoryRead read) {

    public static Query of(String pattern) {
        return new Query(
                pattern, 0, Long.MAX_VALUE, null, null, null, 0, 10, Duration.ofSeconds(5), HistoryRead.free());
    }

    public Query after(long sequence) {
        return new Query(pattern, sequence, before, from, to, wanted, skip, limit, atMost, read);
    }

    public Query before(long sequence) {
        return new Query(pattern, after, sequence, from, to, wanted, skip, limit, atMost, read);
    }

    public Query between(Instant fromOrNull, Instant toOrNull) {
        return new Query(pattern, after, before, fromOrNull, toOrNull, wanted, skip, limit, atMost, read);
    }

    public Query where(Predicate<Stored> predicate) {
        return new Query(pattern, after, before, from, to, predicate, skip, limit, atMost, read);
    }

    public Query skip(int newer) {
        return new Query(pattern, after, before, from, to, wanted, newer, limit, atMost, read);
    }

    public Query limit(int most) {
        return new Query(pattern, after, before, from, to, wanted, skip, most, atMost, read);
    }

    public Query within(Duration time) {
        return new Query(pattern, after, before, from, to, wanted, skip, limit, time, read);
    }

    public Query by(HistoryRead request) {
        return new Query(pattern, after, before, from, to, wanted, skip, limit, atMost, request);
    }

    boolean wants(Stored event) {
        return (from == null || !event.stored().isBefore(from))
                && (to == null || event.stored().isBefore(to))
                && (wanted == null || wanted.test(event));
    }
}
