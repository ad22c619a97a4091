package routes.bench;

import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import routes.nats.Streams;

/**
 * What the bus itself can carry: one process that publishes with message ids, reads with a pull consumer and
 * acknowledges each message, and does nothing else. The stream is opsbus's {@code ops}, on a nats-server of its own.
 */
final class Ceiling implements AutoCloseable {

    private static final String DURABLE = "ceiling";
    private static final int BATCH = 500;
    private static final Duration PULL = Duration.ofSeconds(2);
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    private final Bus bus;
    private final Numbers numbers;

    Ceiling(Path store, Numbers numbers) throws Exception {
        this.bus = new Bus(store);
        this.numbers = numbers;
        bus.management()
                .addOrUpdateConsumer(
                        Streams.OPS,
                        ConsumerConfiguration.builder()
                                .durable(DURABLE)
                                .filterSubject("ops.>")
                                .ackPolicy(AckPolicy.Explicit)
                                .ackWait(Duration.ofSeconds(30))
                                .maxAckPending(8_000)
                                .build());
    }

    /**
     * One round. @return events per second, from the first publish until the server has taken the last acknowledgement
     */
    double round(Workload events, int count) throws Exception {
        bus.awaitConsumer(DURABLE, AT_MOST);
        bus.empty();
        long from = numbers.take(count);
        try (Connection reading = bus.connect()) {
            JetStreamSubscription subscription =
                    reading.jetStream().subscribe(null, PullSubscribeOptions.bind(Streams.OPS, DURABLE));
            CompletableFuture<Void> read = CompletableFuture.runAsync(() -> readAll(subscription, count));
            long start = System.nanoTime();
            new Publisher(bus.jetStream()).publish(events, from, from + count);
            read.join();
            bus.awaitDone(DURABLE, AT_MOST);
            return count / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** Asks for the next batch while half of the last one is still to come, so that the server never waits. */
    private static void readAll(JetStreamSubscription subscription, int count) {
        long end = System.nanoTime() + AT_MOST.toNanos();
        int asked = 0;
        for (int got = 0; got < count; ) {
            if (asked - got <= BATCH / 2) {
                subscription.pullExpiresIn(BATCH, PULL);
                asked += BATCH;
            }
            Message message = next(subscription);
            if (message != null) {
                message.ack();
                got++;
            } else {
                asked = got; // the request has expired
                if (System.nanoTime() > end) {
                    throw new BenchFailure("only " + got + " of " + count + " events were read");
                }
            }
        }
    }

    private static Message next(JetStreamSubscription subscription) {
        try {
            return subscription.nextMessage(PULL);
        } catch (InterruptedException e) {
            throw new BenchFailure("interrupted", e);
        }
    }

    @Override
    public void close() throws Exception {
        bus.close();
    }
}
