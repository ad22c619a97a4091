package routes.bench;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.Streams;
import routes.nats.StreamsProperties;

/** A nats-server of its own with the streams of opsbus as opsbus makes them, and a connection of the bench to it. */
final class Bus implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int NO_CONSUMER = NatsJetStreamConstants.JS_CONSUMER_NOT_FOUND_ERR;
    private static final long POLL_MS = 5;
    private static final long MOST_EVENTS_PER_MS = 100;

    private final NatsServer server;
    private final Connection connection;

    Bus(Path store) throws IOException, InterruptedException {
        server = new NatsServer(Files.createDirectories(store));
        try (NatsBus bus = server.bus()) {
            new Streams(
                            bus,
                            new Binder(new MapConfigurationPropertySource(Map.of()))
                                    .bindOrCreate("opsbus.streams", StreamsProperties.class))
                    .ensure();
        }
        connection = connect();
    }

    String url() {
        return server.url();
    }

    /** One more connection, with the options that count for speed as opsbus sets them. */
    Connection connect() throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder()
                .server(server.url())
                .maxReconnects(0)
                .dontForceFlushOnRequest()
                .build());
    }

    JetStream jetStream() throws IOException {
        return connection.jetStream(
                JetStreamOptions.builder().requestTimeout(ANSWER).build());
    }

    JetStreamManagement management() throws IOException {
        return connection.jetStreamManagement(
                JetStreamOptions.builder().requestTimeout(ANSWER).build());
    }

    /** So that no round finds a larger stream than the one before. */
    void empty() throws IOException, JetStreamApiException {
        management().purgeStream(Streams.OPS);
    }

    /** Whether a durable on stream ops has had and acknowledged all of it; false when there is no such durable yet. */
    boolean isDone(String durable, long lastSequence) throws IOException, JetStreamApiException {
        return left(durable, lastSequence) == 0;
    }

    /**
     * How many events of stream ops a durable has still to have or to acknowledge; not 0 while there is no such
     * durable.
     */
    private long left(String durable, long lastSequence) throws IOException, JetStreamApiException {
        try {
            ConsumerInfo info = management().getConsumerInfo(Streams.OPS, durable);
            return Math.max(
                    info.getNumPending() + info.getNumAckPending(),
                    lastSequence - info.getDelivered().getStreamSequence());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_CONSUMER) {
                return Math.max(1, lastSequence);
            }
            throw e;
        }
    }

    /** Events in stream ops. */
    long count() throws IOException, JetStreamApiException {
        return management().getStreamInfo(Streams.OPS).getStreamState().getMsgCount();
    }

    long lastSequence() throws IOException, JetStreamApiException {
        return management().getStreamInfo(Streams.OPS).getStreamState().getLastSequence();
    }

    /**
     * Waits until a durable has had and acknowledged all of stream ops. Asks seldom while much is left, since
     * nats-server 2.9 walks through all that is left for each answer: asked every 5 ms it spent a fifth of its time on
     * that.
     *
     * @throws BenchFailure when that took longer than {@code atMost}
     */
    void awaitDone(String durable, Duration atMost) throws IOException, JetStreamApiException, InterruptedException {
        awaitConsumer(durable, atMost);
        long last = lastSequence();
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = left(durable, last); left > 0; left = left(durable, last)) {
            if (System.nanoTime() > end) {
                throw new BenchFailure("after %d s %s has still %d events to read or to acknowledge"
                        .formatted(atMost.toSeconds(), durable, left));
            }
            Thread.sleep(Math.max(POLL_MS, left / MOST_EVENTS_PER_MS));
        }
    }

    /** @throws BenchFailure when there is none after {@code atMost} */
    void awaitConsumer(String durable, Duration atMost) throws InterruptedException {
        Needed.await("consumer " + durable + " of stream " + Streams.OPS, atMost, () -> exists(durable));
    }

    private boolean exists(String durable) throws IOException, JetStreamApiException {
        return management().getConsumerNames(Streams.OPS).contains(durable);
    }

    @Override
    public void close() throws Exception {
        connection.close();
        server.close();
    }
}
