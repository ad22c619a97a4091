package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.component.nats.NatsEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream from its newest message on, in order, each message once, and leaves nothing on the server: an
 * ephemeral consumer without acknowledgements. When a message got lost on the way, the server restarts or the
 * connection breaks, a new one goes on behind the last message that was handed on. What a route fails on is said in the
 * log and not repeated.
 */
public final class TailConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(TailConsumer.class);
    private static final int BATCH = 500;
    private static final Duration FETCH = Duration.ofSeconds(2);
    private static final Duration REBIND = Duration.ofMillis(500);
    /** The server removes the consumer when it was not read for so long. */
    private static final Duration INACTIVE = Duration.ofSeconds(30);

    private final NatsEndpoint endpoint;
    private final WireHeaders headers;
    private final NatsBus bus;
    private Thread loop;
    private volatile boolean running;
    private volatile long startedBehind;
    private long position;
    private String trouble = "";

    TailConsumer(NatsEndpoint endpoint, Processor processor, NatsBus bus) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.headers = WireHeaders.of(endpoint.getHeaderFilterStrategy());
        this.bus = bus;
    }

    private String stream() {
        return endpoint.getConfiguration().getJetstreamName();
    }

    /** The stream's last sequence when this consumer started: all messages behind it are handed on. */
    public long startedBehind() {
        return startedBehind;
    }

    /** Does not start when NATS is away, since then nobody could say from where on it reads. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        startedBehind = lastSequence();
        position = startedBehind;
        running = true;
        loop = new Thread(this::loop, "nats-tail-" + stream());
        loop.setDaemon(true);
        loop.start();
    }

    @Override
    protected void doStop() throws Exception {
        running = false;
        if (loop != null) {
            loop.interrupt();
            loop.join(FETCH.toMillis());
        }
        super.doStop();
    }

    private long lastSequence() throws IOException, JetStreamApiException {
        return bus.management().getStreamInfo(stream()).getStreamState().getLastSequence();
    }

    private void loop() {
        while (running) {
            try {
                read();
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                say(e);
                sleep();
            }
        }
    }

    private void say(Exception e) {
        String now = e.getMessage() == null ? e.toString() : e.getMessage();
        if (running && !now.equals(trouble) && bus.isConnected()) {
            LOG.warn("tail of stream {}: {}; reading on behind message {}", stream(), now, position);
        }
        trouble = now;
    }

    /** Until a message is missing: the next call goes on behind the last one. */
    private void read() throws Exception {
        long last = lastSequence();
        if (last < position) {
            LOG.warn(
                    "stream {} was made anew: its last message is {}, {} was read before; reading all of it",
                    stream(),
                    last,
                    position);
            position = 0;
        }
        JetStreamSubscription subscription =
                bus.jetStream().subscribe(endpoint.getConfiguration().getTopic(), behind(position));
        try {
            trouble = "";
            readFrom(subscription);
        } finally {
            subscription.unsubscribe();
        }
    }

    private PullSubscribeOptions behind(long sequence) {
        ConsumerConfiguration configuration = ConsumerConfiguration.builder()
                .ackPolicy(AckPolicy.None)
                .memStorage(true)
                .numReplicas(1)
                .inactiveThreshold(INACTIVE)
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(sequence + 1)
                .build();
        return PullSubscribeOptions.builder().stream(stream())
                .configuration(configuration)
                .build();
    }

    private void readFrom(JetStreamSubscription subscription) throws Exception {
        long received = 0;
        while (running) {
            bus.connection(); // fails when the server is away
            int missing = BATCH;
            subscription.pullExpiresIn(missing, FETCH);
            long end = System.nanoTime() + FETCH.toNanos();
            for (long left = FETCH.toNanos(); missing > 0 && left > 0; left = end - System.nanoTime()) {
                Message message = subscription.nextMessage(Duration.ofNanos(left));
                if (message == null) {
                    break;
                }
                if (message.metaData().consumerSequence() != ++received) {
                    return;
                }
                missing--;
                handOn(message);
            }
            if (missing == BATCH && lostSome(subscription, received)) {
                return;
            }
        }
    }

    /**
     * Asked when nothing comes, for the last message before the silence may be the one that was lost. Fails when the
     * consumer is gone.
     */
    private boolean lostSome(JetStreamSubscription subscription, long received)
            throws IOException, JetStreamApiException {
        return bus.management()
                        .getConsumerInfo(stream(), subscription.getConsumerName())
                        .getDelivered()
                        .getConsumerSequence()
                > received;
    }

    private void handOn(Message message) {
        Exchange exchange = createExchange(false);
        StoredMessage stored = new StoredMessage(message, stream(), Place.of(message.getReplyTo()));
        stored.applyTo(exchange);
        exchange.getMessage().setBody(message.getData());
        exchange.getMessage().setHeader(NatsConstants.NATS_SUBJECT, message.getSubject());
        headers.fromWire(message.getHeaders(), exchange.getMessage().getHeaders());
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            LOG.warn(
                    "tail of stream {}: message {} was not shown",
                    stream(),
                    stored.sequence(),
                    exchange.getException());
        }
        position = stored.sequence();
        releaseExchange(exchange, false);
    }

    private static void sleep() {
        try {
            Thread.sleep(REBIND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
