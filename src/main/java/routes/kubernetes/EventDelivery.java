package routes.kubernetes;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded hand-off between a watch, which must never wait, or a list, which may, and a publisher that may have to.
 * What was accepted is published in order and tried again every second until it succeeds, up to 256 at a time; only
 * retries lose their place.
 */
final class EventDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);
    private static final int MAX_IN_FLIGHT = 256;
    private static final long RETRY_SECONDS = 1;
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Accepted(long number, Object event) {}

    private final BlockingQueue<Accepted> queue;
    private final Function<Object, CompletionStage<Void>> publish;
    private final Clock clock;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentNavigableMap<Long, Instant> unpublished = new ConcurrentSkipListMap<>();
    private final Semaphore free = new Semaphore(MAX_IN_FLIGHT);
    private final ScheduledExecutorService retries =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "kubernetes-events-retry"));
    private final Thread dispatcher = new Thread(this::dispatch, "kubernetes-events-delivery");
    private volatile long nextLog = System.nanoTime();

    /** @param publish one attempt; the stage fails when it is to be tried again */
    EventDelivery(int capacity, Function<Object, CompletionStage<Void>> publish, Clock clock) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.publish = publish;
        this.clock = clock;
    }

    void start() {
        dispatcher.start();
    }

    /** What has not been published is dropped: the next start lists it again. */
    void stop() {
        dispatcher.interrupt();
        retries.shutdownNow();
        try {
            dispatcher.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits while as many are under way as may be, and does not queue: for who has a next one only then. */
    void publish(Object event) throws InterruptedException {
        free.acquire();
        attempt(accept(event));
    }

    /** False when the queue is full. */
    boolean offer(Object event) {
        Accepted accepted = accept(event);
        boolean fits = queue.offer(accepted);
        if (!fits) {
            unpublished.remove(accepted.number);
        }
        return fits;
    }

    private Accepted accept(Object event) {
        Accepted accepted = new Accepted(numbers.incrementAndGet(), event);
        unpublished.put(accepted.number, clock.instant());
        return accepted;
    }

    /** All that was accepted before this moment has been published. */
    Instant publishedUpTo() {
        Instant now = clock.instant();
        Map.Entry<Long, Instant> oldest = unpublished.firstEntry();
        return oldest == null ? now : oldest.getValue();
    }

    boolean isQueueEmpty() {
        return queue.isEmpty();
    }

    private void dispatch() {
        try {
            while (true) {
                free.acquire();
                attempt(queue.take());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(Accepted event) {
        CompletionStage<Void> attempt;
        try {
            attempt = publish.apply(event.event);
        } catch (RuntimeException e) {
            retry(event, e);
            return;
        }
        attempt.whenComplete((done, failure) -> {
            if (failure == null) {
                unpublished.remove(event.number);
                free.release();
            } else {
                retry(event, failure);
            }
        });
    }

    private void retry(Accepted event, Throwable failure) {
        if (System.nanoTime() - nextLog >= 0) {
            nextLog = System.nanoTime() + LOG_INTERVAL_NANOS;
            LOG.warn("A Kubernetes event can't be published; it is tried again every second: {}", failure.toString());
        }
        try {
            retries.schedule(() -> attempt(event), RETRY_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopped) {
            free.release();
        }
    }
}
