package routes.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import routes.event.Subject;
import routes.nats.KeyValueState;

/** Keeps it in the bucket {@code opsbus}, key {@code kubernetes.{cluster}.last-seen}, RFC 3339. */
@Component
class LastSeenInNats implements LastSeen {

    private final KeyValueState state;
    private final String key;

    LastSeenInNats(KeyValueState state, @Value("${opsbus.cluster}") String cluster) {
        this.state = state;
        this.key = "kubernetes." + Subject.token(cluster).replaceAll("[^a-z0-9_-]", "_") + ".last-seen";
    }

    @Override
    public Optional<Instant> read() {
        try {
            return state.get(key).map(Instant::parse);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(Instant lastSeen) {
        try {
            state.put(key, lastSeen.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
