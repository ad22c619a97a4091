package routes.hooks.delivery;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A {@link Lane} for each hook that has had a delivery. An edit of the hook changes nothing in it; when the hook is
 * gone, so is its lane.
 *
 * @param <T> what is to be delivered
 */
final class Lanes<T> {

    private final int mostSlots;
    private final List<RetryLevel> ladder;
    private final LongSupplier nanoTime;
    private final Lane.Memory memory;
    private final Map<String, Lane<T>> lanes = new ConcurrentHashMap<>(); // by hook

    /**
     * @param mostSlots attempts at the same time per hook
     * @param memory bytes for what waits in all lanes together
     */
    Lanes(int mostSlots, long memory, List<RetryLevel> ladder, LongSupplier nanoTime) {
        this.mostSlots = mostSlots;
        this.memory = new Lane.Memory(memory);
        this.ladder = ladder;
        this.nanoTime = nanoTime;
    }

    Lane<T> of(String hook) {
        Lane<T> known = lanes.get(hook);
        return known != null
                ? known
                : lanes.computeIfAbsent(hook, id -> new Lane<>(mostSlots, ladder, memory, nanoTime));
    }

    /** Deliveries that are in the lane of a hook that is gone still leave it one by one. */
    void keep(Predicate<String> there) {
        lanes.keySet().forEach(hook -> lanes.computeIfPresent(hook, (id, lane) -> there.test(id) ? lane : null));
    }

    /** @return what waits in all of them: it is not attempted any more */
    List<T> close() {
        return lanes.values().stream().flatMap(lane -> lane.close().stream()).toList();
    }
}
