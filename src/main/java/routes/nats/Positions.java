package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each durable has come, in the bucket {@code opsbus} as well, key {@code position.{stream}.{durable}}: the
 * stream's creation time and the durable's ack floor. A durable that was deleted or lost with its server is made anew
 * behind it, and not from the beginning of a stream that keeps a day. Written every second when it has changed, so it
 * may be a little behind what is settled, and never ahead. A work queue needs none: it holds only what is not settled.
 */
final class Positions {

    private static final Logger LOG = LoggerFactory.getLogger(Positions.class);
    private static final long EVERY_MS = 1_000;

    private final NatsBus bus;
    private final KeyValueState state;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nats-positions");
        thread.setDaemon(true);
        return thread;
    });

    Positions(NatsBus bus, KeyValueState state) {
        this.bus = bus;
        this.state = state;
    }

    private record Position(Instant created, long sequence) {

        static Optional<Position> read(String text) {
            try {
                String[] parts = text.split(" ");
                return parts.length == 2
                        ? Optional.of(new Position(Instant.parse(parts[0]), Long.parseLong(parts[1])))
                        : Optional.empty();
            } catch (DateTimeException | NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return created + " " + sequence;
        }
    }

    /** One durable's, written until it is closed. */
    final class Keeper implements AutoCloseable {

        private final String stream;
        private final String durable;
        private final ScheduledFuture<?> task;
        private Position written;
        private boolean workQueue;

        private Keeper(String stream, String durable) {
            this.stream = stream;
            this.durable = durable;
            this.task = timer.scheduleWithFixedDelay(this::write, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
        }

        /**
         * Where a durable that is not there goes on, empty: at the beginning.
         *
         * @throws IOException when that can't be known now
         */
        OptionalLong next() throws IOException, JetStreamApiException {
            Optional<String> kept = state.get(key());
            if (kept.isEmpty()) {
                return OptionalLong.empty();
            }
            Optional<Position> position = Position.read(kept.get());
            StreamInfo info = bus.management().getStreamInfo(stream);
            if (position.isEmpty()
                    || !position.get().created.equals(info.getCreateTime().toInstant())
                    || position.get().sequence > info.getStreamState().getLastSequence()) {
                LOG.info(
                        "consumer {} of stream {}: it is made anew from the beginning, since the stream is another one than when its position was kept ({})",
                        durable,
                        stream,
                        kept.get());
                return OptionalLong.empty();
            }
            LOG.warn(
                    "consumer {} of stream {} was deleted or lost: made anew, it goes on behind message {}",
                    durable,
                    stream,
                    position.get().sequence);
            return OptionalLong.of(position.get().sequence + 1);
        }

        private String key() {
            return ("position." + stream + "." + durable).replaceAll("[^A-Za-z0-9._=/-]", "_");
        }

        private synchronized void write() {
            try {
                if (workQueue || !bus.isConnected()) {
                    return;
                }
                long floor = bus.management()
                        .getConsumerInfo(stream, durable)
                        .getAckFloor()
                        .getStreamSequence();
                if (written != null && written.sequence == floor) {
                    return;
                }
                StreamInfo info = bus.management().getStreamInfo(stream);
                workQueue = info.getConfiguration().getRetentionPolicy() != RetentionPolicy.Limits;
                if (!workQueue && floor > 0) { // 0 is that of a durable that has just been made, and says nothing
                    Position now = new Position(info.getCreateTime().toInstant(), floor);
                    state.put(key(), now.toString());
                    written = now;
                }
            } catch (IOException
                    | JetStreamApiException
                    | RuntimeException e) { // a durable that is gone tells nothing new
                LOG.debug("the position of {} is not kept now: {}", durable, e.getMessage());
            }
        }

        @Override
        public void close() {
            task.cancel(false);
            write();
        }
    }

    Keeper keep(String stream, String durable) {
        return new Keeper(stream, durable);
    }
}
