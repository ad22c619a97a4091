package routes.nats.history;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import routes.nats.NatsBus;

/**
 * Where all history is read: a connection apart from the one on which events are routed and delivered, a few threads,
 * and a queue in front of them. So a reader who is slow, greedy or many keeps nothing of the bus waiting.
 */
public final class HistoryReads implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SHARE = Duration.ofMillis(10);
    /** Of those who read on and must not fall behind. */
    private static final Duration SHARE_OF_TAILS = Duration.ofMillis(40);

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final NatsBus bus;
    private final HistoryProperties properties;
    private final HistoryPace pace;
    private final HistoryPace tailPace;
    private final HistoryPace backgroundPace;
    private final ThreadPoolExecutor threads;
    private final Semaphore
            places; // what bounds the queue of threads, which refuses also while one of them is idle and has not looked
    // yet

    /** @param first the connection of all else */
    public HistoryReads(NatsBus first, HistoryProperties properties) {
        this.bus = first.beside("opsbus history");
        this.properties = properties;
        this.pace = new HistoryPace(SHARE, first::messagesReceived, System::nanoTime);
        this.tailPace = new HistoryPace(SHARE_OF_TAILS, first::messagesReceived, System::nanoTime);
        this.backgroundPace = new HistoryPace(SHARE, first::messagesReceived, System::nanoTime);
        this.threads = new ThreadPoolExecutor(
                properties.threads(),
                properties.threads(),
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "history");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        this.places = new Semaphore(properties.places());
    }

    public void start() {
        bus.start();
    }

    void measure(MeterRegistry metrics) {
        Gauge.builder("opsbus.history.requests", threads, ThreadPoolExecutor::getActiveCount)
                .tag("state", "reading")
                .description("requests that read history")
                .register(metrics);
        Gauge.builder("opsbus.history.requests", this, HistoryReads::waiting)
                .tag("state", "waiting")
                .description("requests that wait for their turn to read history")
                .register(metrics);
    }

    /** Its own connection. */
    public NatsBus bus() {
        return bus;
    }

    /**
     * For the live tail, whose clients and messages are bounded elsewhere: it reads on while more comes, and must get
     * there.
     */
    HistoryRead onwards() {
        return new HistoryRead(tailPace, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** For what nobody waits for. */
    HistoryRead background() {
        return new HistoryRead(backgroundPace, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** What is read for one request. */
    public interface Reading<T> {
        T with(HistoryRead read) throws Exception;
    }

    /**
     * Reads on a thread of its own and waits for the result.
     *
     * @param gone whether nobody waits for it any more; asked a few times a second on this thread
     * @throws RejectedExecutionException when the queue is full, or it was not its turn within 5 s
     * @throws CancellationException when nobody waits for it
     * @throws Exception what the reading throws
     */
    public <T> T read(Reading<T> reading, BooleanSupplier gone) throws Exception {
        if (!places.tryAcquire()) {
            throw new RejectedExecutionException(
                    properties.places() + " requests read history already or wait for their turn");
        }
        try {
            return readInTurn(reading, gone);
        } finally {
            places.release();
        }
    }

    private <T> T readInTurn(Reading<T> reading, BooleanSupplier gone) throws Exception {
        HistoryRead read = new HistoryRead(
                pace, properties.maxMessages(), properties.maxBytes().toBytes());
        FutureTask<T> task = new FutureTask<>(() -> {
            read.begin();
            long start = System.nanoTime();
            try {
                return reading.with(read);
            } finally {
                read.end(System.nanoTime() - start);
            }
        });
        threads.execute(task);
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                try {
                    return task.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (gone.getAsBoolean()) {
                        throw new CancellationException("nobody waits for it any more");
                    }
                    if (!read.hasBegun() && System.nanoTime() - end > 0) {
                        throw new RejectedExecutionException(
                                "it was not its turn within " + PATIENCE.toSeconds() + " s");
                    }
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            if (!task.isDone()) {
                read.cancel();
                task.cancel(false);
                threads.remove(task);
            }
        }
    }

    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() throws InterruptedException {
        threads.shutdownNow();
        bus.close();
    }
}
