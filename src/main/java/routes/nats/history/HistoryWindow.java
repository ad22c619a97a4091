package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.NatsBus;

/**
 * A consumer that reads a stream once from a sequence on, and is deleted then; the server deletes it too when nobody
 * asks it.
 */
final class HistoryWindow implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryWindow.class);
    private static final Duration ABANDONED = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int BATCH = 50; // each of a megabyte, they wait in memory

    private final NatsBus bus;
    private final String stream;
    private final HistoryRead request;
    private final ConsumerInfo consumer;

    /** @param request for which it is read */
    HistoryWindow(NatsBus bus, String stream, String pattern, long from, HistoryRead request)
            throws IOException, JetStreamApiException {
        this(
                bus,
                stream,
                request,
                ConsumerConfiguration.builder()
                        .deliverPolicy(DeliverPolicy.ByStartSequence)
                        .startSequence(Math.max(1, from))
                        .filterSubject(pattern.equals(">") ? null : pattern));
    }

    HistoryWindow(NatsBus bus, String stream, Instant from, HistoryRead request)
            throws IOException, JetStreamApiException {
        this(
                bus,
                stream,
                request,
                ConsumerConfiguration.builder()
                        .deliverPolicy(DeliverPolicy.ByStartTime)
                        .startTime(from.atZone(ZoneOffset.UTC)));
    }

    private HistoryWindow(NatsBus bus, String stream, HistoryRead request, ConsumerConfiguration.Builder start)
            throws IOException, JetStreamApiException {
        this.bus = bus;
        this.stream = stream;
        this.request = request;
        this.consumer = bus.management()
                .addOrUpdateConsumer(
                        stream,
                        start.ackPolicy(AckPolicy.None)
                                .inactiveThreshold(ABANDONED)
                                .memStorage(true)
                                .numReplicas(1)
                                .build());
    }

    /** How many messages there were from the start to the stream's end when it was made. */
    long waiting() {
        return consumer.getNumPending();
    }

    /** The sequence it starts at. */
    long from() {
        return consumer.getDelivered().getStreamSequence() + 1;
    }

    /**
     * Hands on what there is up to a sequence, the oldest first.
     *
     * @param most at least how many there are
     * @throws IOException when the server sends nothing more although it should
     */
    void read(long upTo, long most, Consumer<Message> each)
            throws IOException, JetStreamApiException, InterruptedException {
        JetStreamSubscription subscription =
                bus.jetStream().subscribe(null, PullSubscribeOptions.bind(stream, consumer.getName()));
        try {
            long left = most;
            int batch;
            do {
                batch = (int) Math.max(1, Math.min(BATCH, left));
                left -= batch;
            } while (readBatch(subscription, batch, upTo, each));
        } finally {
            subscription.unsubscribe();
        }
    }

    /** @return whether there may be more. */
    private boolean readBatch(JetStreamSubscription subscription, int batch, long upTo, Consumer<Message> each)
            throws IOException, JetStreamApiException, InterruptedException {
        return request.step(() -> {
            subscription.pull(PullRequestOptions.builder(batch)
                    .expiresIn(PATIENCE.multipliedBy(2))
                    .build());
            for (int i = 0; i < batch; i++) {
                Message message = subscription.nextMessage(PATIENCE);
                if (message == null) {
                    expectNothing(subscription);
                    return false;
                }
                request.took(message.getData().length);
                long sequence = message.metaData().streamSequence();
                if (sequence <= upTo) {
                    each.accept(message);
                }
                if (sequence >= upTo || message.metaData().pendingCount() == 0) {
                    return false;
                }
            }
            return true;
        });
    }

    /** What was to come may have become too old and been deleted. */
    private void expectNothing(JetStreamSubscription subscription) throws IOException, JetStreamApiException {
        ConsumerInfo now = subscription.getConsumerInfo();
        if (now == null) { // its way to say that there is none
            throw new IOException("stream " + stream + " was deleted while it was read");
        }
        if (now.getNumPending() > 0) {
            throw new IOException("NATS sends nothing of stream " + stream + " although there is more");
        }
    }

    @Override
    public void close() {
        try {
            bus.management().deleteConsumer(stream, consumer.getName());
        } catch (IOException | JetStreamApiException e) {
            LOG.debug(
                    "consumer {} of stream {} is left to the server to delete: {}",
                    consumer.getName(),
                    stream,
                    e.getMessage());
        }
    }
}
