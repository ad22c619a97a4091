package routes.hooks.match;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What the expressions of hooks may cost the router, which decides for everybody. Those of custom resources are paid by
 * their namespace, since that is whom Kubernetes knows: some are free for each event, the rest is CPU time out of a
 * bucket. When it is empty, the expression under way is given up. Ordinary expressions are free, on texts of any
 * length.
 */
public final class MatchBudget {

    /** What a namespace may take at once. */
    static final Duration BURST = Duration.ofMillis(500);

    /** A twentieth of a core comes back. */
    private static final int PART = 20;

    /**
     * Steps (states times characters) for nothing, all of a namespace's for one event: in texts of 400 characters about
     * 20 expressions of 15 states.
     */
    private static final long FREE = 100_000;

    private static final long FREE_STATES = 100;

    /** The operator's are looked after only where they may take a tenth of a second. */
    private static final long FREE_FOR_OPERATOR = 10_000_000;

    private static final int MANY = 1_000;

    private final LongSupplier nanoTime;
    private final LongSupplier cpuTime;
    private final Map<String, CpuBucket> buckets = new ConcurrentHashMap<>(); // by namespace
    /**
     * Without a bucket, but not without an end: an event that takes longer than its consumer waits for an ack would
     * come again and again.
     */
    private final MatchLimit operator = (regex, text) ->
            metered(FREE_FOR_OPERATOR, CpuAllowance.of(MatchLimit.LONGEST)).finds(regex, text);

    /** By the clocks of this process. */
    public MatchBudget() {
        this(System::nanoTime, CpuClock.ofCaller());
    }

    /** @param cpuTime of the thread that asks, nanoseconds since some moment */
    MatchBudget(LongSupplier nanoTime, LongSupplier cpuTime) {
        this.nanoTime = nanoTime;
        this.cpuTime = cpuTime;
    }

    /** For one event. */
    public MatchLimits forEvent() {
        Map<String, MatchLimit> byNamespace = new HashMap<>(2);
        return (hook, text) -> hook.origin().isFile()
                ? operator
                : byNamespace.computeIfAbsent(
                        hook.namespace(),
                        namespace -> metered(
                                FREE + FREE_STATES * text.length(),
                                nanos -> bucket(namespace).spend(nanos)));
    }

    private MeteredMatching metered(long free, CpuAllowance allowance) {
        return new MeteredMatching(free, allowance, cpuTime);
    }

    private CpuBucket bucket(String namespace) {
        CpuBucket known = buckets.get(namespace);
        if (known == null && buckets.size() > MANY) {
            buckets.values().removeIf(CpuBucket::isFull); // as good as new
        }
        return known != null ? known : buckets.computeIfAbsent(namespace, one -> new CpuBucket(BURST, PART, nanoTime));
    }
}
