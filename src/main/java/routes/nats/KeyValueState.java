package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import java.io.IOException;
import java.util.Optional;

/** The little state that must survive a restart: the NATS key-value bucket {@code opsbus}. */
public final class KeyValueState {

    private static final String BUCKET = "opsbus";

    private final NatsBus bus;
    private final StreamsProperties shape;

    public KeyValueState(NatsBus bus, StreamsProperties shape) {
        this.bus = bus;
        this.shape = shape;
    }

    /** @param key letters, digits, dot, dash, underscore, slash and equals sign */
    public Optional<String> get(String key) throws IOException {
        try {
            KeyValueEntry entry = bucket().get(key);
            return Optional.ofNullable(entry).map(KeyValueEntry::getValueAsString);
        } catch (JetStreamApiException e) {
            throw new IOException(e);
        }
    }

    /** @param key letters, digits, dot, dash, underscore, slash and equals sign */
    public void put(String key, String value) throws IOException {
        try {
            bucket().put(key, value);
        } catch (JetStreamApiException e) {
            throw new IOException(e);
        }
    }

    private KeyValue bucket() throws IOException, JetStreamApiException {
        if (!bus.management().getStreamNames().contains("KV_" + BUCKET)) {
            bus.connection().keyValueManagement().create(KeyValueConfiguration.builder()
                    .name(BUCKET).storageType(shape.storage()).replicas(shape.replicas()).maxHistoryPerKey(1).build());
        }
        return bus.connection().keyValue(BUCKET);
    }
}
