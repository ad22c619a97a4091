package routes.hooks.delivery;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A {@link Lane} for each hook that has had a delivery. An edit of the hook changes nothing in it; when the hook is gone, so is its lane.
 *
 * @param <T> what is to be delivered
 */
final class Lanes<T> {

    /** In the waiting rooms of all lanes together. */
    private static final int MOST_WAITING = 4_096;

    private final int mostSlots;
    private final List<RetryLevel> ladder;
    private final LongSupplier nanoTime;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Lane<T>> lanes = new ConcurrentHashMap<>(); // by hook

    /** @param mostSlots attempts at the same time per hook */
    Lanes(int mostSlots, List<RetryLevel> ladder, LongSupplier nanoTime) {
        this.mostSlots = mostSlots;
        this.ladder = ladder;
        this.nanoTime = nanoTime;
    }

    Lane<T> of(String hook) {
        Lane<T> known = lanes.get(hook);
        return known != null
                ? known
                : lanes.computeIfAbsent(hook, id -> new Lane<>(mostSlots, ladder, waiting, MOST_WAITING, nanoTime));
    }

    /** Deliveries that are in the lane of a hook that is gone still leave it one by one. */
    void keep(Predicate<String> there) {
        lanes.keySet().forEach(hook -> lanes.computeIfPresent(hook, (id, lane) -> there.test(id) ? lane : null));
    }
}
