package routes.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** The HTTP client that opsbus delivers with, and nothing else: the same bodies to the same endpoint. */
final class ClientAlone implements AutoCloseable {

    private static final int AT_ONCE = 32;

    private final Receiver receiver;
    private final Workload events;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    private final CloseableHttpClient client = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(AT_ONCE)
                    .setMaxConnTotal(AT_ONCE)
                    .build())
            .build();

    ClientAlone(Receiver receiver, Workload events) {
        this.receiver = receiver;
        this.events = events;
    }

    /** @return requests answered per second */
    double round(int count) throws Exception {
        receiver.listener((hook, deliveryId, nanos) -> {});
        AtomicInteger next = new AtomicInteger();
        List<Callable<Void>> senders = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            senders.add(() -> {
                for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                    PreparedEvent event = events.event(number);
                    HttpPost post = new HttpPost(receiver.url(event.hooks().get(0)));
                    post.setHeader("webhook-id", "alone-" + number);
                    post.setEntity(new ByteArrayEntity(event.body(), ContentType.APPLICATION_JSON));
                    int status = client.execute(post, response -> response.getCode());
                    if (status != 204) {
                        throw new BenchFailure("the endpoint answered " + status);
                    }
                }
                return null;
            });
        }
        long start = System.nanoTime();
        for (Future<Void> sender : threads.invokeAll(senders)) {
            sender.get();
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        client.close();
    }
}
