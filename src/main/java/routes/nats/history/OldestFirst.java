package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import routes.nats.NatsBus;
import routes.nats.Streams;

/**
 * What stream {@code ops} already holds, the oldest first, read in stretches. Each reads with a consumer of its own, so
 * a slow client keeps nothing open on the server.
 */
public final class OldestFirst {

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration INACTIVE = Duration.ofSeconds(10);
    private static final int PULL = 50;

    private final HistoryReads reads;
    private final NatsBus bus;

    public OldestFirst(HistoryReads reads) {
        this.reads = reads;
        this.bus = reads.bus();
    }

    /** Sequences of the first and last event that are stored; an empty stream's last is one below its first. */
    public record Range(long first, long last) {}

    /**
     * @param through up to this sequence everything was read
     * @param complete whether it is all that was asked for
     */
    public record Stretch(List<Stored> events, long through, boolean complete) {}

    /** @throws IOException when NATS is away or has no stream yet */
    public Range range() throws IOException {
        try {
            StreamState state = bus.management().getStreamInfo(Streams.OPS).getStreamState();
            return new Range(
                    state.getMsgCount() == 0 ? state.getLastSequence() + 1 : state.getFirstSequence(),
                    state.getLastSequence());
        } catch (JetStreamApiException e) {
            throw new IOException("stream " + Streams.OPS + " can't be read: " + e.getErrorDescription(), e);
        }
    }

    /**
     * Reads events behind {@code after} and before {@code end}, which is stored already, until there are
     * {@code mostEvents} or their bodies have {@code mostBytes}, whichever is first. On all subjects: a filter keeps
     * all publishers waiting while the server counts.
     *
     * @throws IOException when NATS is away or does not answer
     */
    public Stretch read(long after, long end, int mostEvents, long mostBytes) throws IOException, InterruptedException {
        return reads.onwards().step(() -> readAtOnce(after, end, mostEvents, mostBytes));
    }

    private Stretch readAtOnce(long after, long end, int mostEvents, long mostBytes)
            throws IOException, InterruptedException {
        ConsumerConfiguration behind = ConsumerConfiguration.builder()
                .ackPolicy(AckPolicy.None)
                .memStorage(true)
                .numReplicas(1)
                .inactiveThreshold(INACTIVE)
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(after + 1)
                .build();
        try {
            JetStreamSubscription subscription = bus.jetStream()
                    .subscribe(
                            null,
                            PullSubscribeOptions.builder().stream(Streams.OPS)
                                    .configuration(behind)
                                    .build());
            try {
                return read(subscription, after, end, mostEvents, mostBytes);
            } finally {
                subscription.unsubscribe();
                bus.management().deleteConsumer(Streams.OPS, subscription.getConsumerName());
            }
        } catch (JetStreamApiException e) {
            throw new IOException("stream " + Streams.OPS + " can't be read: " + e.getErrorDescription(), e);
        } catch (IllegalStateException e) {
            throw new IOException("the connection to NATS broke while events were read", e);
        }
    }

    private Stretch read(JetStreamSubscription subscription, long after, long end, int mostEvents, long mostBytes)
            throws IOException, JetStreamApiException, InterruptedException {
        long left = bus.management()
                .getConsumerInfo(Streams.OPS, subscription.getConsumerName())
                .getCalculatedPending();
        List<Stored> events = new ArrayList<>();
        long through = after;
        long bytes = 0;
        long asked = 0;
        for (; left > 0 && events.size() < mostEvents && bytes < mostBytes; left--) {
            if (asked == 0) {
                asked = Math.min(left, PULL);
                subscription.pullExpiresIn((int) asked, ANSWER);
            }
            Message message = subscription.nextMessage(ANSWER);
            if (message == null) {
                throw new IOException("NATS did not send an event within " + ANSWER.toSeconds() + " s");
            }
            asked--;
            long sequence = message.metaData().streamSequence();
            if (sequence >= end) {
                return new Stretch(events, end - 1, true);
            }
            through = sequence;
            bytes += message.getData().length;
            events.add(Stored.of(Streams.OPS, message));
        }
        return left == 0 ? new Stretch(events, end - 1, true) : new Stretch(events, through, false);
    }
}
