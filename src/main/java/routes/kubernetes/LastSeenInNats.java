package routes.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import routes.event.Subject;
import routes.nats.KeyValueState;

/** Keeps it in the bucket {@code opsbus}, keys {@code kubernetes.{cluster}.last-seen} and {@code ….first-watch}, RFC 3339. */
@Component
class LastSeenInNats implements LastSeen {

    private static final Logger LOG = LoggerFactory.getLogger(LastSeenInNats.class);

    private final KeyValueState state;
    private final String key;
    private final String firstWatchKey;

    LastSeenInNats(KeyValueState state, @Value("${opsbus.cluster}") String cluster) {
        this.state = state;
        String prefix = "kubernetes." + Subject.token(cluster).replaceAll("[^a-z0-9_-]", "_");
        this.key = prefix + ".last-seen";
        this.firstWatchKey = prefix + ".first-watch";
    }

    @Override
    public Optional<Instant> read() {
        try {
            return state.get(key).flatMap(this::time);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is no time would be none for ever: it is overwritten. */
    private Optional<Instant> time(String value) {
        try {
            return Optional.of(Instant.parse(value));
        } catch (DateTimeException e) {
            LOG.warn("key {} of the bucket opsbus is no time, so a gap before this start is not noticed: somebody else wrote it", key);
            return Optional.empty();
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

    /** In this order: whoever has seen something has written down before when it began. */
    @Override
    public Optional<Instant> firstWatch(Instant now) {
        try {
            if (state.get(key).isEmpty()) {
                state.create(firstWatchKey, now.toString());
            }
            return state.get(firstWatchKey).map(Instant::parse);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
