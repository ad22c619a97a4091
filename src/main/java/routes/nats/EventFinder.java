package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.EventHistory.Page;
import routes.nats.EventHistory.Query;
import routes.nats.EventHistory.Stored;

/**
 * Finds the event with an id in stream {@code ops}. NATS can't be asked for it, so all ids are read once, in the background and while the bus has little to do, and then as events
 * come. What is not read yet is searched.
 */
public final class EventFinder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventFinder.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final HistoryReads reads;
    private final EventHistory history;
    private final int most;
    private final EventIds ids;
    private final Thread follower = new Thread(this::follow, "event-ids");
    private final CountDownLatch closed = new CountDownLatch(1);
    private ZonedDateTime created; // of the stream whose ids are known; guarded by this

    EventFinder(HistoryReads reads, HistoryProperties properties) {
        this.reads = reads;
        this.history = new EventHistory(reads.bus(), Streams.OPS);
        this.most = properties.ids();
        this.ids = new EventIds(most);
        follower.setDaemon(true);
    }

    void start() {
        follower.start();
    }

    /**
     * @param event null when there is none, as far as the search went
     * @param next  sequence below which was not searched because time or cost ended; 0: all was
     * @param state of the stream
     */
    public record Found(Stored event, long next, String stopped, StreamState state) {
    }

    /**
     * The newest event with an id, of the message or in the event.
     *
     * @throws IOException when NATS is away
     */
    public Found find(String id, Duration atMost, HistoryRead read) throws IOException, InterruptedException {
        StreamInfo stream = stream();
        StreamState state = stream.getStreamState();
        long from = ids.from();
        long through = isKnown(stream) ? ids.through() : 0;
        Query query = Query.of(">").limit(1).within(atMost).by(read).where(event -> has(event, id));
        Page newer = history.newestFirst(query.after(through));
        if (!newer.events().isEmpty() || newer.next() > 0 || through == 0) {
            return found(newer, state);
        }
        for (long sequence : ids.of(id)) {
            Optional<Stored> event = read.step(() -> history.at(sequence)).filter(one -> has(one, id));
            if (event.isPresent()) {
                return new Found(event.get(), 0, null, state);
            }
        }
        return from <= state.getFirstSequence() ? new Found(null, 0, null, state) : found(history.newestFirst(query.before(from)), state);
    }

    private static Found found(Page page, StreamState state) {
        return new Found(page.events().isEmpty() ? null : page.events().get(0), page.next(), page.stopped(), state);
    }

    /** By the CloudEvent's id, or by the message's where an event got it from an Idempotency-Key. */
    private static boolean has(Stored event, String id) {
        return id.equals(event.messageId()) || id.equals(event.event().id());
    }

    private StreamInfo stream() throws IOException {
        try {
            return reads.bus().management().getStreamInfo(Streams.OPS);
        } catch (JetStreamApiException e) {
            throw new IOException("stream " + Streams.OPS + " can't be read: " + e.getErrorDescription(), e);
        }
    }

    long knownFrom() {
        return ids.from();
    }

    long knownThrough() {
        return ids.through();
    }

    private synchronized boolean isKnown(StreamInfo stream) {
        return stream.getCreateTime().equals(created);
    }

    private void follow() {
        try {
            do {
                try {
                    catchUp(stream());
                } catch (IOException | JetStreamApiException | RuntimeException e) { // whatever it is, the next look may go well, and until then is searched
                    LOG.debug("ids of events can't be read yet: {}", e.toString());
                }
            } while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void catchUp(StreamInfo stream) throws IOException, JetStreamApiException, InterruptedException {
        StreamState state = stream.getStreamState();
        long last = state.getLastSequence();
        long oldest = Math.max(Math.max(1, state.getFirstSequence()), last - most + 1);
        if (!isKnown(stream) || ids.through() + 1 < oldest) {
            ids.startAt(oldest);
            synchronized (this) {
                created = stream.getCreateTime();
            }
        }
        ids.forgetBefore(oldest);
        long next = ids.through() + 1;
        if (next > last) {
            return;
        }
        HistoryRead read = reads.background();
        try (HistoryWindow window = new HistoryWindow(reads.bus(), Streams.OPS, ">", next, read)) {
            window.read(last, last - next + 1, message -> {
                Stored stored = Stored.of(Streams.OPS, message);
                String id = stored.event().id();
                String messageId = stored.messageId();
                ids.add(stored.sequence(), id, messageId == null || messageId.equals(id) ? null : messageId);
            });
        }
        ids.knownThrough(last);
    }

    @Override
    public void close() {
        closed.countDown();
        follower.interrupt();
    }
}
