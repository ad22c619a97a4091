package routes.hooks.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hooks of which there are deliveries and which are not there: they may come back for a while, unless this process has
 * seen that they were removed.
 */
final class UnknownHooks {

    private final Targets targets;
    private final Duration grace;
    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    UnknownHooks(Targets targets, Duration grace) {
        this.targets = targets;
        this.grace = grace;
    }

    /** Whether nobody waits for it any more; the time begins when this is asked first. */
    boolean isGone(String id) {
        Instant first = since.computeIfAbsent(id, unknown -> Instant.now());
        return targets.wasRemoved(id) || first.plus(grace).isBefore(Instant.now());
    }

    /**
     * Forgets those that are there again, and those for which nothing waits any more.
     *
     * @param waiting their tokens
     */
    void keep(Set<String> waiting) {
        since.keySet()
                .removeIf(id -> targets.runs(id) || targets.mayExist(id) || !waiting.contains(Delivery.token(id)));
    }
}
