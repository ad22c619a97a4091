package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import routes.nats.Streams;

/** Finds the event with an id in stream {@code ops}: by the index, and what that does not know is searched. */
public final class EventFinder {

    private final EventFollower follower;
    private final EventHistory history;

    EventFinder(EventFollower follower, EventHistory history) {
        this.follower = follower;
        this.history = history;
    }

    /**
     * @param event null when there is none, as far as the search went
     * @param next sequence below which was not searched because time or cost ended; 0: all was
     * @param state of the stream
     */
    public record Found(Stored event, long next, String stopped, StreamState state) {

        /** How far back the stream reaches, for people. */
        public String reach() {
            return state.getMsgCount() == 0
                    ? ", which is empty"
                    : ", which reaches back to " + state.getFirstTime().toInstant() + "; older events are gone";
        }
    }

    /**
     * The newest event with an id, of the message or in the event.
     *
     * @throws IOException when NATS is away
     */
    public Found find(String id, Duration atMost, HistoryRead read) throws IOException, InterruptedException {
        StreamInfo stream = follower.stream();
        StreamState state = stream.getStreamState();
        EventIndex index = index(stream, read);
        long through = index == null ? 0 : index.through();
        Query query = Query.of(">").limit(1).within(atMost).by(read).where(event -> has(event, id));
        HistoryPage newer = history.newestFirst(query.after(through));
        if (!newer.events().isEmpty() || newer.next() > 0 || through == 0) {
            return found(newer, state);
        }
        for (long sequence : index.of(id)) {
            Optional<Stored> event = read.step(() -> history.at(sequence)).filter(one -> has(one, id));
            if (event.isPresent()) {
                return new Found(event.get(), 0, null, state);
            }
        }
        long from = index.from(); // now, so that what it has forgotten meanwhile is searched
        return from <= state.getFirstSequence()
                ? new Found(null, 0, null, state)
                : found(history.newestFirst(query.before(from)), state);
    }

    private EventIndex index(StreamInfo stream, HistoryRead read) throws IOException, InterruptedException {
        try {
            return follower.index(stream, read);
        } catch (JetStreamApiException e) {
            throw new IOException("stream " + Streams.OPS + " can't be read: " + e.getErrorDescription(), e);
        }
    }

    private static Found found(HistoryPage page, StreamState state) {
        return new Found(page.events().isEmpty() ? null : page.events().get(0), page.next(), page.stopped(), state);
    }

    /** By the CloudEvent's id, or by the message's where an event got it from an Idempotency-Key. */
    private static boolean has(Stored event, String id) {
        return id.equals(event.messageId()) || id.equals(event.event().id());
    }
}
