package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.StreamState;
import io.nats.client.api.Subject;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import routes.event.OpsEvent;

/**
 * What a stream holds, the newest first:
 * <pre>
 *   new EventHistory(reads.bus(), Streams.OPS)                                // a bean; for another stream make your own, it holds nothing
 *   Page newestFirst(Query)                                                   // Query.of(pattern).before(sequence).between(from, to).where(wanted).limit(20).by(read)
 *   Optional&lt;Stored&gt; at(sequence)
 *   List&lt;String&gt; subjects(part)                                               // in alphabetical order
 *   Stored(stream, sequence, subject, stored, messageId, headers, payload).event()   // OpsEvent
 *   Page(events, next, matching, skipped, stopped)                            // next: go on with before(next); 0 when there is nothing older
 * </pre>
 * JetStream reads forwards only. So windows of sequences are read, each behind the one before, narrow where much matches and growing where little does;
 * a window is a consumer that lives as long. Memory is bounded by the query's limit and by {@value #MOST_BYTES} bytes of payload, time by {@code atMost}, cost by {@code read}: then the
 * page holds what was found, and {@code next} says where to go on. All methods throw {@link IOException} when NATS is away or the stream is missing.
 */
public final class EventHistory {

    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_IN_WINDOW = 5_000;
    private static final long FIRST_WINDOW = 256;
    /**
     * nats-server 2.9 looks for each message of a filter with wildcards through all of its subjects that lie in the same block, 5 ms with 500 of them, and keeps publishers
     * waiting meanwhile. So it filters only where little matches; else the window is read whole, and what matches is chosen here.
     */
    private static final int MOST_BY_WILDCARDS = 200;
    private static final int MOST_READ_WHOLE = 20_000;
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("2262-01-01T00:00:00Z"); // Go counts nanoseconds since 1970 in 64 bits
    private static final int STREAM_NOT_FOUND = 10059;

    private final NatsBus bus;
    private final String stream;

    public EventHistory(NatsBus bus, String stream) {
        this.bus = bus;
        this.stream = stream;
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

        /** As the router sees it: a message that is no CloudEvent has its message id, else its place, as id. */
        public OpsEvent event() {
            return OpsEvent.parse(subject, payload, () -> messageId != null ? messageId : stream + ":" + sequence + "@" + stored.toEpochMilli());
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
     * @param matching events on the pattern between {@code from} and {@code to} that are in the stream, whatever {@code wanted} says of them
     * @param skipped  how many were left out for {@code skip}
     * @param stopped  the limit that ended it before all was searched or it was full, for people; else null
     */
    public record Page(List<Stored> events, long next, long matching, int skipped, String stopped) {}

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
    public synchronized List<String> subjects(String part) throws IOException {
        try {
            return bus.management().getStreamInfo(stream, StreamInfoOptions.allSubjects()).getStreamState().getSubjects().stream()
                    .map(Subject::getName).filter(name -> name.contains(part)).sorted().toList();
        } catch (JetStreamApiException e) {
            throw refused(e);
        }
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
        private int skipped;
        private long bytes;
        private String stopped;

        private Reading(Query query) throws IOException {
            this.query = query;
            this.management = bus.management();
        }

        private Page page() throws IOException, JetStreamApiException, InterruptedException {
            long end = System.nanoTime() + query.atMost.toNanos();
            StreamState state = management.getStreamInfo(stream).getStreamState();
            long first = Math.max(state.getFirstSequence(), query.from == null ? query.after + 1 : Math.max(query.after + 1, sequenceAt(query.from)));
            long last = query.to == null ? state.getLastSequence() : Math.min(state.getLastSequence(), sequenceAt(query.to) - 1);
            if (last < first) {
                return new Page(events, 0, 0, 0, null);
            }
            long newer = last == state.getLastSequence() ? 0 : countFrom(last + 1);
            long matching = Math.max(0, countFrom(first) - newer);
            if (query.before <= last) {
                last = query.before - 1;
                newer = countFrom(last + 1);
            }
            long next = matching == 0 || last < first ? 0 : read(first, last, newer, end);
            return new Page(events, next, matching, skipped, stopped);
        }

        /**
         * Counts are taken from the newest to the oldest, so that those of events that come meanwhile make a window look fuller, never emptier.
         *
         * @param newer events after {@code newest}
         * @return where the next page starts, 0 when all is read
         */
        private long read(long first, long newest, long newer, long end) throws IOException, JetStreamApiException, InterruptedException {
            long upTo = newest;
            long width = Math.max(FIRST_WINDOW, query.limit);
            String spent = null;
            boolean wildcards = query.pattern.contains("*") || query.pattern.endsWith(".>");
            do {
                width = Math.min(width, Math.max(FIRST_WINDOW, query.read.messagesLeft()));
                long from = Math.max(first, upTo - width + 1);
                try (HistoryWindow window = window(query.pattern, from)) {
                    long inside = window.waiting() - newer;
                    boolean whole = wildcards && inside > MOST_BY_WILDCARDS;
                    if (upTo > from && (inside > MOST_IN_WINDOW || whole && upTo - from >= MOST_READ_WHOLE)) {
                        width = Math.max(1, width / Math.max(2, inside / MOST_IN_WINDOW));
                        continue;
                    }
                    Kept kept = new Kept();
                    if (whole) {
                        readWhole(from, upTo, kept);
                    } else if (inside > 0) {
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
                spent = query.read.spent();
                if (spent == null && System.nanoTime() - end >= 0) {
                    spent = query.atMost.toSeconds() + " s";
                }
            } while (upTo >= first && spent == null);
            stopped = upTo >= first ? spent : null;
            return upTo >= first ? upTo + 1 : 0;
        }

        private HistoryWindow window(String pattern, long from) throws IOException, JetStreamApiException, InterruptedException {
            return query.read.step(() -> new HistoryWindow(bus, stream, pattern, from, query.read));
        }

        private void readWhole(long from, long upTo, Kept kept) throws IOException, JetStreamApiException, InterruptedException {
            try (HistoryWindow window = window(">", from)) {
                window.read(upTo, upTo - from + 1, message -> {
                    if (routes.event.Subject.matches(query.pattern, message.getSubject())) {
                        kept.offer(message);
                    }
                });
            }
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
            try (HistoryWindow window = window(query.pattern, sequence)) {
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
