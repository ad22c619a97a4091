package routes.api.security;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import routes.api.rest.Answer;

/** What a request must get before it goes on; see {@link Limits}. */
interface Places {

    /** Between two that come again. */
    Duration BETWEEN = Duration.ofMillis(200);

    Duration LONGEST = Duration.ofMinutes(1);

    /**
     * @param caller name of the token
     * @return null when it got one, else what the client is told
     */
    Answer take(String caller);

    /** When the request that got one is answered. */
    void leave(String caller);

    /**
     * @param busy what is said when all are taken
     * @param seconds after which to come again, or later: many are told to come one after the other, not all at the
     *     same time
     */
    static Places atOnce(int number, String busy, int seconds) {
        return of(new Semaphore(number), Duration.ZERO, new Supplier<>() {
            private long last = System.nanoTime(); // when the last one who was refused may come

            @Override
            public Answer get() {
                return Answer.busy(busy, comeIn());
            }

            private synchronized int comeIn() {
                long now = System.nanoTime();
                long soonest = now + TimeUnit.SECONDS.toNanos(seconds);
                last = Math.min(Math.max(soonest, last + BETWEEN.toNanos()), now + LONGEST.toNanos());
                return (int) TimeUnit.NANOSECONDS.toSeconds(last - now + TimeUnit.SECONDS.toNanos(1) - 1);
            }
        });
    }

    /**
     * Of such that come free soon, unless something hangs: then whoever waits here must not keep a thread for long.
     *
     * @param patience how long one is waited for, in the order of coming
     */
    static Places soon(int number, Duration patience, Answer none) {
        return of(new Semaphore(number, true), patience, () -> none);
    }

    private static Places of(Semaphore free, Duration patience, Supplier<Answer> none) {
        return new Places() {
            @Override
            public Answer take(String caller) {
                try {
                    return free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS) ? null : none.get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return none.get();
                }
            }

            @Override
            public void leave(String caller) {
                free.release();
            }
        };
    }

    /** @param exceeded what is said to those that are more */
    static Places perSecond(int number, String exceeded) {
        Bucket bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(number).refillGreedy(number, Duration.ofSeconds(1)))
                .build();
        return new Places() {
            @Override
            public Answer take(String caller) {
                ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
                long seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
                return probe.isConsumed()
                        ? null
                        : new Answer(429, exceeded, null, Map.of("Retry-After", Long.toString(seconds)));
            }

            @Override
            public void leave(String caller) {
                // what came, came
            }
        };
    }

    /** Each token's own. */
    static Places ofEach(Supplier<Places> some) {
        Map<String, Places> own = new ConcurrentHashMap<>();
        return new Places() {
            @Override
            public Answer take(String caller) {
                return own.computeIfAbsent(caller, name -> some.get()).take(caller);
            }

            @Override
            public void leave(String caller) {
                own.get(caller).leave(caller);
            }
        };
    }
}
