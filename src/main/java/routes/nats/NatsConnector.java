package routes.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Opens a connection to NATS, in the background, again whenever it is gone; and says what stands in the way. */
final class NatsConnector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NatsConnector.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    static final Duration ASK_EVERY = Duration.ofSeconds(5);
    static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration RECENT = Duration.ofSeconds(15);
    private static final Duration SAY_AGAIN = Duration.ofSeconds(30);
    /**
     * More than all consumers have in flight together: a client's queue that is full (5,000 by default) refuses acks,
     * and what was delivered comes again.
     */
    private static final int OUTGOING = 50_000;

    private final Supplier<Options.Builder> options;
    private final JetStreamOptions jetStreamOptions;
    private final Duration askEvery;
    private final String name;
    private final boolean quiet;
    private final List<Runnable> connectedListeners = new CopyOnWriteArrayList<>();
    private final SeldomLog errors = new SeldomLog();
    private final Thread thread;

    private long askedAt = System.nanoTime();
    private int unanswered;
    private final AtomicLong answered = new AtomicLong();
    private volatile Violation violation;
    private volatile Exception lastFailure;
    private volatile Session session;
    private volatile boolean closed;
    private volatile boolean silent;
    private volatile String trouble = "not connected yet";

    /** What the server did not allow. */
    private record Violation(String error, long at) {}

    /** A connection with what is derived from it. */
    record Session(Connection connection, JetStream jetStream, JetStreamManagement management) {

        boolean isOpen() {
            return connection.getStatus() == Connection.Status.CONNECTED;
        }
    }

    /**
     * @param options where and how to log in; asked again for every new connection
     * @param jetStream where JetStream is, and how long a request to it may take
     * @param askEvery how often the connection is asked whether it hears anything
     * @param name as the server shows it
     * @param quiet logs nothing at INFO and above: another with the same servers tells of the same troubles
     */
    NatsConnector(
            Supplier<Options.Builder> options,
            JetStreamOptions jetStream,
            Duration askEvery,
            String name,
            boolean quiet) {
        this.options = options;
        this.jetStreamOptions = jetStream;
        this.askEvery = askEvery;
        this.name = name;
        this.quiet = quiet;
        this.thread = new Thread(this::keepConnected, "nats-connector" + (quiet ? " " + name : ""));
        thread.setDaemon(true);
    }

    /** One more for the same servers and login, that is quiet. */
    NatsConnector beside(String connectionName) {
        return new NatsConnector(options, jetStreamOptions, askEvery, connectionName, true);
    }

    void start() {
        thread.start();
    }

    /**
     * Runs now if there is a connection, on every new one and on every reconnect; perhaps on a thread of the client's,
     * so it must not wait.
     */
    void onConnected(Runnable listener) {
        connectedListeners.add(listener);
        if (isConnected()) {
            listener.run();
        }
    }

    boolean isConnected() {
        Session now = session;
        return now != null && now.isOpen();
    }

    boolean isClosed() {
        return closed;
    }

    /** The last one, open or not; null before the first. */
    Session session() {
        return session;
    }

    /** What stands in the way of a connection, for people; what was, when there is one. */
    String trouble() {
        return trouble;
    }

    /** What the server did not allow lately, in its words; null when there is nothing. */
    String violation() {
        Violation last = violation;
        return last != null && System.nanoTime() - last.at < RECENT.toNanos() ? last.error : null;
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
     * A connection that is open and on which nothing is answered: seen after restarts of the server, and it stayed so
     * (nats.java #1522, mended since). Asked is what every user may: a ping.
     */
    private void reconnectIfDeaf(Connection connection) throws IOException, InterruptedException {
        if (connection.getStatus() != Connection.Status.CONNECTED || System.nanoTime() - askedAt < askEvery.toNanos()) {
            return;
        }
        askedAt = System.nanoTime();
        try {
            connection.flush(ANSWER);
            unanswered = 0;
            answered.incrementAndGet();
        } catch (TimeoutException e) {
            if (++unanswered == 2 && connection.getStatus() == Connection.Status.CONNECTED) {
                unanswered = 0;
                silent = true;
                trouble = connection.getConnectedUrl()
                        + " takes connections and answers nothing, not even a ping: it may be frozen or overloaded";
                say(Level.WARN, "NATS: {}; connecting anew", trouble);
                connection.forceReconnect();
            }
        }
    }

    /** How often the server has answered when it was asked. */
    long answered() {
        return answered.get();
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
        session = new Session(
                connection, connection.jetStream(jetStreamOptions), connection.jetStreamManagement(jetStreamOptions));
        say(
                Level.INFO,
                "connected to NATS {} at {}",
                connection.getServerInfo().getVersion(),
                connection.getConnectedUrl());
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
                String lost =
                        "the connection to " + String.join(", ", connection.getServers()) + " is lost, reconnecting";
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

    private void say(Level level, String what, Object... values) {
        LOG.atLevel(quiet ? Level.DEBUG : level).log(what, values);
    }

    /** What jnats only tells its listener: why no server could be connected to. */
    private String describeLast(Exception told) {
        Throwable cause = lastFailure;
        while (cause != null && cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause == null ? null : String.valueOf(cause.getMessage());
        String mend =
                cause instanceof GeneralSecurityException ? "; a private CA is named with opsbus.nats.tls.ca" : "";
        return message == null || String.valueOf(told.getMessage()).contains(message)
                ? ""
                : " (" + message + mend + ")";
    }

    private static String describe(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return e.getCause() == null
                        || message.contains(String.valueOf(e.getCause().getMessage()))
                ? message
                : message + " (" + e.getCause().getMessage() + ")";
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        Session now = session;
        if (now != null) {
            try {
                if (now.isOpen()) {
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
