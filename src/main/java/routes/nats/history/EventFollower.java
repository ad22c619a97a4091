package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.event.OpsEvent;
import routes.nats.Streams;

/**
 * Keeps the index of stream {@code ops}: reads all of it once, in the background and while the bus has little to do;
 * what comes then the router tells, and only what it has not met a second later, since another replica did, is read.
 * Who asks meanwhile gets what is known, and searches the rest.
 */
public final class EventFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** So few new messages who asks reads itself. */
    private static final int FEW = 2_000;

    private final HistoryReads reads;
    private final int most;
    private final EventIndex index;
    private final ReentrantLock reading = new ReentrantLock();
    private final Thread follower = new Thread(this::follow, "event-index");
    private final CountDownLatch closed = new CountDownLatch(1);

    public EventFollower(HistoryReads reads, HistoryProperties properties) {
        this.reads = reads;
        this.most = properties.index();
        this.index = new EventIndex(most);
        follower.setDaemon(true);
    }

    void start() {
        follower.start();
    }

    /** Of the stream as it is now, or nearly so; null when nothing is known of it. */
    EventIndex index(StreamInfo stream, HistoryRead read)
            throws IOException, JetStreamApiException, InterruptedException {
        if (!index.isOf(stream.getCreateTime())) {
            return null;
        }
        long missing = stream.getStreamState().getLastSequence() - index.through();
        if (missing > 0 && missing <= FEW && reading.tryLock()) {
            try {
                catchUp(stream, stream.getStreamState().getLastSequence(), read);
            } finally {
                reading.unlock();
            }
        }
        return index;
    }

    StreamInfo stream() throws IOException {
        try {
            return reads.bus().management().getStreamInfo(Streams.OPS);
        } catch (JetStreamApiException e) {
            throw new IOException("stream " + Streams.OPS + " can't be read: " + e.getErrorDescription(), e);
        }
    }

    long knownFrom() {
        return index.from();
    }

    long knownThrough() {
        return index.through();
    }

    /** An event that this process routes. @param messageId that of the message, which the event's may differ from */
    public void routed(long sequence, Instant stored, String subject, String messageId, String eventId) {
        index.met(sequence, stored, subject, messageId, eventId.equals(messageId) ? null : eventId);
    }

    private void follow() {
        long last = 0; // at the look before
        long known = 0; // the same
        try {
            do {
                reading.lock();
                try {
                    StreamInfo stream = stream();
                    long now = stream.getStreamState().getLastSequence();
                    if (now < known) { // the stream was set back, by a backup or a crash, and its numbers come again
                        index.startAt(null, 1);
                    }
                    catchUp(stream, Math.min(last, now), reads.background());
                    last = now;
                    known = index.through();
                } catch (IOException
                        | JetStreamApiException
                        | RuntimeException e) { // whatever it is, the next look may go well, and until then is searched
                    LOG.debug("the index of events can't be brought up to date yet: {}", e.toString());
                } finally {
                    reading.unlock();
                }
            } while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param upTo at most the stream's last */
    private void catchUp(StreamInfo stream, long upTo, HistoryRead read)
            throws IOException, JetStreamApiException, InterruptedException {
        StreamState state = stream.getStreamState();
        long oldest = Math.max(Math.max(1, state.getFirstSequence()), state.getLastSequence() - most + 1);
        if (!index.isOf(stream.getCreateTime()) || index.through() + 1 < oldest) {
            index.startAt(stream.getCreateTime(), oldest);
        }
        index.forgetBefore(oldest);
        long next = index.through() + 1;
        if (next > upTo) {
            return;
        }
        try (HistoryWindow window = new HistoryWindow(reads.bus(), Streams.OPS, ">", next, read)) {
            window.read(upTo, upTo - next + 1, message -> {
                Stored stored = Stored.of(Streams.OPS, message);
                String id = stored.idOfMessage();
                String inside = OpsEvent.idIn(stored.payload());
                index.add(stored.sequence(), stored.subject(), id, inside == null || inside.equals(id) ? null : inside);
            });
        }
        index.knownThrough(upTo);
    }

    @Override
    public void close() {
        closed.countDown();
        follower.interrupt();
    }
}
