package routes.hooks.delivery;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that wait on other people's servers, for all hooks together. They come with the load and go after ten
 * idle seconds; when all are busy a task waits for the first that is free. Not an Executor: Spring Boot would take it
 * for the application's own.
 */
final class Workers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final int most;
    private final ExecutorService threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int busy;

    Workers(int most) {
        this.most = most;
        AtomicInteger number = new AtomicInteger();
        // this class bounds the threads; a SynchronousQueue prefers an idle one to a new one
        threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> new Thread(task, "hook-worker-" + number.incrementAndGet()));
    }

    void start(Runnable task) {
        synchronized (this) {
            if (busy == most) {
                waiting.add(task);
                return;
            }
            busy++;
        }
        threads.execute(() -> work(task));
    }

    private void work(Runnable first) {
        for (Runnable task = first; task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a worker failed", e);
            }
        }
    }

    private synchronized Runnable next() {
        Runnable task = waiting.poll();
        if (task == null) {
            busy--;
        }
        return task;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
