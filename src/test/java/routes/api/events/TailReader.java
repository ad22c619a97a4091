package routes.api.events;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of the live tail that takes a stream apart as browsers do. */
final class TailReader implements AutoCloseable, Flow.Subscriber<String> {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param id as in force when it came, or null */
    record Received(String id, String event, String data) {}

    final List<Received> received = new CopyOnWriteArrayList<>();
    final AtomicInteger heartbeats = new AtomicInteger();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private String id;
    private String event;
    private List<String> data = new ArrayList<>();
    private boolean closed;

    /** @return when the status of the answer is there */
    static TailReader open(String url, String... headers) {
        TailReader reader = new TailReader();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HTTP.sendAsync(request.build(), answer -> {
                    reader.status.complete(answer.statusCode());
                    return HttpResponse.BodySubscribers.fromLineSubscriber(reader);
                })
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        reader.status.completeExceptionally(failure);
                        reader.ended.complete(null);
                    }
                });
        if (reader.status.join() != 200) {
            throw new AssertionError("status " + reader.status.join());
        }
        return reader;
    }

    List<Long> ids() {
        return received.stream()
                .filter(each -> each.event.equals("event"))
                .map(each -> Long.parseLong(each.id))
                .toList();
    }

    boolean isEnded() {
        return ended.isDone();
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription.complete(begun);
        begun.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(String line) {
        if (closed) {
            return;
        }
        if (line.isEmpty()) {
            if (!data.isEmpty()) {
                received.add(new Received(id, event, String.join("\n", data)));
            }
            event = null;
            data = new ArrayList<>();
        } else if (line.startsWith(":")) {
            heartbeats.incrementAndGet();
        } else {
            String[] field = line.split(": ", 2);
            switch (field[0]) {
                case "id" -> id = field[1];
                case "event" -> event = field[1];
                case "data" -> data.add(field[1]);
                case "retry" -> {}
                default -> throw new AssertionError("a line that is none of a stream: " + line);
            }
        }
    }

    @Override
    public void onError(Throwable broken) {
        ended.complete(null);
    }

    @Override
    public void onComplete() {
        ended.complete(null);
    }

    /** Drops the connection; what came is what there is. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        subscription.join().cancel();
    }
}
