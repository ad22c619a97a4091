package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.nats.MessageGone;
import routes.nats.NatsBus;
import routes.nats.Streams;
import routes.nats.WireHeaders;

/**
 * What a stream holds, the newest first:
 * <pre>
 *   new EventHistory(reads.bus(), Streams.OPS)                                // a bean; for another stream make your own, it holds nothing
 *   Page newestFirst(Query)                                                   // Query.of(pattern).before(sequence).between(from, to).where(wanted).limit(20).by(read)
 *   Optional&lt;Stored&gt; at(sequence)
 *   List&lt;String&gt; subjects(part, read)                                         // in alphabetical order
 *   Stored(stream, sequence, subject, stored, messageId, headers, payload).event()   // OpsEvent
 *   Page(events, next, matching, exact, skipped, stopped)                     // next: go on with before(next); 0 when there is nothing older
 * </pre>
 * JetStream reads forwards only. So windows of sequences are read, each behind the one before, narrow where much matches and growing where little does; a window is a consumer that
 * lives as long. In stream {@code ops} the index tells where what matches may be, and windows are read whole: a filter keeps all publishers waiting while the server counts what
 * matches (see {@link EventIndex}). The streams of opsbus' own are asked for one subject, or all. Memory is bounded by the query's limit and by {@value #MOST_BYTES} bytes of
 * payload, time by {@code atMost}, cost by {@code read}: then the page holds what was found, and {@code next} says where to go on. All methods throw {@link IOException} when NATS is
 * away or the stream is missing.
 */
public final class EventHistory {

    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_IN_WINDOW = 5_000;
    private static final long FIRST_WINDOW = 256;
    /** Where one of so many messages is wanted, one by one is faster than all of them. */
    private static final int SPARSE = 20;
    private static final String ALL = ">";
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("2262-01-01T00:00:00Z"); // Go counts nanoseconds since 1970 in 64 bits
    private static final int STREAM_NOT_FOUND = 10059;

    private final NatsBus bus;
    private final String stream;
    private final EventFollower follower;

    /** Of a stream that is not {@code ops}. */
    public EventHistory(NatsBus bus, String stream) {
        this(bus, stream, null);
    }

    /** Of stream {@code ops}. */
    EventHistory(NatsBus bus, EventFollower follower) {
        this(bus, Streams.OPS, follower);
    }

    private EventHistory(NatsBus bus, String stream, EventFollower follower) {
        this.bus = bus;
        this.stream = stream;
        this.follower = follower;
    }

    /**
     * A message of the stream.
     *
     * @param stored    when the server stored it
     * @param messageId header {@code Nats-Msg-Id}, decoded; null when it has none
     */
    public record Stored(String stream, long sequence, String subject, Instant stored, String messageId, Headers headers, byte[] payload) {

        static Stored of(String stream, Message message) {
            return of(stream, message.metaData().streamSequence(), message.getSubject(), message.metaData().timestamp().toInstant(), message.getHeaders(), message.getData());
        }

        static Stored of(String stream, long sequence, String subject, Instant stored, Headers headers, byte[] payload) {
            String messageId = headers == null ? null : headers.getFirst(NatsJetStreamConstants.MSG_ID_HDR);
            return new Stored(stream, sequence, subject, stored, messageId == null ? null : WireHeaders.decode(messageId), headers,
                    payload == null ? new byte[0] : payload);
        }

        /** A header's value, decoded; null when it has none. */
        public String header(String name) {
            String value = rawHeader(name);
            return value == null ? null : WireHeaders.decode(value);
        }

        /** The same as it is on the wire. */
        public String rawHeader(String name) {
            return headers == null ? null : headers.getFirst(name);
        }

        /** As the router sees it: a message that is no CloudEvent has its message id, else its place, as id. */
        public OpsEvent event() {
            return OpsEvent.parse(subject, payload, this::idOfMessage);
        }

        String idOfMessage() {
            return messageId != null ? messageId : stream + ":" + sequence + "@" + stored.toEpochMilli();
        }
    }

    /**
     * @param pattern subject with wildcards, below the stream's own subjects
     * @param after   only sequences above
     * @param before  only sequences below
     * @param from    stored then or later; null: from the beginning
     * @param to      stored before; null: to the end
     * @param wanted  null: all
     * @param skip    so many newer ones are left out
     * @param limit   most events of the page
     * @param atMost  time for it
     * @param read    the request it is for
     */
    public record Query(String pattern, long after, long before, Instant from, Instant to, Predicate<Stored> wanted, int skip, int limit, Duration atMost, HistoryRead read) {

        public static Query of(String pattern) {
            return new Query(pattern, 0, Long.MAX_VALUE, null, null, null, 0, 10, Duration.ofSeconds(5), HistoryRead.free());
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

        private boolean wants(Stored event) {
            return (from == null || !event.stored.isBefore(from)) && (to == null || event.stored.isBefore(to)) && (wanted == null || wanted.test(event));
        }
    }

    /**
     * @param events   the newest first
     * @param next     {@code before} of the next page; 0 when nothing that matters is older
     * @param matching events on the pattern between {@code from} and {@code to} that are in the stream, whatever {@code wanted} says of them; 0 when that is not known
     * @param exact    whether it is known
     * @param skipped  how many were left out for {@code skip}
     * @param stopped  the limit that ended it before all was searched or it was full, for people; else null
     */
    public record Page(List<Stored> events, long next, long matching, boolean exact, int skipped, String stopped) {}

    /** @throws IOException when NATS is away, or does not answer in time */
    public Page newestFirst(Query query) throws IOException {
        try {
            return new Reading(query).page();
        } catch (JetStreamApiException e) {
            throw refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading stream " + stream, e);
        } catch (IllegalStateException e) {
            throw new IOException("NATS went away while stream " + stream + " was read", e);
        }
    }

    /** Empty when it is not in the stream, or not any more. */
    public Optional<Stored> at(long sequence) throws IOException {
        try {
            MessageInfo found = bus.management().getMessage(stream, sequence);
            return Optional.of(Stored.of(stream, sequence, found.getSubject(), found.getTime().toInstant(), found.getHeaders(), found.getData()));
        } catch (JetStreamApiException e) {
            if (MessageGone.is(e)) {
                return Optional.empty();
            }
            throw refused(e);
        }
    }

    /** Subjects on which there are events and that contain {@code part}, in alphabetical order. One at a time, since the server names all of them. */
    public synchronized List<String> subjects(String part, HistoryRead read) throws IOException {
        try {
            return all(read).stream().filter(name -> name.contains(part)).sorted().toList();
        } catch (JetStreamApiException e) {
            throw refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading stream " + stream, e);
        }
    }

    private Collection<String> all(HistoryRead read) throws IOException, JetStreamApiException, InterruptedException {
        StreamInfo info = bus.management().getStreamInfo(stream);
        StreamState state = info.getStreamState();
        EventIndex index = follower == null ? null : follower.index(info, read);
        return index != null && index.knows(state.getFirstSequence(), state.getLastSequence()) ? read.step(() -> index.subjects(state.getFirstSequence(), state.getLastSequence()))
                : read.step(() -> bus.management().getStreamInfo(stream, StreamInfoOptions.allSubjects()).getStreamState().getSubjects().stream().map(io.nats.client.api.Subject::getName).toList());
    }

    private IOException refused(JetStreamApiException e) {
        String why = e.getApiErrorCode() == STREAM_NOT_FOUND ? "NATS has no stream " + stream + "; opsbus makes it when it can" : "NATS refused to read stream " + stream + ": " + e.getErrorDescription();
        return new IOException(why, e);
    }

    /** One page being read. */
    private final class Reading {

        private final Query query;
        private final JetStreamManagement management;
        private final List<Stored> events = new ArrayList<>();
        private final Map<String, Boolean> onPattern = new HashMap<>();
        private EventIndex index;
        private String filter; // what the server filters by
        private int skipped;
        private long bytes;
        private String stopped;

        private Reading(Query query) throws IOException {
            this.query = query;
            this.management = bus.management();
        }

        private Page page() throws IOException, JetStreamApiException, InterruptedException {
            long end = System.nanoTime() + query.atMost.toNanos();
            StreamInfo info = management.getStreamInfo(stream);
            StreamState state = info.getStreamState();
            long first = Math.max(state.getFirstSequence(), query.from == null ? query.after + 1 : Math.max(query.after + 1, sequenceAt(query.from)));
            long last = query.to == null ? state.getLastSequence() : Math.min(state.getLastSequence(), sequenceAt(query.to) - 1);
            if (last < first) {
                return new Page(events, 0, 0, true, 0, null);
            }
            boolean all = query.pattern.equals(ALL) || info.getConfiguration().getSubjects().equals(List.of(query.pattern));
            boolean byServer = all || follower == null;
            filter = all || follower != null ? ALL : query.pattern;
            index = follower == null ? null : follower.index(info, query.read);
            long newer = !byServer || last == state.getLastSequence() ? 0 : countFrom(last + 1);
            long matching = byServer ? Math.max(0, countFrom(first) - newer) : index == null ? -1 : count(first, last);
            if (query.before <= last) {
                last = query.before - 1;
                newer = byServer ? countFrom(last + 1) : 0;
            }
            long next = matching == 0 || last < first ? 0 : byServer && !all ? readFiltered(first, last, newer, end) : readWhole(first, last, end);
            return new Page(events, next, Math.max(0, matching), matching >= 0, skipped, stopped);
        }

        private long count(long first, long last) throws IOException, InterruptedException {
            return query.read.step(() -> index.count(this::isOnPattern, first, last));
        }

        private boolean isOnPattern(String subject) {
            return onPattern.computeIfAbsent(subject, one -> Subject.matches(query.pattern, one));
        }

        /**
         * What may match is where the index says, and everywhere that it does not know.
         *
         * @return as {@link #readFiltered}
         */
        private long readWhole(long first, long newest, long end) throws IOException, JetStreamApiException, InterruptedException {
            long upTo = newest;
            long width = Math.min(MOST_IN_WINDOW, Math.max(FIRST_WINDOW, query.limit));
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
                    long oldest = events.get(events.size() - 1).sequence;
                    return oldest > first && mayHold(first, oldest - 1) ? oldest : 0;
                }
                width = Math.min(MOST_IN_WINDOW, width * 4);
            } while (upTo >= first && !isSpent(end));
            return rest(upTo, first);
        }

        private EventIndex.Places places(long first, long upTo, int most) throws IOException, InterruptedException {
            return index == null ? new EventIndex.Places(Math.max(first, upTo - most + 1), null) : query.read.step(() -> index.newest(this::isOnPattern, first, upTo, most));
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

        private long readOneByOne(long[] sequences, long from) throws IOException, InterruptedException {
            for (long sequence : sequences) {
                Optional<Stored> found = query.read.step(() -> at(sequence));
                found.ifPresent(one -> query.read.took(one.payload.length));
                found.filter(query::wants).ifPresent(one -> take(new ArrayDeque<>(List.of(one))));
                if (isFull() || query.read.spent() != null) {
                    return sequence - 1;
                }
            }
            return from - 1;
        }

        /** A window is read to its end, whatever time is left: while each step of it is followed by a rest, it has few. */
        private long atMostInWindow() {
            return query.read.mustRest() ? FIRST_WINDOW : Math.max(FIRST_WINDOW, query.read.messagesLeft());
        }

        private boolean isSpent(long end) {
            stopped = query.read.spent();
            if (stopped == null && System.nanoTime() - end >= 0) {
                stopped = query.atMost.toSeconds() + " s";
            }
            return stopped != null;
        }

        private long rest(long upTo, long first) {
            stopped = upTo >= first ? stopped : null;
            return upTo >= first ? upTo + 1 : 0;
        }

        /**
         * Counts are taken from the newest to the oldest, so that those of events that come meanwhile make a window look fuller, never emptier.
         *
         * @param newer events after {@code newest}
         * @return where the next page starts, 0 when all is read
         */
        private long readFiltered(long first, long newest, long newer, long end) throws IOException, JetStreamApiException, InterruptedException {
            long upTo = newest;
            long width = Math.max(FIRST_WINDOW, query.limit);
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
                        boolean older = !kept.events.isEmpty() || kept.dropped > 0 || from > first && countFrom(first) > window.waiting();
                        return older ? events.get(events.size() - 1).sequence : 0;
                    }
                    upTo = kept.dropped > 0 ? kept.dropped : from - 1;
                    newer = kept.dropped > 0 ? countFrom(upTo + 1) : window.waiting();
                    width = inside < MOST_IN_WINDOW / 4 ? width * 4 : width;
                }
            } while (upTo >= first && !isSpent(end));
            return rest(upTo, first);
        }

        private HistoryWindow window(String pattern, long from) throws IOException, JetStreamApiException, InterruptedException {
            return query.read.step(() -> new HistoryWindow(bus, stream, pattern, from, query.read));
        }

        private boolean isFull() {
            return events.size() == query.limit || bytes > MOST_BYTES;
        }

        private void take(Deque<Stored> found) {
            while (!found.isEmpty() && !isFull()) {
                Stored event = found.removeLast();
                if (skipped < query.skip) {
                    skipped++;
                } else {
                    events.add(event);
                    bytes += event.payload.length;
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
            try (HistoryWindow window = new HistoryWindow(bus, stream, known, query.read)) {
                return window.from();
            }
        }

        /** The newest of a window, so many as the page still takes. */
        private final class Kept {

            private final Deque<Stored> events = new ArrayDeque<>();
            private final int room = query.skip - skipped + query.limit - Reading.this.events.size();
            private long bytes;
            private long dropped; // the newest sequence that was wanted and found no room

            private void offer(Message message) {
                Stored event = Stored.of(stream, message);
                if (!query.wants(event)) {
                    return;
                }
                events.addLast(event);
                bytes += event.payload.length;
                while (events.size() > room || bytes > MOST_BYTES && events.size() > 1) {
                    Stored oldest = events.removeFirst();
                    bytes -= oldest.payload.length;
                    dropped = oldest.sequence;
                }
            }
        }
    }
}
