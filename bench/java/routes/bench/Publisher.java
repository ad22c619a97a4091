package routes.bench;

import io.nats.client.JetStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Publishes events with at most a thousand unanswered, each under its number. */
final class Publisher {

    private static final int WINDOW = 1_000;

    private final JetStream jetStream;
    private final Semaphore window = new Semaphore(WINDOW);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Publisher(JetStream jetStream) {
        this.jetStream = jetStream;
    }

    /** Sends without waiting for the answer, unless a thousand are missing. */
    void send(PreparedEvent event, long number) throws InterruptedException {
        window.acquire();
        jetStream.publishAsync(event.message(number)).whenComplete((ack, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            } else if (ack.isDuplicate()) {
                failure.compareAndSet(null, new BenchFailure("the server has had event " + number + " before"));
            }
            window.release();
        });
    }

    /** Waits until all are stored. */
    void settle() throws InterruptedException {
        window.acquire(WINDOW);
        window.release(WINDOW);
        if (failure.get() != null) {
            throw new BenchFailure("an event could not be published: " + failure.get(), failure.get());
        }
    }

    /** Publishes events number {@code from} up to {@code to}, without it, and waits until all are stored. */
    void publish(Workload events, long from, long to) throws InterruptedException {
        for (long number = from; number < to; number++) {
            send(events.event(number), number);
        }
        settle();
    }
}
