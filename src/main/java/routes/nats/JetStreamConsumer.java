package routes.nats;

import io.nats.client.Connection;
import io.nats.client.ConsumerContext;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.component.nats.NatsEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a durable in a fetch loop and settles each message when its exchange is done. After a server restart, or when
 * the durable or its stream is gone, it binds again by itself. (jnats's own {@code consume()} took 41 s to resume after
 * a restart, and never did without the durable.)
 *
 * <p>Long because the loop, the messages in flight and the room they leave change together: fetching waits for what
 * settling frees.
 */
public final class JetStreamConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(JetStreamConsumer.class);
    private static final Duration LAST_LOOK = Duration.ofMillis(10);
    private static final Duration REBIND = Duration.ofMillis(500);
    /**
     * Long enough not to hammer a server in trouble, short enough to use the room of a full stream as it comes free.
     */
    private static final long LONGEST_NACK_MS = 5_000;

    private static final Duration ASIDE = Duration.ofSeconds(30);
    private static final long MOST_BYTES_COMING = 16L << 20;
    private static final String REQUEST = NatsJetStreamConstants.JSAPI_CONSUMER_MSG_NEXT;
    private static final int NO_CONSUMER = NatsJetStreamConstants.JS_CONSUMER_NOT_FOUND_ERR;
    private static final int IDLE_FETCHES_UNTIL_CHECK = 5;
    /** So many times in an ack wait it says what is in its hand: for two thirds of it the process may stand still. */
    private static final int IN_PROGRESS = 6;

    private final NatsEndpoint endpoint;
    private final Options options;
    private final WireHeaders headers;
    private final NatsBus bus;
    private final Streams streams;
    private final Map<Place, InFlight> inFlight = new ConcurrentHashMap<>();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final Object room = new Object();
    private final HeldAcks acks = new HeldAcks();
    private final EarlierMessages<InFlight> early = new EarlierMessages<>();

    private ScheduledThreadPoolExecutor scheduler;
    private Thread loop;
    private Positions.Keeper position;
    private volatile boolean running;
    private volatile String trouble = "";

    /**
     * Options of the endpoint beyond camel-nats's; times are milliseconds.
     *
     * @param ackWait how long the server waits for an acknowledgement before it delivers again: what was on its way
     *     when the server or this process died comes after that; what a route still works on is prolonged
     * @param nackWait first delay after a failure, doubled each time up to 5 s
     * @param maxInFlight messages asked for, and taken and not settled
     * @param maxBytesInFlight of messages taken and not settled
     * @param deliverAfter how long a message stays in the stream before it is handed on
     * @param firstStart whether a durable that is new starts with what the stream already holds or behind it
     */
    record Options(
            long ackWait,
            long nackWait,
            int maxInFlight,
            long maxBytesInFlight,
            long deliverAfter,
            NatsProperties.FirstStart firstStart) {

        static final Options USUAL = new Options(12_000, 1_000, 2_000, 32L << 20, 0, NatsProperties.FirstStart.ALL);
    }

    JetStreamConsumer(NatsEndpoint endpoint, Processor processor, NatsBus bus, Streams streams, Options options) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.options = options;
        this.headers = WireHeaders.of(endpoint.getHeaderFilterStrategy());
        this.bus = bus;
        this.streams = streams;
    }

    public String durable() {
        return endpoint.getConfiguration().getDurableName();
    }

    String stream() {
        return endpoint.getConfiguration().getJetstreamName();
    }

    /**
     * What stands in the way of reading, or why the last message could not be handled, for people; empty when nothing
     * does.
     */
    public String trouble() {
        return trouble;
    }

    /**
     * Messages in the stream that this consumer still has to handle.
     *
     * @param timeout for the answer
     * @throws IOException when NATS does not answer in time, or is away
     */
    public long lag(Duration timeout) throws IOException, JetStreamApiException {
        ConsumerInfo info = bus.management(timeout).getConsumerInfo(stream(), durable());
        return info.getNumPending() + info.getNumAckPending();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        running = true;
        position = streams.positions().keep(stream(), durable());
        scheduler = new ScheduledThreadPoolExecutor(
                1, task -> new Thread(task, "nats-" + durable())); // Camel's own refuses a task beyond 1,000
        scheduler.setRemoveOnCancelPolicy(true); // a message that was handed on earlier is not kept until its time
        long often = options.ackWait() / IN_PROGRESS;
        scheduler.scheduleWithFixedDelay(this::keepInProgress, often, often, TimeUnit.MILLISECONDS);
        loop = new Thread(this::loop, "nats-fetch-" + durable());
        loop.setDaemon(true);
        loop.start();
    }

    @Override
    protected void doStop() throws Exception {
        if (loop != null) { // Camel also stops what it has not started
            stopFetching();
            // what waits for its time goes back to the server at once; what a route still works on settles itself
            inFlight.values().forEach(taken -> taken.giveBackIfWaiting(Duration.ZERO));
            scheduler.shutdown();
            position.close();
        }
        super.doStop();
    }

    private void stopFetching() throws InterruptedException {
        running = false;
        loop.interrupt();
        loop.join(Pulls.TIME.toMillis());
    }

    private void loop() {
        while (running) {
            try {
                fetchFrom(bind());
            } catch (InterruptedException e) {
                return;
            } catch (Exception | Error e) { // whatever it is: without this thread nothing is read any more
                if (running) {
                    say(e);
                    sleep();
                }
            }
        }
    }

    private void say(Throwable e) {
        String now = e.getMessage() == null ? e.toString() : e.getMessage();
        if (!now.equals(trouble) && bus.isConnected()) {
            LOG.warn("consumer {}: {}; binding again", durable(), now);
        }
        trouble = now;
    }

    private ConsumerContext bind() throws IOException, JetStreamApiException {
        streams.ensure();
        ConsumerConfiguration configuration = starting(ConsumerConfiguration.builder())
                .durable(durable())
                .filterSubject(endpoint.getConfiguration().getTopic())
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(Duration.ofMillis(options.ackWait()))
                .maxDeliver(-1)
                .maxAckPending(mostPending())
                .build();
        bus.management().addOrUpdateConsumer(stream(), configuration);
        ConsumerContext context = bus.stream(stream()).getConsumerContext(durable());
        trouble = "";
        return context;
    }

    /** With room for replicas, and for what is put aside. */
    private long mostPending() {
        return options.maxInFlight() * (options.deliverAfter() == 0 ? 4L : 25L);
    }

    /**
     * Where to start: that of a durable that exists can't be changed, and need not; one that is gone goes on where it
     * was.
     */
    private ConsumerConfiguration.Builder starting(ConsumerConfiguration.Builder configuration)
            throws IOException, JetStreamApiException {
        try {
            ConsumerConfiguration existing =
                    bus.management().getConsumerInfo(stream(), durable()).getConsumerConfiguration();
            configuration.deliverPolicy(existing.getDeliverPolicy());
            return existing.getDeliverPolicy() == DeliverPolicy.ByStartSequence
                    ? configuration.startSequence(existing.getStartSequence())
                    : configuration;
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NO_CONSUMER) {
                throw e;
            }
        }
        OptionalLong next = position.next();
        if (next.isPresent()) {
            return configuration.deliverPolicy(DeliverPolicy.ByStartSequence).startSequence(next.getAsLong());
        }
        return configuration.deliverPolicy(
                options.firstStart() == NatsProperties.FirstStart.NEW ? DeliverPolicy.New : DeliverPolicy.All);
    }

    private void fetchFrom(ConsumerContext consumer) throws Exception {
        // one plain subscription for all requests: jnats's fetch() drops its own when the time is over, and what the
        // server sends at that moment waits until the ack wait is over; its JetStream subscriptions
        // read each message's place, a tenth of the router's time
        String inbox = bus.connection().createInbox();
        Subscription subscription = bus.connection().subscribe(inbox);
        subscription.setPendingLimits(0, 0); // none: it holds what was asked for, and what it dropped would come late
        Pulls pulls = new Pulls();
        try {
            int idle = 0;
            while (running) {
                if (subscription.getPendingByteCount()
                        < MOST_BYTES_COMING) { // else it has come, though its time is over
                    ask(inbox, pulls);
                }
                Message message = next(subscription, pulls.untilTheLastEnds());
                if (message == null) {
                    if (++idle % IDLE_FETCHES_UNTIL_CHECK == 0) {
                        // fails when the durable is gone, which an empty fetch does not tell
                        consumer.getConsumerInfo();
                    }
                } else if (message.isStatusMessage()) {
                    pulls.minus(Pulls.notComing(message));
                } else {
                    pulls.minus(1);
                    take(message);
                    idle = 0;
                }
            }
        } finally {
            giveBack(subscription);
        }
    }

    private Message next(Subscription subscription, Duration atMost) throws InterruptedException {
        Message waiting = subscription.nextMessage((Duration) null); // does not wait
        if (waiting != null) {
            return waiting;
        }
        acks.hold(false);
        try {
            return subscription.nextMessage(atMost);
        } finally {
            acks.hold(true);
        }
    }

    /**
     * Asks for more while half of what there is room for is still to come, so that neither side waits for the other.
     */
    private void ask(String inbox, Pulls pulls) throws IOException, InterruptedException {
        int coming = pulls.coming();
        if (coming * 2 > options.maxInFlight()) {
            return;
        }
        int batch = coming == 0 ? awaitRoom() : room() - coming;
        if (coming == 0 || batch >= leastRoom()) {
            Connection connection = bus.connection();
            long bytes = Math.max(
                    MOST_BYTES_COMING, 2 * connection.getMaxPayload()); // or the client drops what its queue can't hold
            connection.publish(
                    bus.api(REQUEST.formatted(stream(), durable())),
                    inbox,
                    PullRequestOptions.builder(batch)
                            .maxBytes(bytes)
                            .expiresIn(Pulls.TIME)
                            .build()
                            .serialize());
            pulls.add(batch);
        }
    }

    /** What has come and was not taken goes back to the server at once, and so do the acks of what was. */
    private void giveBack(Subscription subscription) throws InterruptedException {
        Thread.interrupted(); // the interrupt has ended the loop; this must still be done
        acks.hold(false);
        try {
            for (Message message = subscription.nextMessage(LAST_LOOK);
                    message != null;
                    message = subscription.nextMessage(LAST_LOOK)) {
                if (!message.isStatusMessage()) {
                    message.nak();
                }
            }
            subscription.unsubscribe();
        } catch (IllegalStateException e) {
            LOG.debug("the subscription ended with its connection or consumer: {}", e.getMessage());
        }
    }

    /** Waits until there is enough of it that fetches do not dribble. */
    private int awaitRoom() throws InterruptedException {
        if (room() < leastRoom()) {
            acks.hold(false);
            synchronized (room) {
                while (room() < leastRoom()) {
                    room.wait();
                }
            }
            acks.hold(true);
        }
        return room();
    }

    private int leastRoom() {
        return Math.max(1, options.maxInFlight() / 4);
    }

    private int room() {
        return bytesInFlight.get() > options.maxBytesInFlight() ? 0 : options.maxInFlight() - inFlight.size();
    }

    private void take(Message message) {
        if (LOG.isDebugEnabled() && message.metaData().deliveredCount() > 1) {
            LOG.debug(
                    "consumer {}: {} comes again",
                    durable(),
                    message.hasHeaders()
                            ? message.getHeaders().getFirst(WireHeaders.MESSAGE_ID)
                            : message.getSubject());
        }
        InFlight taken;
        try {
            taken = new InFlight(message);
        } catch (IllegalArgumentException e) {
            LOG.debug("consumer {}: {}, passed over", durable(), e.getMessage()); // somebody else's
            return;
        }
        if (inFlight.putIfAbsent(taken.place, taken) != null) {
            // the server waited for it longer than the ack wait, as when this process stood still; the one that is in
            // hand settles both
            LOG.debug("consumer {}: {} is in hand already", durable(), message.getSubject());
            return;
        }
        bytesInFlight.addAndGet(message.getData().length);
        long wait =
                options.deliverAfter() == 0 ? 0 : taken.place.waits(options.deliverAfter(), System.currentTimeMillis());
        if (wait > 0) {
            taken.handOnIn(wait);
        } else {
            taken.handOn();
        }
    }

    /**
     * Hands on at once, oldest first, what this consumer holds of a subject until its time comes.
     *
     * @param upTo the last place in the stream that counts
     * @param most at most so many
     * @return how many
     */
    public int handOnEarlier(String subject, long upTo, int most) {
        int handedOn = 0;
        while (handedOn < most) {
            InFlight oldest = early.takeOldest(subject, upTo);
            if (oldest == null) {
                break;
            }
            oldest.handOn();
            handedOn++;
        }
        return handedOn;
    }

    /**
     * When it holds as much as it may, half of that goes back to the server for a while, none of it of this subject:
     * what is behind it in the stream is read.
     */
    public void makeRoomFor(String subject) {
        if (room() < leastRoom()) {
            early.takeOthers(subject, options.maxInFlight() / 2).forEach(other -> other.giveBackIfWaiting(ASIDE));
        }
    }

    /** Messages that it will hand on when their time comes. */
    int waitingForTheirTime() {
        return scheduler.getQueue().size() - 1; // one task is the messages in progress
    }

    private void keepInProgress() {
        long old = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(options.ackWait() / IN_PROGRESS);
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
        private final Place place;
        private final long since = System.nanoTime();
        private boolean handedOn;
        private boolean givenBack;
        private ScheduledFuture<?> due; // null when it was due at once

        private InFlight(Message message) {
            this.message = message;
            this.place = Place.of(message.getReplyTo());
        }

        synchronized void handOnIn(long millis) {
            early.add(message.getSubject(), place.sequence(), this);
            due = scheduler.schedule(this::handOn, millis, TimeUnit.MILLISECONDS);
        }

        void handOn() {
            synchronized (this) {
                if (givenBack || handedOn) { // or when it was wanted earlier than its time came
                    return;
                }
                handedOn = true;
                forgetTime();
            }
            Exchange exchange = createExchange(false);
            AtomicBoolean done = new AtomicBoolean();
            try {
                new StoredMessage(message, stream(), place).applyTo(exchange);
                exchange.getMessage().setBody(message.getData());
                exchange.getMessage().setHeader(NatsConstants.NATS_SUBJECT, message.getSubject());
                headers.fromWire(message.getHeaders(), exchange.getMessage().getHeaders());
                getAsyncProcessor().process(exchange, doneSync -> {
                    if (done.compareAndSet(false, true)) {
                        settle(exchange);
                    }
                });
            } catch (RuntimeException | Error e) { // of one message: it must not end the loop
                if (done.compareAndSet(false, true)) {
                    exchange.setException(e);
                    settle(exchange);
                }
            }
        }

        private void forgetTime() {
            if (due != null) {
                due.cancel(false);
                early.remove(message.getSubject(), place.sequence());
            }
        }

        private void settle(Exchange exchange) {
            Exception failure = reason(exchange.getException());
            try {
                if (failure == null) {
                    if (!trouble.isEmpty()) {
                        trouble = "";
                    }
                    acks.ack(message);
                } else if (failure instanceof PoisonedMessageException) {
                    LOG.warn(
                            "consumer {}: gave up a message of {}: {}",
                            durable(),
                            message.getSubject(),
                            failure.getMessage());
                    message.term();
                } else {
                    LOG.debug("consumer {}: a message of {} failed", durable(), message.getSubject(), failure);
                    trouble = String.valueOf(failure.getMessage());
                    message.nakWithDelay(backoff());
                }
            } catch (IllegalStateException e) {
                LOG.debug(
                        "consumer {}: could not settle, the server will deliver again: {}", durable(), e.getMessage());
            }
            settled();
            releaseExchange(exchange, false);
        }

        /** Of one that a split passed on, without its words on which part and exchange it was. */
        private static Exception reason(Exception failure) {
            return failure instanceof CamelExchangeException && failure.getCause() instanceof Exception cause
                    ? cause
                    : failure;
        }

        private Duration backoff() {
            long doublings = Math.min(10, Math.max(0, message.metaData().deliveredCount() - 1));
            return Duration.ofMillis(Math.min(LONGEST_NACK_MS, options.nackWait() << doublings));
        }

        private void settled() {
            inFlight.remove(place);
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

        /** @param delay after which the server may hand it out again */
        synchronized void giveBackIfWaiting(Duration delay) {
            if (!handedOn) {
                givenBack = true;
                forgetTime();
                try {
                    if (delay.isZero()) {
                        message.nak();
                    } else {
                        message.nakWithDelay(delay);
                    }
                } catch (IllegalStateException e) {
                    LOG.debug("consumer {}: {}", durable(), e.getMessage());
                }
                settled();
            }
        }
    }
}
