package routes.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Pushes events over HTTP, as Alertmanager and scripts do: small JSON objects, one a request, with a token. Every answer has to say that NATS has stored it. */
final class Pushing {

    private static final int AT_ONCE = 64;
    private static final String BODY = "{\"type\":\"TaskRunReport\",\"host\":\"node-%d\",\"kind\":\"disk-check\",\"status\":\"normal\",\"message\":\"disk usage is %d %%\","
            + "\"threshold\":\"90\",\"operator\":\">\",\"value\":\"%d\"}";

    private final Application application;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Semaphore window = new Semaphore(AT_ONCE);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Pushing(Application application) {
        this.application = application;
    }

    /** As fast as it goes. @return pushes answered per second */
    double round(int count) throws Exception {
        long before = application.bus().lastSequence();
        long start = System.nanoTime();
        for (int number = 0; number < count; number++) {
            push(number, System.nanoTime(), null);
        }
        settle();
        double rate = count / ((System.nanoTime() - start) / 1e9);
        mustHaveStored(before, count);
        return rate;
    }

    /** @return from the moment a push was due, whether or not it could be sent then, to its answer */
    Latencies steady(int perSecond, double seconds) throws Exception {
        int count = (int) (perSecond * seconds);
        long[] nanos = new long[count];
        long before = application.bus().lastSequence();
        Pace pace = new Pace(System.nanoTime(), 0, perSecond);
        for (int number = 0; number < count; number++) {
            pace.awaitTurnOf(number);
            push(number, pace.dueAt(number), nanos);
        }
        settle();
        mustHaveStored(before, count);
        return new Latencies(nanos);
    }

    private void push(int number, long due, long[] nanos) throws InterruptedException {
        HttpRequest request = application.request("/api/v1/namespaces/ops-system/events/hosts.node-" + number % 200 + ".findings")
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(BODY.formatted(number % 200, number % 90, number % 90))).build();
        window.acquire();
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((answer, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            } else if (answer.statusCode() != 200 || !answer.body().contains("\"code\":0")) {
                failure.compareAndSet(null, new BenchFailure("a push was answered " + answer.statusCode() + " " + answer.body()));
            } else if (nanos != null) {
                nanos[number] = System.nanoTime() - due;
            }
            window.release();
        });
    }

    private void settle() throws InterruptedException {
        window.acquire(AT_ONCE);
        window.release(AT_ONCE);
        if (failure.get() != null) {
            throw new BenchFailure("an event could not be pushed: " + failure.get(), failure.get());
        }
    }

    /** What was answered is there: each push was answered after its PubAck, so the stream has all of them by now. */
    private void mustHaveStored(long before, int count) throws IOException {
        try {
            long stored = application.bus().lastSequence() - before;
            if (stored != count) {
                throw new BenchFailure(count + " pushes were answered, " + stored + " events are stored");
            }
        } catch (io.nats.client.JetStreamApiException e) {
            throw new IOException(e);
        }
    }
}
