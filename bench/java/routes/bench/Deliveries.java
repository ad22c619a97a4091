package routes.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;

/** The deliveries that a stretch of events must cause, and those that have come. */
final class Deliveries implements Receiver.Listener {

    private record Key(long event, int hook) {}

    private final Set<Key> missing = ConcurrentHashMap.newKeySet();
    private final Map<Key, Long> arrivedAt = new ConcurrentHashMap<>();
    private final AtomicLong unexpected = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong lastAt = new AtomicLong();
    private volatile String anUnexpected = "";

    /** @param healthy whether a hook's deliveries can arrive; others are not waited for */
    Deliveries(Workload events, long from, long to, IntPredicate healthy) {
        for (long number = from; number < to; number++) {
            for (int hook : events.event(number).hooks()) {
                if (healthy.test(hook)) {
                    missing.add(new Key(number, hook));
                }
            }
        }
    }

    @Override
    public void arrived(int hook, String deliveryId, long nanos) {
        Key key = new Key(PreparedEvent.numberOf(deliveryId), hook);
        if (arrivedAt.containsKey(key)) {
            repeated.incrementAndGet();
        } else if (!missing.contains(key)) {
            unexpected.incrementAndGet();
            anUnexpected = deliveryId;
        } else {
            arrivedAt.put(key, nanos);
            lastAt.accumulateAndGet(nanos, Math::max);
            missing.remove(key);
        }
    }

    /**
     * Waits for all of them.
     *
     * @throws BenchFailure when one is missing after {@code atMost}, or one came that no hook asked for
     */
    void awaitAll(Duration atMost) throws InterruptedException {
        int expected = missing.size() + arrivedAt.size();
        long end = System.nanoTime() + atMost.toNanos();
        while (!missing.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        if (!missing.isEmpty()) {
            throw new BenchFailure("%d of %d deliveries did not arrive within %d s, such as event %d of hook %s"
                    .formatted(
                            missing.size(),
                            expected,
                            atMost.toSeconds(),
                            missing.iterator().next().event,
                            WorkloadHook.hookName(missing.iterator().next().hook)));
        }
        if (unexpected.get() > 0) {
            throw new BenchFailure(unexpected + " deliveries arrived that no hook asked for, such as " + anUnexpected);
        }
    }

    int count() {
        return arrivedAt.size();
    }

    /** How many came a second time. */
    long repeated() {
        return repeated.get();
    }

    /** {@link System#nanoTime} of the last one. */
    long lastAt() {
        return lastAt.get();
    }

    /**
     * From the moment when an event should have been published to the arrival of its deliveries, for events from number
     * {@code from} on.
     *
     * @param intendedNanos that moment for an event's number
     */
    Latencies latencies(long from, LongUnaryOperator intendedNanos) {
        return new Latencies(arrivedAt.entrySet().stream()
                .filter(arrival -> arrival.getKey().event >= from)
                .mapToLong(arrival -> arrival.getValue() - intendedNanos.applyAsLong(arrival.getKey().event))
                .toArray());
    }
}
