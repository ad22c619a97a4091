package routes.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.KeyValueOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.StreamContext;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The connection to NATS that everything shares but what reads history, which has one {@link #beside} it. It is opened in the background and for ever: while the server is away, or refuses the
 * login, the program runs, says what it waits for, and each use fails with an {@link IOException} that says so.
 */
public final class NatsBus implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NatsBus.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    static final Duration ASK_EVERY = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration RECENT = Duration.ofSeconds(15);
    private static final Duration SAY_AGAIN = Duration.ofSeconds(30);
    /** How much later a second connection may be up than the first. */
    private static final Duration CATCH_UP = Duration.ofSeconds(3);
    /** More than all consumers have in flight together: a client's queue that is full (5,000 by default) refuses acks, and what was delivered comes again. */
    private static final int OUTGOING = 50_000;

    private static final String MAX_PAYLOAD = "max_payload";
    private static final String MAX_MSG_SIZE = "max_msg_size of its stream";
    /** What JetStream answers to a message above {@code max_msg_size}. */
    private static final int LARGER_THAN_THE_STREAM_TAKES = 10054;
    private static final int HEADERS_TOO_LARGE = 10097;

    private final Supplier<Options.Builder> options;
    private final JetStreamOptions jetStreamOptions;
    private final Duration askEvery;
    private final String name;
    private final NatsBus first;
    private final List<Runnable> connectedListeners = new CopyOnWriteArrayList<>();
    private final Thread connector;

    private long askedAt = System.nanoTime();
    private int unanswered;
    private volatile long answered; // written by the connector only
    private volatile Violation violation;
    private volatile Exception lastFailure;
    private final SeldomLog errors = new SeldomLog();
    private volatile Session session;
    private volatile boolean closed;
    private volatile boolean silent;
    private volatile String trouble = "not connected yet";

    /** What the server did not allow. */
    private record Violation(String error, long at) {}

    /** A connection with what is derived from it. */
    private record Session(Connection connection, JetStream jetStream, JetStreamManagement management) {}

    /** A connection to JetStream at its usual place. @param options where and how to log in; asked again for every new connection */
    public NatsBus(Supplier<Options.Builder> options, Duration publishTimeout) {
        this(options, JetStreamOptions.builder().requestTimeout(publishTimeout).build(), ASK_EVERY);
    }

    /**
     * @param jetStream where JetStream is, and how long a request to it may take
     * @param askEvery  how often the connection is asked whether it hears anything
     */
    NatsBus(Supplier<Options.Builder> options, JetStreamOptions jetStream, Duration askEvery) {
        this(options, jetStream, askEvery, "opsbus", null);
    }

    private NatsBus(Supplier<Options.Builder> options, JetStreamOptions jetStream, Duration askEvery, String name, NatsBus first) {
        this.options = options;
        this.jetStreamOptions = jetStream;
        this.askEvery = askEvery;
        this.name = name;
        this.first = first;
        this.connector = new Thread(this::keepConnected, "nats-connector" + (first == null ? "" : " " + name));
        connector.setDaemon(true);
    }

    /**
     * One more connection with the same servers and login, not started yet. It logs nothing at INFO and above, since this one does; and who uses it while only this
     * one is connected waits for it a little.
     *
     * @param connectionName as the server shows it
     */
    public NatsBus beside(String connectionName) {
        return new NatsBus(options, jetStreamOptions, askEvery, connectionName, this);
    }

    public void start() {
        connector.start();
    }

    /** Runs now if there is a connection, on every new one and on every reconnect; perhaps on a thread of the client's, so it must not wait. */
    public void onConnected(Runnable listener) {
        connectedListeners.add(listener);
        if (isConnected()) {
            listener.run();
        }
    }

    public boolean isConnected() {
        return isOpen(session);
    }

    /** What stands in the way of a connection, for people; empty when connected. */
    public String trouble() {
        return isConnected() ? "" : trouble;
    }

    /** The urls of all servers that the connection knows of, perhaps with a user and password; empty before the first connection. */
    public Collection<String> servers() {
        Session now = session;
        return now == null ? List.of() : now.connection.getServers();
    }

    /** @throws IOException when NATS is not connected */
    public Connection connection() throws IOException {
        return session().connection;
    }

    /** @throws IOException when NATS is not connected */
    public JetStreamManagement management() throws IOException {
        return session().management;
    }

    /** As {@link #management()}, for questions that are not worth the time of a publish. */
    JetStreamManagement management(Duration timeout) throws IOException {
        return session().connection.jetStreamManagement(JetStreamOptions.builder(jetStreamOptions).requestTimeout(timeout).build());
    }

    private Session session() throws IOException {
        Session now = session;
        for (long end = System.nanoTime() + CATCH_UP.toNanos(); !isOpen(now) && first != null && first.isConnected() && !closed && System.nanoTime() < end; now = session) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
        }
        if (!isOpen(now)) {
            throw new IOException("NATS is not connected: " + trouble);
        }
        return now;
    }

    private static boolean isOpen(Session now) {
        return now != null && now.connection.getStatus() == Connection.Status.CONNECTED;
    }

    /** What came on this connection since it was opened; 0 while there is none. */
    public long messagesReceived() {
        Session now = session;
        return now == null ? 0 : now.connection.getStatistics().getInMsgs();
    }

    /** @throws IOException when NATS is not connected */
    public JetStream jetStream() throws IOException {
        return session().jetStream;
    }

    /** @throws IOException when NATS is not connected */
    StreamContext stream(String name) throws IOException, JetStreamApiException {
        return session().connection.getStreamContext(name, jetStreamOptions);
    }

    /** @throws IOException when NATS is not connected */
    KeyValue keyValue(String bucket) throws IOException {
        return session().connection.keyValue(bucket, keyValueOptions());
    }

    /** @throws IOException when NATS is not connected */
    KeyValueManagement keyValueManagement() throws IOException {
        return session().connection.keyValueManagement(keyValueOptions());
    }

    private KeyValueOptions keyValueOptions() {
        return KeyValueOptions.builder().jetStreamOptions(jetStreamOptions).build();
    }

    /** The subject of a request to JetStream, which in a domain or behind an import begins otherwise. */
    String api(String request) {
        return jetStreamOptions.getPrefix() + request;
    }

    /** Why JetStream does not answer, for people, when it is not the connection's fault. */
    String whyNoJetStream() throws IOException {
        Violation last = violation;
        if (last != null && System.nanoTime() - last.at < RECENT.toNanos()) {
            return "the NATS user may not do all that opsbus needs (" + last.error + "); docs/security.md lists the permissions";
        }
        if (!answersPings()) {
            return "NATS does not answer, not even a ping: the server may be frozen or overloaded";
        }
        return connection().getServerInfo().isJetStreamAvailable()
                ? "the NATS server has JetStream, but nothing answers on " + api(">") + ": it is not enabled for this account, or opsbus.nats.domain or opsbus.nats.api-prefix is another one"
                : "the NATS server has no JetStream: switch it on there, or say where it is with opsbus.nats.domain";
    }

    private boolean answersPings() throws IOException {
        try {
            connection().flush(ANSWER);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while NATS was asked", e);
        }
    }

    /**
     * Publishes to JetStream. The future completes with the server's PubAck, on a thread of the client's that must not be kept waiting,
     * or fails when there was none within the publish timeout, no stream takes the subject, NATS is not connected, or, with a
     * {@link MessageRefusedException} as the failure or its cause, when this message can never be stored.
     */
    public CompletableFuture<PublishAck> publish(String subject, Headers headers, byte[] body) {
        try {
            Session now = session();
            long size = (long) body.length + headers.serializedLength();
            if (size > now.connection.getMaxPayload()) {
                return tooLarge(subject, size, now.connection.getMaxPayload());
            }
            return now.jetStream.publishAsync(NatsMessage.builder().subject(subject).headers(headers).data(body).build())
                    .exceptionallyCompose(failure -> refused(failure, subject, size));
        } catch (IllegalArgumentException e) { // a subject that is none
            return CompletableFuture.failedFuture(new MessageRefusedException("NATS can't take a message for " + subject + ": " + e.getMessage(), e));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whoever makes it smaller does so once: what its stream takes may be less than what the connection takes. */
    private CompletableFuture<PublishAck> tooLarge(String subject, long size, long maxPayload) {
        MessageTooLargeException forConnection = new MessageTooLargeException(subject, size, maxPayload, MAX_PAYLOAD);
        return CompletableFuture.supplyAsync(() -> mostOf(subject)).handle((most, failure) -> failure == null && most > 0 && most < maxPayload
                ? new MessageTooLargeException(subject, size, most, MAX_MSG_SIZE) : forConnection).thenCompose(CompletableFuture::failedFuture);
    }

    /** The same failure, or what it means when it is the message's fault. */
    private CompletableFuture<PublishAck> refused(Throwable failure, String subject, long size) {
        JetStreamApiException answer = answerIn(failure);
        if (answer != null && answer.getApiErrorCode() == LARGER_THAN_THE_STREAM_TAKES) {
            return CompletableFuture.supplyAsync(() -> mostOf(subject)).thenCompose(most -> CompletableFuture.failedFuture(
                    new MessageTooLargeException(subject, size, most, MAX_MSG_SIZE)));
        }
        if (answer != null && answer.getApiErrorCode() == HEADERS_TOO_LARGE) {
            return CompletableFuture.failedFuture(new MessageRefusedException("the headers of a message for " + subject + " are larger than NATS stores, 64 kB", answer));
        }
        return CompletableFuture.failedFuture(NotStored.of(failure, subject, jetStreamOptions.getRequestTimeout()));
    }

    private static JetStreamApiException answerIn(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof JetStreamApiException)) {
            cause = cause.getCause();
        }
        return (JetStreamApiException) cause;
    }

    /** Asked for each time: it is seldom needed, and an operator may change it. @return -1 when it has no limit */
    private long mostOf(String subject) {
        try {
            JetStreamManagement management = management();
            return management.getStreamInfo(management.getStreamNames(subject).get(0)).getConfiguration().getMaximumMessageSize();
        } catch (IOException | JetStreamApiException | IndexOutOfBoundsException e) {
            throw new CompletionException("the stream of " + subject + " refuses a message for its size, and can't be asked how much it takes: " + e.getMessage(), e);
        }
    }

    /**
     * Sends and asks nobody whether it arrived: for what is only told, and is not worth that anything waits for it.
     *
     * @return false when it could not be sent now; then it is gone
     */
    public boolean tell(String subject, byte[] body) {
        try {
            session().connection.publish(subject, body);
            return true;
        } catch (IOException | IllegalArgumentException | IllegalStateException e) { // away; too large; closed or reconnecting
            LOG.debug("not sent on {}: {}", subject, e.getMessage());
            return false;
        }
    }

    private void keepConnected() {
        long saidAt = 0;
        while (!closed) {
            try {
                if (session == null || session.connection.getStatus() == Connection.Status.CLOSED) {
                    open();
                } else {
                    reconnectIfDeaf(session.connection);
                }
            } catch (IOException | IllegalArgumentException | IllegalStateException e) {
                trouble = describe(e) + describeLast(e);
                if (System.nanoTime() - saidAt > SAY_AGAIN.toNanos() || saidAt == 0) {
                    say(Level.WARN, "waiting for NATS: {}", trouble);
                    saidAt = System.nanoTime();
                }
            } catch (InterruptedException e) {
                return;
            }
            try {
                Thread.sleep(RETRY.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /**
     * A connection that is open and on which nothing is answered: seen after restarts of the server, and it stayed so (nats.java #1522, mended since). Asked is what
     * every user may: a ping.
     */
    private void reconnectIfDeaf(Connection connection) throws IOException, InterruptedException {
        if (connection.getStatus() != Connection.Status.CONNECTED || System.nanoTime() - askedAt < askEvery.toNanos()) {
            return;
        }
        askedAt = System.nanoTime();
        try {
            connection.flush(ANSWER);
            unanswered = 0;
            answered++;
        } catch (TimeoutException e) {
            if (++unanswered == 2 && connection.getStatus() == Connection.Status.CONNECTED) {
                unanswered = 0;
                silent = true;
                trouble = connection.getConnectedUrl() + " takes connections and answers nothing, not even a ping: it may be frozen or overloaded";
                say(Level.WARN, "NATS: {}; connecting anew", trouble);
                connection.forceReconnect();
            }
        }
    }

    /** How often the server has answered when it was asked. */
    long answered() {
        return answered;
    }

    private void open() throws IOException, InterruptedException {
        Options built = options.get()
                .connectionName(name)
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(500))
                .connectionTimeout(Duration.ofSeconds(3))
                .pingInterval(Duration.ofSeconds(10))
                .maxPingsOut(3)
                .supportUTF8Subjects()
                .maxMessagesInOutgoingQueue(OUTGOING)
                .dontForceFlushOnRequest()
                .connectionListener(this::changed)
                .errorListener(new Errors())
                .build();
        lastFailure = null;
        Connection connection = Nats.connect(built);
        session = new Session(connection, connection.jetStream(jetStreamOptions), connection.jetStreamManagement(jetStreamOptions));
        say(Level.INFO, "connected to NATS {} at {}", connection.getServerInfo().getVersion(), connection.getConnectedUrl());
        connectedListeners.forEach(Runnable::run);
    }

    /** Whether it is the connection in use, and not an attempt to open one: that tells its end by an exception. */
    private boolean inUse(Connection connection) {
        Session now = session;
        return now != null && now.connection == connection;
    }

    private void changed(Connection connection, ConnectionListener.Events event) {
        if (!inUse(connection)) {
            LOG.debug("NATS: {} while connecting", event);
            return;
        }
        switch (event) {
            case DISCONNECTED -> {
                if (silent) { // it was cut here, and why is said
                    return;
                }
                String lost = "the connection to " + String.join(", ", connection.getServers()) + " is lost, reconnecting";
                if (!closed && !lost.equals(trouble)) {
                    say(Level.WARN, "NATS: {}", lost);
                }
                trouble = lost;
            }
            case RECONNECTED, RESUBSCRIBED -> {
                if (event == ConnectionListener.Events.RESUBSCRIBED) {
                    trouble = "";
                    silent = false;
                    say(Level.INFO, "NATS: connected again to {}", connection.getConnectedUrl());
                    connectedListeners.forEach(Runnable::run);
                }
            }
            default -> LOG.debug("NATS: {}", event);
        }
    }

    /** A second connection has the same troubles as the first, which tells of them. */
    private void say(Level level, String what, Object... values) {
        LOG.atLevel(first == null ? level : Level.DEBUG).log(what, values);
    }

    /** What jnats only tells its listener: why no server could be connected to. */
    private String describeLast(Exception told) {
        Throwable cause = lastFailure;
        while (cause != null && cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause == null ? null : String.valueOf(cause.getMessage());
        String mend = cause instanceof GeneralSecurityException ? "; a private CA is named with opsbus.nats.tls.ca" : "";
        return message == null || String.valueOf(told.getMessage()).contains(message) ? "" : " (" + message + mend + ")";
    }

    private static String describe(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return e.getCause() == null || message.contains(String.valueOf(e.getCause().getMessage())) ? message : message + " (" + e.getCause().getMessage() + ")";
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        connector.interrupt();
        Session now = session;
        if (now != null) {
            try {
                if (isConnected()) {
                    now.connection.flush(Duration.ofSeconds(2)); // the last acks are worth the wait
                }
            } catch (TimeoutException e) {
                LOG.debug("NATS did not take the last acks in time; they will be repeated");
            }
            now.connection.close();
        }
    }

    /** The client's errors, without its stack traces on standard error. */
    private final class Errors implements ErrorListener {
        @Override
        public void errorOccurred(Connection connection, String error) {
            if (error.toLowerCase(Locale.ROOT).contains("permissions violation")) {
                violation = new Violation(error, System.nanoTime());
            }
            if (inUse(connection)) {
                trouble = error;
                errors.say("error", more -> say(Level.WARN, "NATS: {}{}", error, more));
            }
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception e) {
            lastFailure = e;
            LOG.debug("NATS: {}", e.toString());
        }

        @Override
        public void slowConsumerDetected(Connection connection, Consumer consumer) {
            LOG.warn("NATS: slow consumer, the client dropped messages of a plain subscription");
        }
    }
}
