package routes.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import routes.event.Subject;
import routes.nats.KeyValueState;

/**
 * Keeps it in the bucket {@code opsbus}, keys {@code kubernetes.{cluster}.last-seen} and {@code ….first-watch}, RFC
 * 3339.
 */
@Component
class LastSeenInNats implements LastSeen {

    private static final Logger LOG = LoggerFactory.getLogger(LastSeenInNats.class);
    /** Between the clocks of two replicas. */
    private static final Duration SKEW = Duration.ofHours(1);

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
            return state.get(key)
                    .flatMap(value -> time(key, value, Instant.MAX, "a gap before this start is not noticed"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is no time would be none for ever: it is overwritten. */
    private static Optional<Instant> time(String key, String value, Instant latest, String consequence) {
        try {
            Instant time = Instant.parse(value);
            if (time.isAfter(Instant.EPOCH)
                    && !time.isAfter(latest)) { // at the ends of what Java can say, it can't reckon with it
                return Optional.of(time);
            }
        } catch (DateTimeException e) {
            LOG.debug("{}", e.getMessage());
        }
        LOG.warn("key {} of the bucket opsbus is no time that opsbus wrote, so {}", key, consequence);
        return Optional.empty();
    }

    @Override
    public void write(Instant lastSeen) {
        try {
            state.put(key, lastSeen.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * In this order: whoever has seen something has written down before when it began. A beginning that lies ahead is
     * none: until then all would be history.
     */
    @Override
    public Optional<Instant> firstWatch(Instant now) {
        try {
            boolean neverSeen = state.get(key).isEmpty();
            if (neverSeen) {
                state.create(firstWatchKey, now.toString());
            }
            Optional<Instant> first = state.get(firstWatchKey)
                    .flatMap(value -> time(
                            firstWatchKey,
                            value,
                            now.plus(SKEW),
                            neverSeen ? "it is written anew" : "nothing is history"));
            if (first.isEmpty() && neverSeen) {
                state.put(firstWatchKey, now.toString());
                return Optional.of(now);
            }
            return first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
