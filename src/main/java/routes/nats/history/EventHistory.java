package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import routes.nats.NatsBus;
import routes.nats.Streams;

/**
 * What a stream holds, the newest first:
 *
 * <pre>
 *   new EventHistory(reads.bus(), Streams.OPS)                                // a bean; for another stream make your own, it holds nothing
 *   HistoryPage newestFirst(Query)                                            // Query.of(pattern).before(sequence).between(from, to).where(wanted).limit(20).by(read)
 *   Optional&lt;Stored&gt; at(sequence)
 *   List&lt;String&gt; subjects(part, read)                                         // in alphabetical order
 *   Stored(stream, sequence, subject, stored, messageId, headers, payload).event()   // OpsEvent
 *   HistoryPage(events, next, matching, exact, skipped, stopped)              // next: go on with before(next); 0 when there is nothing older
 * </pre>
 *
 * In stream {@code ops} the index tells where what matches may be, and windows are read whole: a filter keeps all
 * publishers waiting while the server counts what matches (see {@link EventIndex}). The streams of opsbus' own are
 * asked for one subject, or all. Memory, time and cost are bounded (see {@link PageReading}): then the page holds what
 * was found, and {@code next} says where to go on. All methods throw {@link IOException} when NATS is away or the
 * stream is missing.
 */
public final class EventHistory {

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

    /** @throws IOException when NATS is away, or does not answer in time */
    public HistoryPage newestFirst(Query query) throws IOException {
        try {
            return new PageReading(bus, stream, follower, query).page();
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
            return Stored.at(bus, stream, sequence);
        } catch (JetStreamApiException e) {
            throw refused(e);
        }
    }

    /**
     * Subjects on which there are events and that contain {@code part}, in alphabetical order. One at a time, since the
     * server names all of them.
     */
    public synchronized List<String> subjects(String part, HistoryRead read) throws IOException {
        try {
            return all(read).stream()
                    .filter(name -> name.contains(part))
                    .sorted()
                    .toList();
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
        return index != null && index.knows(state.getFirstSequence(), state.getLastSequence())
                ? read.step(() -> index.subjects(state.getFirstSequence(), state.getLastSequence()))
                : read.step(() -> bus
                        .management()
                        .getStreamInfo(stream, StreamInfoOptions.allSubjects())
                        .getStreamState()
                        .getSubjects()
                        .stream()
                        .map(io.nats.client.api.Subject::getName)
                        .toList());
    }

    private IOException refused(JetStreamApiException e) {
        String why = e.getApiErrorCode() == STREAM_NOT_FOUND
                ? "NATS has no stream " + stream + "; opsbus makes it when it can"
                : "NATS refused to read stream " + stream + ": " + e.getErrorDescription();
        return new IOException(why, e);
    }
}
