package routes.hooks;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that wait on other people's servers, for all hooks together. They come with the load and go after ten idle seconds;
 * when all are busy a task waits for the first that is free. Not an Executor: Spring Boot would take it for the application's own.
 */
final class Workers implements AutoCloseable {

    private final ThreadPoolExecutor threads;
    private final Queue<Runnable> overflow = new ConcurrentLinkedQueue<>();

    Workers(int most) {
        AtomicInteger number = new AtomicInteger();
        // a SynchronousQueue prefers an idle thread to a new one, which a pool with a queue does not
        threads = new ThreadPoolExecutor(0, most, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
                task -> new Thread(task, "hook-worker-" + number.incrementAndGet()),
                (task, pool) -> overflow.add(task));
    }

    void start(Runnable task) {
        threads.execute(() -> run(task));
    }

    private void run(Runnable task) {
        for (Runnable next = task; next != null; next = overflow.poll()) {
            next.run();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
