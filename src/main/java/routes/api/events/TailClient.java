package routes.api.events;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * One client of the live tail: what waits for it, within bounds, and where it stands. It first catches up with what is
 * stored behind its position, as fast as it reads; while it reads the last stretch, live events are held back, so that
 * they follow without gap or duplicate. From then on it gets what the tail hands out. When more waits than its queue
 * takes it is cut off if it does not read, else it catches up again.
 */
final class TailClient implements TailConnection.Writer {

    private static final long MOST_BYTES = 4 << 20;

    /** What the clients have in common. */
    interface Tail {

        /** Calls {@link #drain} soon. */
        void write(TailClient client);

        /** Reads the next stretch of what is stored for a client, soon, and gives it to {@link #caughtUp}. */
        void catchUp(TailClient client);

        void sent(TailFrame frame);

        /** Calls {@link #abort} when it has had a little time to read why. */
        void cut(TailClient client, String reason);

        /** It is gone; told more than once. */
        void left(TailClient client);
    }

    private enum Phase {
        CATCHING_UP,
        LIVE,
        ENDING,
        ENDED
    }

    private final Tail tail;
    private final TailConnection connection;
    private final TailPattern pattern;
    private final EventFilter filter;
    private final int most;

    // all of this is guarded by this
    private final Frames queue = new Frames();
    /** Live events from some sequence on while it catches up; null when there were too many, or it has not begun. */
    private Frames held;

    private Phase phase = Phase.CATCHING_UP;
    /** All events up to this one are done with. */
    private long position;

    private boolean reading;
    /** Between two writes, so the next event has to set it going again. */
    private boolean idle;
    /** The connection takes no more until the client has read something. */
    private boolean blocked;

    private boolean unflushed;
    private long written;
    private long writtenAtLastBeat = -1;

    /** @param most events that may wait for it */
    TailClient(Tail tail, TailConnection connection, TailPattern pattern, EventFilter filter, long position, int most) {
        this.tail = tail;
        this.connection = connection;
        this.pattern = pattern;
        this.filter = filter;
        this.position = position;
        this.most = most;
        queue.add(TailFrame.BEGIN);
    }

    /** Frames that wait, with their size. */
    private static final class Frames {
        private final Queue<TailFrame> frames = new ArrayDeque<>();
        private long bytes;

        void add(TailFrame frame) {
            frames.add(frame);
            bytes += frame.bytes().length;
        }

        TailFrame poll() {
            TailFrame frame = frames.poll();
            bytes -= frame == null ? 0 : frame.bytes().length;
            return frame;
        }

        void clear() {
            frames.clear();
            bytes = 0;
        }

        boolean isFull(int most) {
            return frames.size() >= most || bytes >= MOST_BYTES;
        }
    }

    synchronized long position() {
        return position;
    }

    /** @param gap to be sent first, or null */
    synchronized void begin(TailFrame gap) {
        if (gap != null) {
            queue.add(gap);
        }
        reading = true;
        connection.begin(this);
    }

    // --- what comes in ---

    /** A live event. */
    synchronized void offer(TailEvent event) {
        boolean live = phase == Phase.LIVE;
        if (!live && held == null || event.sequence() <= position || !event.matches(pattern, filter)) {
            return;
        }
        if (live) {
            push(event);
        } else if (held.isFull(most)) {
            held = null;
        } else {
            held.add(event.frame());
        }
    }

    private void push(TailEvent event) {
        if (!queue.isFull(most)) {
            queue.add(event.frame());
            write();
        } else if (blocked) {
            cut("too slow: " + queue.frames.size() + " events with " + queue.bytes
                    + " bytes were waiting; come back with the last id");
        } else { // a burst: events come faster than they can be written to all clients, and the stream keeps them
            phase = Phase.CATCHING_UP;
            position = event.sequence() - 1;
        }
    }

    private void write() {
        if (idle) {
            idle = false;
            tail.write(this);
        }
    }

    /** Live events are held back from now on. */
    synchronized void hold() {
        held = phase == Phase.CATCHING_UP ? new Frames() : null;
    }

    /**
     * A stretch of what is stored.
     *
     * @param from the position at which it was begun
     * @param through the position now
     * @param complete whether it reaches up to the events that are held back
     */
    synchronized void caughtUp(long from, List<TailEvent> events, long through, boolean complete) {
        reading = false;
        if (phase == Phase.CATCHING_UP && position == from) {
            events.stream()
                    .filter(event -> event.matches(pattern, filter))
                    .map(TailEvent::frame)
                    .forEach(queue::add);
            position = through;
            if (complete
                    && held != null
                    && queue.frames.size() + held.frames.size() <= most
                    && queue.bytes + held.bytes <= MOST_BYTES) {
                held.frames.forEach(queue::add);
                phase = Phase.LIVE;
            }
        }
        held = null;
        write();
    }

    /** The stream was made anew and counts from one again. */
    synchronized void startAnew() {
        position = 0;
    }

    /** Shows that the connection lives; a client that has read nothing since the last time is cut off. */
    synchronized void beat() {
        if (phase == Phase.ENDING || phase == Phase.ENDED) {
            return;
        }
        if (queue.frames.isEmpty()) {
            queue.add(TailFrame.HEARTBEAT);
            write();
        } else if (written == writtenAtLastBeat && blocked) {
            cut("too slow: nothing was read between two heartbeats; come back with the last id");
        }
        writtenAtLastBeat = written;
    }

    // --- what goes out ---

    /** Writes what waits, as far as the connection takes it. On any thread, one at a time. */
    void drain() throws IOException {
        boolean finished;
        synchronized (this) {
            finished = writeAll();
        }
        if (finished) {
            connection.complete();
            onGone();
        }
    }

    /** @return whether this was the last of it */
    private boolean writeAll() throws IOException {
        while (phase != Phase.ENDED && connection.isReady()) {
            TailFrame frame = queue.poll();
            if (frame != null) {
                connection.write(frame.bytes());
                written++;
                unflushed = true;
                tail.sent(frame);
            } else if (unflushed) {
                connection.flush();
                unflushed = false;
            } else if (phase == Phase.ENDING) {
                phase = Phase.ENDED;
                return true;
            } else {
                idle = true;
                readOn();
                return false;
            }
        }
        blocked = phase != Phase.ENDED;
        return false;
    }

    private void readOn() {
        if (phase == Phase.CATCHING_UP && !reading) {
            reading = true;
            tail.catchUp(this);
        }
    }

    @Override
    public void onReady() throws IOException {
        synchronized (this) {
            blocked = false;
        }
        drain();
    }

    @Override
    public void onGone() {
        synchronized (this) {
            phase = Phase.ENDED;
            queue.clear();
            held = null;
        }
        tail.left(this);
    }

    private void cut(String reason) {
        tail.cut(this, reason);
        end(TailFrame.cut(reason));
    }

    /** Ends the stream in order, without what still waits. */
    synchronized void close() {
        if (phase != Phase.ENDED) {
            end(null);
        }
    }

    private void end(TailFrame last) {
        phase = Phase.ENDING;
        held = null;
        queue.clear();
        if (last != null) {
            queue.add(last);
        }
        write();
    }

    /** Ends the stream if it has not ended by itself, whether or not the client reads. */
    void abort() {
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return;
            }
            phase = Phase.ENDED;
        }
        connection.abort();
        tail.left(this);
    }
}
