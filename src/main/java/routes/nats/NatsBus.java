package routes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.KeyValueOptions;
import io.nats.client.Options;
import io.nats.client.StreamContext;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.NatsConnector.Session;

/**
 * The connection to NATS that everything shares but what reads history, which has one {@link #beside} it. It is opened
 * in the background and for ever: while the server is away, or refuses the login, the program runs, says what it waits
 * for, and each use fails with an {@link IOException} that says so.
 */
public final class NatsBus implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NatsBus.class);
    /** How much later a second connection may be up than the first. */
    private static final Duration CATCH_UP = Duration.ofSeconds(3);

    private static final String MAX_PAYLOAD = "max_payload";
    private static final String MAX_MSG_SIZE = "max_msg_size of its stream";
    /** What JetStream answers to a message above {@code max_msg_size}. */
    private static final int LARGER_THAN_THE_STREAM_TAKES = 10054;

    private static final int HEADERS_TOO_LARGE = 10097;

    private final JetStreamOptions jetStreamOptions;
    private final NatsConnector connector;
    private final NatsBus first;

    /**
     * A connection to JetStream at its usual place. @param options where and how to log in; asked again for every new
     * connection
     */
    public NatsBus(Supplier<Options.Builder> options, Duration publishTimeout) {
        this(options, JetStreamOptions.builder().requestTimeout(publishTimeout).build(), NatsConnector.ASK_EVERY);
    }

    /**
     * @param jetStream where JetStream is, and how long a request to it may take
     * @param askEvery how often the connection is asked whether it hears anything
     */
    NatsBus(Supplier<Options.Builder> options, JetStreamOptions jetStream, Duration askEvery) {
        this(jetStream, new NatsConnector(options, jetStream, askEvery, "opsbus", false), null);
    }

    private NatsBus(JetStreamOptions jetStream, NatsConnector connector, NatsBus first) {
        this.jetStreamOptions = jetStream;
        this.connector = connector;
        this.first = first;
    }

    /**
     * One more connection with the same servers and login, not started yet. It logs nothing at INFO and above, since
     * this one does; and who uses it while only this one is connected waits for it a little.
     *
     * @param connectionName as the server shows it
     */
    public NatsBus beside(String connectionName) {
        return new NatsBus(jetStreamOptions, connector.beside(connectionName), this);
    }

    /** After which a publish without an answer fails. */
    Duration publishTimeout() {
        return jetStreamOptions.getRequestTimeout();
    }

    public void start() {
        connector.start();
    }

    /**
     * Runs now if there is a connection, on every new one and on every reconnect; perhaps on a thread of the client's,
     * so it must not wait.
     */
    public void onConnected(Runnable listener) {
        connector.onConnected(listener);
    }

    public boolean isConnected() {
        return connector.isConnected();
    }

    /** What stands in the way of a connection, for people; empty when connected. */
    public String trouble() {
        return isConnected() ? "" : connector.trouble();
    }

    /** How often the server has answered when it was asked whether it hears anything. */
    long answered() {
        return connector.answered();
    }

    /**
     * The urls of all servers that the connection knows of, perhaps with a user and password; empty before the first
     * connection.
     */
    public Collection<String> servers() {
        Session now = connector.session();
        return now == null ? List.of() : now.connection().getServers();
    }

    /** What came on this connection since it was opened; 0 while there is none. */
    public long messagesReceived() {
        Session now = connector.session();
        return now == null ? 0 : now.connection().getStatistics().getInMsgs();
    }

    private Session session() throws IOException {
        if (!connector.isConnected() && first != null) {
            awaitConnection();
        }
        Session now = connector.session();
        if (now == null || !now.isOpen()) {
            throw new IOException("NATS is not connected: " + connector.trouble());
        }
        return now;
    }

    private void awaitConnection() {
        long end = System.nanoTime() + CATCH_UP.toNanos();
        while (!connector.isConnected()
                && !connector.isClosed()
                && first.isConnected()
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** @throws IOException when NATS is not connected */
    public Connection connection() throws IOException {
        return session().connection();
    }

    /** @throws IOException when NATS is not connected */
    public JetStreamManagement management() throws IOException {
        return session().management();
    }

    /** As {@link #management()}, for questions that are not worth the time of a publish. */
    JetStreamManagement management(Duration timeout) throws IOException {
        return session()
                .connection()
                .jetStreamManagement(JetStreamOptions.builder(jetStreamOptions)
                        .requestTimeout(timeout)
                        .build());
    }

    /** @throws IOException when NATS is not connected */
    public JetStream jetStream() throws IOException {
        return session().jetStream();
    }

    /** @throws IOException when NATS is not connected */
    StreamContext stream(String name) throws IOException, JetStreamApiException {
        return session().connection().getStreamContext(name, jetStreamOptions);
    }

    /** @throws IOException when NATS is not connected */
    KeyValue keyValue(String bucket) throws IOException {
        return session().connection().keyValue(bucket, keyValueOptions());
    }

    /** @throws IOException when NATS is not connected */
    KeyValueManagement keyValueManagement() throws IOException {
        return session().connection().keyValueManagement(keyValueOptions());
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
        String violation = connector.violation();
        if (violation != null) {
            return "the NATS user may not do all that opsbus needs (" + violation
                    + "); docs/security.md lists the permissions";
        }
        if (!answersPings()) {
            return "NATS does not answer, not even a ping: the server may be frozen or overloaded";
        }
        return connection().getServerInfo().isJetStreamAvailable()
                ? "the NATS server has JetStream, but nothing answers on " + api(">")
                        + ": it is not enabled for this account, or opsbus.nats.domain or opsbus.nats.api-prefix is another one"
                : "the NATS server has no JetStream: switch it on there, or say where it is with opsbus.nats.domain";
    }

    private boolean answersPings() throws IOException {
        try {
            connection().flush(NatsConnector.ANSWER);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while NATS was asked", e);
        }
    }

    /**
     * Publishes to JetStream. The future completes with the server's PubAck, on a thread of the client's that must not
     * be kept waiting, or fails when there was none within the publish timeout, no stream takes the subject, NATS is
     * not connected, or, with a {@link MessageRefusedException} as the failure or its cause, when this message can
     * never be stored.
     */
    public CompletableFuture<PublishAck> publish(String subject, Headers headers, byte[] body) {
        try {
            Session now = session();
            long size = (long) body.length + headers.serializedLength();
            if (size > now.connection().getMaxPayload()) {
                return tooLarge(subject, size, now.connection().getMaxPayload());
            }
            return now.jetStream()
                    .publishAsync(NatsMessage.builder()
                            .subject(subject)
                            .headers(headers)
                            .data(body)
                            .build())
                    .exceptionallyCompose(failure -> refused(failure, subject, size));
        } catch (IllegalArgumentException e) { // a subject that is none
            return CompletableFuture.failedFuture(
                    new MessageRefusedException("NATS can't take a message for " + subject + ": " + e.getMessage(), e));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whoever makes it smaller does so once: what its stream takes may be less than what the connection takes. */
    private CompletableFuture<PublishAck> tooLarge(String subject, long size, long maxPayload) {
        MessageTooLargeException forConnection = new MessageTooLargeException(subject, size, maxPayload, MAX_PAYLOAD);
        return CompletableFuture.supplyAsync(() -> mostOf(subject))
                .handle((most, failure) -> failure == null && most > 0 && most < maxPayload
                        ? new MessageTooLargeException(subject, size, most, MAX_MSG_SIZE)
                        : forConnection)
                .thenCompose(CompletableFuture::failedFuture);
    }

    /** The same failure, or what it means when it is the message's fault. */
    private CompletableFuture<PublishAck> refused(Throwable failure, String subject, long size) {
        JetStreamApiException answer = answerIn(failure);
        if (answer != null && answer.getApiErrorCode() == LARGER_THAN_THE_STREAM_TAKES) {
            return CompletableFuture.supplyAsync(() -> mostOf(subject))
                    .thenCompose(most -> CompletableFuture.failedFuture(
                            new MessageTooLargeException(subject, size, most, MAX_MSG_SIZE)));
        }
        if (answer != null && answer.getApiErrorCode() == HEADERS_TOO_LARGE) {
            return CompletableFuture.failedFuture(new MessageRefusedException(
                    "the headers of a message for " + subject + " are larger than NATS stores, 64 kB", answer));
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
            return management
                    .getStreamInfo(management.getStreamNames(subject).get(0))
                    .getConfiguration()
                    .getMaximumMessageSize();
        } catch (IOException | JetStreamApiException | IndexOutOfBoundsException e) {
            throw new CompletionException(
                    "the stream of " + subject
                            + " refuses a message for its size, and can't be asked how much it takes: "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Sends and asks nobody whether it arrived: for what is only told, and is not worth that anything waits for it.
     *
     * @return false when it could not be sent now; then it is gone
     */
    public boolean tell(String subject, byte[] body) {
        try {
            session().connection().publish(subject, body);
            return true;
        } catch (IOException
                | IllegalArgumentException
                | IllegalStateException e) { // away; too large; closed or reconnecting
            LOG.debug("not sent on {}: {}", subject, e.getMessage());
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        connector.close();
    }
}
