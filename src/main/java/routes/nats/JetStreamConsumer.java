package routes.nats;

import io.nats.client.ConsumerContext;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a durable in a fetch loop and settles each message when its exchange is done. After a server restart, or when the durable or its stream
 * is gone, it binds again by itself. (jnats's own {@code consume()} took 41 s to resume after a restart, and never did without the durable.)
 */
public final class JetStreamConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(JetStreamConsumer.class);
    private static final Duration FETCH = Duration.ofSeconds(2);
    private static final Duration LAST_LOOK = Duration.ofMillis(10);
    private static final Duration REBIND = Duration.ofMillis(500);
    /** Long enough not to hammer a server in trouble, short enough to use the room of a full stream as it comes free. */
    private static final long LONGEST_NACK_MS = 5_000;
    private static final long MOST_BYTES_IN_FLIGHT = 32L << 20;
    private static final int NO_CONSUMER = NatsJetStreamConstants.JS_CONSUMER_NOT_FOUND_ERR;
    private static final int IDLE_FETCHES_UNTIL_CHECK = 5;
    private static final int ACKS_AT_ONCE = 64;

    private final OpsNatsEndpoint endpoint;
    private final NatsBus bus;
    private final Streams streams;
    private final Map<Message, InFlight> inFlight = new ConcurrentHashMap<>();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final Object room = new Object();
    private final List<Message> acks = new ArrayList<>(ACKS_AT_ONCE);
    private boolean ackAtOnce; // guarded by acks

    private ScheduledExecutorService scheduler;
    private Thread loop;
    private volatile boolean running;
    private volatile ConsumerInfo lastInfo;
    private volatile String trouble = "";

    JetStreamConsumer(OpsNatsEndpoint endpoint, Processor processor, NatsBus bus, Streams streams) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.bus = bus;
        this.streams = streams;
    }

    public String durable() {
        return endpoint.getConfiguration().getDurableName();
    }

    String stream() {
        return endpoint.getConfiguration().getJetstreamName();
    }

    /** What stands in the way of reading, for people; empty when nothing does. */
    public String trouble() {
        return trouble;
    }

    /** Messages in the stream that this consumer still has to handle, or -1 when NATS can't be asked. */
    public long lag() {
        try {
            lastInfo = bus.management().getConsumerInfo(stream(), durable());
            return lastInfo.getNumPending() + lastInfo.getNumAckPending();
        } catch (IOException | JetStreamApiException e) {
            return -1;
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        running = true;
        scheduler = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "nats-" + durable())); // Camel's own refuses a task beyond 1,000
        long third = endpoint.getAckWait() / 3;
        scheduler.scheduleWithFixedDelay(this::keepInProgress, third, third, TimeUnit.MILLISECONDS);
        loop = new Thread(this::loop, "nats-fetch-" + durable());
        loop.setDaemon(true);
        loop.start();
    }

    @Override
    protected void doStop() throws Exception {
        if (loop != null) { // Camel also stops what it has not started
            stopFetching();
            // what waits for its time goes back to the server at once; what a route still works on settles itself
            inFlight.values().forEach(InFlight::giveBackIfWaiting);
            scheduler.shutdown();
        }
        super.doStop();
    }

    private void stopFetching() throws InterruptedException {
        running = false;
        loop.interrupt();
        loop.join(FETCH.toMillis());
    }

    private void loop() {
        while (running) {
            try {
                fetchFrom(bind());
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                if (running) {
                    say(e);
                    sleep();
                }
            }
        }
    }

    private void say(Exception e) {
        String now = e.getMessage() == null ? e.toString() : e.getMessage();
        if (!now.equals(trouble) && bus.isConnected()) {
            LOG.warn("consumer {}: {}; binding again", durable(), now);
        }
        trouble = now;
    }

    private ConsumerContext bind() throws IOException, JetStreamApiException {
        streams.ensure();
        ConsumerConfiguration configuration = ConsumerConfiguration.builder()
                .durable(durable())
                .filterSubject(endpoint.getConfiguration().getTopic())
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(Duration.ofMillis(endpoint.getAckWait()))
                .maxDeliver(-1)
                .maxAckPending(endpoint.getMaxInFlight() * 4L) // room for replicas
                .deliverPolicy(deliverPolicy())
                .build();
        bus.management().addOrUpdateConsumer(stream(), configuration);
        ConsumerContext context = bus.connection().getStreamContext(stream()).getConsumerContext(durable());
        trouble = "";
        return context;
    }

    /** That of a durable that exists can't be changed, and need not: it says where to start, and this one has started. */
    private DeliverPolicy deliverPolicy() throws IOException, JetStreamApiException {
        try {
            return bus.management().getConsumerInfo(stream(), durable()).getConsumerConfiguration().getDeliverPolicy();
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NO_CONSUMER) {
                throw e;
            }
            return endpoint.getFirstStart() == NatsProperties.FirstStart.NEW ? DeliverPolicy.New : DeliverPolicy.All;
        }
    }

    /** A request for messages: the server sends so many, or what it has until the time is over. */
    private static final class Pull {
        private final long end = System.nanoTime() + FETCH.toNanos();
        private int missing;

        private Pull(int messages) {
            missing = messages;
        }
    }

    private void fetchFrom(ConsumerContext consumer) throws Exception {
        // one for all fetches: jnats's own fetch() drops its subscription when the time is over, and what the server sends at that
        // moment waits until the ack wait is over, half a minute
        JetStreamSubscription subscription = bus.connection().jetStream().subscribe(null, PullSubscribeOptions.bind(stream(), durable()));
        Deque<Pull> pulls = new ArrayDeque<>();
        try {
            int idle = 0;
            while (running) {
                ask(subscription, pulls);
                Message message = next(subscription, Duration.ofNanos(Math.max(1, pulls.getLast().end - System.nanoTime())));
                if (message != null) {
                    pulls.peek().missing--; // the server serves one request after the other
                    take(message);
                    idle = 0;
                } else if (++idle % IDLE_FETCHES_UNTIL_CHECK == 0) {
                    consumer.getConsumerInfo(); // fails when the durable is gone, which an empty fetch does not tell
                }
            }
        } finally {
            giveBack(subscription);
        }
    }

    private Message next(JetStreamSubscription subscription, Duration atMost) throws InterruptedException {
        Message waiting = subscription.nextMessage((Duration) null); // does not wait
        if (waiting != null) {
            return waiting;
        }
        holdAcks(false);
        try {
            return subscription.nextMessage(atMost);
        } finally {
            holdAcks(true);
        }
    }

    /** While messages come one after the other, acks go out together: one at a time they cost both sides as much as the messages. */
    private void holdAcks(boolean hold) {
        synchronized (acks) {
            ackAtOnce = !hold;
            sendAcks();
        }
    }

    private void ack(Message message) {
        synchronized (acks) {
            acks.add(message);
            if (ackAtOnce || acks.size() == ACKS_AT_ONCE) {
                sendAcks();
            }
        }
    }

    private void sendAcks() {
        for (Message message : acks) {
            try {
                message.ack();
            } catch (IllegalStateException e) { // that of one; the next may find room in the client's queue
                LOG.debug("consumer {}: could not acknowledge, the server will deliver again: {}", durable(), e.getMessage());
            }
        }
        acks.clear();
    }

    /** Asks for more while half of the last batch is still to come, so that neither side waits for the other. */
    private void ask(JetStreamSubscription subscription, Deque<Pull> pulls) throws IOException, InterruptedException {
        while (!pulls.isEmpty() && (pulls.peek().missing == 0 || pulls.peek().end - System.nanoTime() <= 0)) {
            pulls.remove();
        }
        int coming = pulls.stream().mapToInt(pull -> pull.missing).sum();
        if (coming * 2 > endpoint.getPullBatchSize()) {
            return;
        }
        int batch = coming == 0 ? awaitRoom() : room() - coming;
        if (coming == 0 || batch >= leastRoom()) {
            bus.connection(); // fails when the server is away
            Pull pull = new Pull(Math.min(batch, endpoint.getPullBatchSize()));
            subscription.pull(PullRequestOptions.builder(pull.missing).expiresIn(FETCH).build());
            pulls.add(pull);
        }
    }

    /** What has come and was not taken goes back to the server at once, and so do the acks of what was. */
    private void giveBack(JetStreamSubscription subscription) throws InterruptedException {
        Thread.interrupted(); // the interrupt has ended the loop; this must still be done
        holdAcks(false);
        try {
            for (Message message = subscription.nextMessage(LAST_LOOK); message != null; message = subscription.nextMessage(LAST_LOOK)) {
                message.nak();
            }
            subscription.unsubscribe();
        } catch (IllegalStateException e) {
            LOG.debug("the subscription ended with its connection or consumer: {}", e.getMessage());
        }
    }

    /** Waits until there is enough of it that fetches do not dribble. */
    private int awaitRoom() throws InterruptedException {
        if (room() < leastRoom()) {
            holdAcks(false);
            synchronized (room) {
                while (room() < leastRoom()) {
                    room.wait();
                }
            }
            holdAcks(true);
        }
        return room();
    }

    private int leastRoom() {
        return Math.max(1, endpoint.getMaxInFlight() / 4);
    }

    private int room() {
        return bytesInFlight.get() > MOST_BYTES_IN_FLIGHT ? 0 : endpoint.getMaxInFlight() - inFlight.size();
    }

    private void take(Message message) {
        InFlight taken = new InFlight(message);
        inFlight.put(message, taken);
        bytesInFlight.addAndGet(message.getData().length);
        long wait = endpoint.getDeliverAfter() == 0 ? 0
                : message.metaData().timestamp().toInstant().toEpochMilli() + endpoint.getDeliverAfter() - System.currentTimeMillis();
        if (wait > 0) {
            scheduler.schedule(taken::handOn, wait, TimeUnit.MILLISECONDS);
        } else {
            taken.handOn();
        }
    }

    private void keepInProgress() {
        long old = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(endpoint.getAckWait() / 4);
        for (InFlight taken : inFlight.values()) {
            if (taken.since - old < 0) {
                taken.inProgress();
            }
        }
    }

    private void sleep() {
        try {
            Thread.sleep(REBIND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A message between its fetch and its settlement. */
    private final class InFlight {

        private final Message message;
        private final long since = System.nanoTime();
        private boolean handedOn;
        private boolean givenBack;

        private InFlight(Message message) {
            this.message = message;
        }

        void handOn() {
            synchronized (this) {
                if (givenBack) {
                    return;
                }
                handedOn = true;
            }
            Exchange exchange = createExchange(false);
            new StoredMessage(message).applyTo(exchange);
            exchange.getMessage().setBody(message.getData());
            exchange.getMessage().setHeader(NatsConstants.NATS_SUBJECT, message.getSubject());
            endpoint.wireHeaders().fromWire(message.getHeaders(), exchange.getMessage().getHeaders());
            getAsyncProcessor().process(exchange, doneSync -> settle(exchange));
        }

        private void settle(Exchange exchange) {
            Exception failure = exchange.getException();
            try {
                if (failure == null) {
                    ack(message);
                } else if (failure instanceof PoisonedMessageException) {
                    LOG.warn("consumer {}: gave up a message of {}: {}", durable(), message.getSubject(), failure.getMessage());
                    message.term();
                } else {
                    LOG.debug("consumer {}: a message of {} failed", durable(), message.getSubject(), failure);
                    trouble = String.valueOf(failure.getMessage());
                    message.nakWithDelay(backoff());
                }
            } catch (IllegalStateException e) {
                LOG.debug("consumer {}: could not settle, the server will deliver again: {}", durable(), e.getMessage());
            }
            settled();
            releaseExchange(exchange, false);
        }

        private Duration backoff() {
            long doublings = Math.min(10, Math.max(0, message.metaData().deliveredCount() - 1));
            return Duration.ofMillis(Math.min(LONGEST_NACK_MS, endpoint.getNackWait() << doublings));
        }

        private void settled() {
            inFlight.remove(message);
            bytesInFlight.addAndGet(-message.getData().length);
            synchronized (room) {
                room.notify();
            }
        }

        void inProgress() {
            try {
                message.inProgress();
            } catch (IllegalStateException e) {
                LOG.debug("consumer {}: {}", durable(), e.getMessage());
            }
        }

        synchronized void giveBackIfWaiting() {
            if (!handedOn) {
                givenBack = true;
                try {
                    message.nak();
                } catch (IllegalStateException e) {
                    LOG.debug("consumer {}: {}", durable(), e.getMessage());
                }
                settled();
            }
        }
    }
}
