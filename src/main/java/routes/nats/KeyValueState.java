package routes.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.MessageInfo;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The little state that must survive a restart: the NATS key-value bucket {@code opsbus}. */
public final class KeyValueState {

    private static final String BUCKET = "opsbus";
    private static final String STREAM = "KV_" + BUCKET;
    private static final String SUBJECT = "$KV." + BUCKET + ".";
    private static final String OPERATION = "KV-Operation"; // on a message that takes a value away
    private static final int NO_STREAM = 10059;
    /** NATS: wrong last sequence. */
    private static final int EXISTS = NatsJetStreamConstants.JS_WRONG_LAST_SEQUENCE;

    private final NatsBus bus;
    private final StreamsProperties shape;
    private volatile Seen seen;

    public KeyValueState(NatsBus bus, StreamsProperties shape) {
        this.bus = bus;
        this.shape = shape;
    }

    /** @param key letters, digits, dot, dash, underscore, slash and equals sign */
    public Optional<String> get(String key) throws IOException {
        return Optional.ofNullable(ask(bucket -> bucket.get(key))).map(KeyValueEntry::getValueAsString);
    }

    /** @param revision another one after every write of the key, whoever wrote it */
    public record Entry(String value, long revision) {}

    /** @param key letters, digits, dot, dash, underscore, slash and equals sign */
    public Optional<Entry> entry(String key) throws IOException {
        return Optional.ofNullable(ask(bucket -> bucket.get(key)))
                .map(entry -> new Entry(Objects.requireNonNullElse(entry.getValueAsString(), ""), entry.getRevision()));
    }

    /** @param key letters, digits, dot, dash, underscore, slash and equals sign */
    public void put(String key, String value) throws IOException {
        ask(bucket -> bucket.put(key, value));
    }

    /** Does nothing when the key is not there. */
    public void delete(String key) throws IOException {
        ask(bucket -> {
            bucket.delete(key);
            return null;
        });
    }

    /**
     * Stores the value unless there is one: of several that try at the same time one succeeds.
     *
     * @param key letters, digits, dot, dash, underscore, slash and equals sign
     */
    public boolean create(String key, String value) throws IOException {
        return ask(bucket -> {
            try {
                bucket.create(key, value.getBytes(StandardCharsets.UTF_8));
                return true;
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() == EXISTS) {
                    return false;
                }
                throw e;
            }
        });
    }

    /**
     * The latest word on a key.
     *
     * @param value null when the key was deleted
     * @param revision grows with every change of any key
     */
    public record Change(String key, String value, long revision) {}

    /**
     * What changed behind a revision (0: from the beginning), the oldest first, of each key its latest change only. One
     * small request when that is nothing.
     *
     * @param prefix whole parts of keys up to a dot, and the dot
     */
    public List<Change> changes(String prefix, long after) throws IOException {
        List<Change> changes = new ArrayList<>();
        try {
            for (long revision = after; ; revision = changes.get(changes.size() - 1).revision) {
                changes.add(change(bus.management().getNextMessage(STREAM, revision + 1, SUBJECT + prefix + ">")));
            }
        } catch (JetStreamApiException e) {
            if (MessageGone.is(e) || e.getApiErrorCode() == NO_STREAM) {
                return changes;
            }
            throw new IOException("the bucket " + BUCKET + " can't be read: " + e.getErrorDescription(), e);
        } catch (IOException e) {
            if (isThere()) {
                throw e;
            }
            return changes; // nats-server 2.15 does not answer for a stream that is not there
        }
    }

    /**
     * One small request, and allowed to whoever may use the bucket: the list of all streams may be long, and is often
     * not for this user.
     */
    private boolean isThere() throws IOException {
        try {
            return bus.management().getStreamInfo(STREAM) != null;
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_STREAM) {
                return false;
            }
            throw new IOException("the bucket " + BUCKET + " can't be looked for: " + e.getErrorDescription(), e);
        }
    }

    private static Change change(MessageInfo message) {
        boolean deleted = message.getHeaders() != null && message.getHeaders().getFirst(OPERATION) != null;
        String value =
                deleted ? null : message.getData() == null ? "" : new String(message.getData(), StandardCharsets.UTF_8);
        return new Change(message.getSubject().substring(SUBJECT.length()), value, message.getSeq());
    }

    private interface Asked<T> {
        T of(KeyValue bucket) throws IOException, JetStreamApiException;
    }

    /** @param connection on which it was asked whether it is there */
    private record Seen(Connection connection, KeyValue bucket) {}

    /** Whether the bucket is there is asked once on each connection, and when something went wrong. */
    private <T> T ask(Asked<T> asked) throws IOException {
        Connection connection = bus.connection();
        Seen known = seen;
        try {
            if (known != null && known.connection == connection) {
                try {
                    return asked.of(known.bucket);
                } catch (IOException | JetStreamApiException e) {
                    if (isThere()) {
                        throw e;
                    }
                }
            }
            if (!isThere()) {
                bus.keyValueManagement()
                        .create(KeyValueConfiguration.builder()
                                .name(BUCKET)
                                .storageType(shape.storage())
                                .replicas(shape.replicas())
                                .maxHistoryPerKey(1)
                                .build());
            }
            KeyValue bucket = bus.keyValue(BUCKET); // the client asks too
            seen = new Seen(connection, bucket);
            return asked.of(bucket);
        } catch (JetStreamApiException e) {
            throw new IOException(e);
        }
    }
}
