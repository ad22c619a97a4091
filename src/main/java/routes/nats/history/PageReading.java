package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import routes.event.Subject;
import routes.nats.NatsBus;

/**
 * One page being read. JetStream reads forwards only. So windows of sequences are read, each behind the one before,
 * narrow where much matches and growing where little does; a window is a consumer that lives as long. Memory is bounded
 * by the query's limit and by {@value #MOST_BYTES} bytes of payload, time by {@code atMost}, cost by {@code read}.
 */
final class PageReading {

    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_IN_WINDOW = 5_000;
    private static final long FIRST_WINDOW = 256;
    /** Where one of so many messages is wanted, one by one is faster than all of them. */
    private static final int SPARSE = 20;

    private static final String ALL = ">";
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST =
            Instant.parse("2262-01-01T00:00:00Z"); // Go counts nanoseconds since 1970 in 64 bits

    private final NatsBus bus;
    private final String stream;
    private final EventFollower follower;
    private final Query query;
    private final JetStreamManagement management;
    private final List<Stored> events = new ArrayList<>();
    private final Map<String, Boolean> onPattern = new HashMap<>();
    private EventIndex index;
    private String filter; // what the server filters by
    private int skipped;
    private long bytes;
    private String stopped;

    /** @param follower of the stream; null when it has no index */
    PageReading(NatsBus bus, String stream, EventFollower follower, Query query) throws IOException {
        this.bus = bus;
        this.stream = stream;
        this.follower = follower;
        this.query = query;
        this.management = bus.management();
    }

    HistoryPage page() throws IOException, JetStreamApiException, InterruptedException {
        long end = System.nanoTime() + query.atMost().toNanos();
        StreamInfo info = management.getStreamInfo(stream);
        StreamState state = info.getStreamState();
        long first = Math.max(
                state.getFirstSequence(),
                query.from() == null ? query.after() + 1 : Math.max(query.after() + 1, sequenceAt(query.from())));
        long last = query.to() == null
                ? state.getLastSequence()
                : Math.min(state.getLastSequence(), sequenceAt(query.to()) - 1);
        if (last < first) {
            return new HistoryPage(events, 0, 0, true, 0, null);
        }
        boolean all = query.pattern().equals(ALL)
                || info.getConfiguration().getSubjects().equals(List.of(query.pattern()));
        boolean byServer = all || follower == null;
        filter = all || follower != null ? ALL : query.pattern();
        index = follower == null ? null : follower.index(info, query.read());
        long newer = !byServer || last == state.getLastSequence() ? 0 : countFrom(last + 1);
        long matching = byServer ? Math.max(0, countFrom(first) - newer) : index == null ? -1 : count(first, last);
        if (query.before() <= last) {
            last = query.before() - 1;
            newer = byServer ? countFrom(last + 1) : 0;
        }
        long next = matching == 0 || last < first
                ? 0
                : byServer && !all ? readFiltered(first, last, newer, end) : readWhole(first, last, end);
        return new HistoryPage(events, next, Math.max(0, matching), matching >= 0, skipped, stopped);
    }

    private long count(long first, long last) throws IOException, InterruptedException {
        return query.read().step(() -> index.count(this::isOnPattern, first, last));
    }

    private boolean isOnPattern(String subject) {
        return onPattern.computeIfAbsent(subject, one -> Subject.matches(query.pattern(), one));
    }

    /**
     * What may match is where the index says, and everywhere that it does not know.
     *
     * @return as {@link #readFiltered}
     */
    private long readWhole(long first, long newest, long end)
            throws IOException, JetStreamApiException, InterruptedException {
        long upTo = newest;
        long width = Math.min(MOST_IN_WINDOW, Math.max(FIRST_WINDOW, query.limit()));
        do {
            long most = Math.min(width, atMostInWindow());
            EventIndex.Places places = places(first, upTo, (int) most);
            long[] sequences = places.sequences();
            if (sequences == null) {
                upTo = readWindow(places.from(), upTo);
            } else if (sequences.length > 0 && sequences[0] - places.from() < (long) SPARSE * sequences.length) {
                upTo = readWindow(sequences[sequences.length - 1], sequences[0]);
                upTo = upTo < sequences[sequences.length - 1] ? places.from() - 1 : upTo;
            } else {
                upTo = readOneByOne(sequences, places.from());
            }
            if (isFull()) {
                long oldest = events.get(events.size() - 1).sequence();
                return oldest > first && mayHold(first, oldest - 1) ? oldest : 0;
            }
            width = Math.min(MOST_IN_WINDOW, width * 4);
        } while (upTo >= first && !isSpent(end));
        return rest(upTo, first);
    }

    private EventIndex.Places places(long first, long upTo, int most) throws IOException, InterruptedException {
        return index == null
                ? new EventIndex.Places(Math.max(first, upTo - most + 1), null)
                : query.read().step(() -> index.newest(this::isOnPattern, first, upTo, most));
    }

    private boolean mayHold(long first, long upTo) throws IOException, InterruptedException {
        EventIndex.Places places = places(first, upTo, 1);
        return places.sequences() == null || places.sequences().length > 0;
    }

    /** @return up to where is left to be read */
    private long readWindow(long from, long upTo) throws IOException, JetStreamApiException, InterruptedException {
        Kept kept = new Kept();
        try (HistoryWindow window = window(ALL, from)) {
            window.read(upTo, upTo - from + 1, message -> {
                if (isOnPattern(message.getSubject())) {
                    kept.offer(message);
                }
            });
        }
        take(kept.events);
        return kept.dropped > 0 ? kept.dropped : from - 1;
    }

    private long readOneByOne(long[] sequences, long from)
            throws IOException, JetStreamApiException, InterruptedException {
        for (long sequence : sequences) {
            Optional<Stored> found = query.read().step(() -> Stored.at(bus, stream, sequence));
            found.ifPresent(one -> query.read().took(one.payload().length));
            found.filter(query::wants).ifPresent(one -> take(new ArrayDeque<>(List.of(one))));
            if (isFull() || query.read().spent() != null) {
                return sequence - 1;
            }
        }
        return from - 1;
    }

    /** A window is read to its end, whatever time is left: while each step of it is followed by a rest, it has few. */
    private long atMostInWindow() {
        return query.read().mustRest()
                ? FIRST_WINDOW
                : Math.max(FIRST_WINDOW, query.read().messagesLeft());
    }

    private boolean isSpent(long end) {
        stopped = query.read().spent();
        if (stopped == null && System.nanoTime() - end >= 0) {
            stopped = query.atMost().toSeconds() + " s";
        }
        return stopped != null;
    }

    private long rest(long upTo, long first) {
        stopped = upTo >= first ? stopped : null;
        return upTo >= first ? upTo + 1 : 0;
    }

    /**
     * Counts are taken from the newest to the oldest, so that those of events that come meanwhile make a window look
     * fuller, never emptier.
     *
     * @param newer events after {@code newest}
     * @return where the next page starts, 0 when all is read
     */
    private long readFiltered(long first, long newest, long newer, long end)
            throws IOException, JetStreamApiException, InterruptedException {
        long upTo = newest;
        long width = Math.max(FIRST_WINDOW, query.limit());
        do {
            width = Math.min(width, atMostInWindow());
            long from = Math.max(first, upTo - width + 1);
            try (HistoryWindow window = window(filter, from)) {
                long inside = window.waiting() - newer;
                if (upTo > from && inside > MOST_IN_WINDOW) {
                    width = Math.max(1, width / Math.max(2, inside / MOST_IN_WINDOW));
                    continue;
                }
                Kept kept = new Kept();
                if (inside > 0) {
                    window.read(upTo, inside, kept::offer);
                }
                take(kept.events);
                if (isFull()) {
                    boolean older = !kept.events.isEmpty()
                            || kept.dropped > 0
                            || from > first && countFrom(first) > window.waiting();
                    return older ? events.get(events.size() - 1).sequence() : 0;
                }
                upTo = kept.dropped > 0 ? kept.dropped : from - 1;
                newer = kept.dropped > 0 ? countFrom(upTo + 1) : window.waiting();
                width = inside < MOST_IN_WINDOW / 4 ? width * 4 : width;
            }
        } while (upTo >= first && !isSpent(end));
        return rest(upTo, first);
    }

    private HistoryWindow window(String pattern, long from)
            throws IOException, JetStreamApiException, InterruptedException {
        return query.read().step(() -> new HistoryWindow(bus, stream, pattern, from, query.read()));
    }

    private boolean isFull() {
        return events.size() == query.limit() || bytes > MOST_BYTES;
    }

    private void take(Deque<Stored> found) {
        while (!found.isEmpty() && !isFull()) {
            Stored event = found.removeLast();
            if (skipped < query.skip()) {
                skipped++;
            } else {
                events.add(event);
                bytes += event.payload().length;
            }
        }
    }

    private long countFrom(long sequence) throws IOException, JetStreamApiException, InterruptedException {
        try (HistoryWindow window = window(filter, sequence)) {
            return window.waiting();
        }
    }

    private long sequenceAt(Instant time) throws IOException, JetStreamApiException {
        Instant known = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
        try (HistoryWindow window = new HistoryWindow(bus, stream, known, query.read())) {
            return window.from();
        }
    }

    /** The newest of a window, so many as the page still takes. */
    private final class Kept {

        private final Deque<Stored> events = new ArrayDeque<>();
        private final int room = query.skip() - skipped + query.limit() - PageReading.this.events.size();
        private long bytes;
        private long dropped; // the newest sequence that was wanted and found no room

        private void offer(Message message) {
            Stored event = Stored.of(stream, message);
            if (!query.wants(event)) {
                return;
            }
            events.addLast(event);
            bytes += event.payload().length;
            while (events.size() > room || bytes > MOST_BYTES && events.size() > 1) {
                Stored oldest = events.removeFirst();
                bytes -= oldest.payload().length;
                dropped = oldest.sequence();
            }
        }
    }
}
