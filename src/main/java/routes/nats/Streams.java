package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams opsbus lives on, created when they are missing and kept in shape. An {@code ops} stream that exists is
 * somebody's: it only gets the subject and the duplicate window that opsbus needs, everything else of it stays.
 */
public final class Streams {

    public static final String OPS = "ops";
    public static final String DELIVERIES = "opsbus-deliveries";
    public static final String RETRIES = "opsbus-retries";
    public static final String PARKED = "opsbus-parked";
    public static final String DEADLETTERS = "opsbus-deadletters";
    public static final String ATTEMPTS = "opsbus-attempts";

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final int STREAM_NOT_FOUND = 10059;
    private static final int SUBJECTS_OVERLAP = 10065;
    private static final int NOT_FOR_ACCOUNT = 10039;
    private static final int NOT_ENABLED = 10076;
    static final String NO_ANSWER = "Timeout or no response"; // jnats's words

    private final NatsBus bus;
    private final StreamsProperties shape;
    private final Positions positions;
    private final AtomicBoolean ensuring = new AtomicBoolean();
    private volatile String trouble = "";

    public Streams(NatsBus bus, StreamsProperties shape) {
        this.bus = bus;
        this.shape = shape;
        this.positions = new Positions(bus, new KeyValueState(bus, shape));
    }

    /** How far the durables of the streams have come. */
    Positions positions() {
        return positions;
    }

    /**
     * Creates what is missing and mends what differs.
     *
     * @throws IOException when NATS is away or refuses, with a message that says how to mend it
     */
    public synchronized void ensure() throws IOException {
        JetStreamManagement management = bus.management();
        for (StreamConfiguration wanted : wanted()) {
            try {
                ensure(management, wanted);
            } catch (JetStreamApiException e) {
                throw new IOException("stream " + wanted.getName() + ": " + howToMend(e, wanted), e);
            } catch (IOException e) {
                throw String.valueOf(e.getMessage()).contains(NO_ANSWER) ? new IOException(bus.whyNoJetStream(), e) : e;
            }
        }
    }

    /**
     * The same in the background, when NATS is there and when a publisher found no stream: consumers, which make them
     * too, may start much later.
     */
    void ensureSoon() {
        if (ensuring.compareAndSet(false, true)) {
            CompletableFuture.runAsync(this::ensureOrSay).whenComplete((done, failure) -> ensuring.set(false));
        }
    }

    private void ensureOrSay() {
        try {
            ensure();
            trouble = "";
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).equals(trouble)) {
                trouble = String.valueOf(e.getMessage());
                LOG.warn("the streams are not complete: {}; trying again", trouble);
            }
        }
    }

    private List<StreamConfiguration> wanted() {
        return List.of(
                stream(OPS, "ops.>")
                        .retentionPolicy(RetentionPolicy.Limits)
                        .maxAge(shape.opsMaxAge())
                        .build(),
                workQueue(DELIVERIES, "opsbus.deliveries.>", shape.deliveriesMaxMessages()),
                workQueue(RETRIES, "opsbus.retries.>", shape.retriesMaxMessages()),
                workQueue(PARKED, "opsbus.parked.>", shape.parkedMaxMessages()),
                stream(DEADLETTERS, "opsbus.deadletters.>")
                        .retentionPolicy(RetentionPolicy.Limits)
                        .maxAge(shape.deadlettersMaxAge())
                        .build(),
                stream(ATTEMPTS, "opsbus.attempts.>")
                        .retentionPolicy(RetentionPolicy.Limits)
                        .discardPolicy(DiscardPolicy.Old)
                        .maxAge(shape.attemptsMaxAge())
                        .maxMessages(shape.attemptsMaxMessages())
                        .duplicateWindow(window(shape.duplicateWindow(), shape.attemptsMaxAge()))
                        .build());
    }

    private StreamConfiguration.Builder stream(String name, String subject) {
        return StreamConfiguration.builder()
                .name(name)
                .subjects(subject)
                .storageType(shape.storage())
                .replicas(shape.replicas())
                .duplicateWindow(shape.duplicateWindow());
    }

    /**
     * Limited by a number of messages, not by bytes: before 2.10.5 nats-server takes a message whose header and body
     * fit although the whole record does not, and then deletes the stream's oldest message, whatever the discard policy
     * says.
     */
    private StreamConfiguration workQueue(String name, String subject, long maxMessages) {
        return stream(name, subject)
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .maxMessages(maxMessages)
                .build();
    }

    private void ensure(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        StreamInfo found = find(management, wanted.getName());
        if (found == null) {
            management.addStream(wanted);
            LOG.info("created stream {} for {}", wanted.getName(), wanted.getSubjects());
            return;
        }
        StreamConfiguration mended =
                mended(found.getConfiguration(), wanted, found.getStreamState().getMsgCount());
        if (!mended.toJson().equals(found.getConfiguration().toJson())) {
            management.updateStream(mended);
            LOG.info("updated stream {}", wanted.getName());
        }
    }

    private static StreamInfo find(JetStreamManagement management, String name)
            throws IOException, JetStreamApiException {
        try {
            return management.getStreamInfo(name);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == STREAM_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private static StreamConfiguration mended(StreamConfiguration found, StreamConfiguration wanted, long messages) {
        Set<String> subjects = new LinkedHashSet<>(found.getSubjects());
        subjects.addAll(wanted.getSubjects());
        StreamConfiguration.Builder mended =
                StreamConfiguration.builder(found).subjects(subjects).noAck(false);
        if (!wanted.getName().equals(OPS)) {
            return mended.discardPolicy(wanted.getDiscardPolicy())
                    .maxBytes(wanted.getMaxBytes())
                    .maxMessages(maxMessages(found.getMaxMsgs(), wanted.getMaxMsgs(), messages))
                    .maxAge(wanted.getMaxAge())
                    .duplicateWindow(window(wanted.getDuplicateWindow(), wanted.getMaxAge()))
                    .build();
        }
        Duration window = wanted.getDuplicateWindow().compareTo(found.getDuplicateWindow()) > 0
                ? wanted.getDuplicateWindow()
                : found.getDuplicateWindow();
        return mended.duplicateWindow(window(window, found.getMaxAge())).build();
    }

    /**
     * A server that is told of a limit below what a stream holds deletes the oldest: it is lowered when the stream has
     * room, not before.
     */
    private static long maxMessages(long found, long wanted, long messages) {
        boolean lower = wanted > 0 && (found <= 0 || found > wanted);
        if (!lower || messages <= wanted / 2) {
            return wanted;
        }
        return found > 0 ? found : Math.max(wanted, messages * 2);
    }

    /** The server refuses a duplicate window that is longer than the stream's age. */
    private static Duration window(Duration wanted, Duration maxAge) {
        return maxAge != null && !maxAge.isZero() && maxAge.compareTo(wanted) < 0 ? maxAge : wanted;
    }

    private String howToMend(JetStreamApiException e, StreamConfiguration wanted) throws IOException {
        return switch (e.getApiErrorCode()) {
            case SUBJECTS_OVERLAP ->
                "another stream already takes " + wanted.getSubjects()
                        + "; remove that subject there, or rename that stream to " + wanted.getName();
            case NOT_FOR_ACCOUNT, NOT_ENABLED -> bus.whyNoJetStream();
            default -> e.getErrorDescription();
        };
    }
}
