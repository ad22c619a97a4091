package routes.e2e;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import routes.nats.NatsBus;

/** Publishes events as a Kubernetes source would, with ids. */
final class Events {

    private Events() {}

    static String json(String id, String subject, String reason, String message) {
        return """
                {"specversion":"1.0","id":"%s","source":"https://github.com/shaowenchen/ops","type":"Kube","subject":"%s","datacontenttype":"application/json",\
                "time":"%s","data":{"type":"Warning","reason":"%s","eventTime":"2026-01-01T00:00:00Z","from":"kubelet","message":"%s"},"cluster":"test"}""".formatted(id, subject, java.time.Instant.now(), reason, message);
    }

    static CompletableFuture<?> publish(NatsBus bus, String id, String subject, String reason, String message) {
        return raw(bus, id, subject, json(id, subject, reason, message).getBytes(StandardCharsets.UTF_8));
    }

    static CompletableFuture<?> raw(NatsBus bus, String id, String subject, byte[] body) {
        Headers headers = new Headers();
        if (id != null) {
            headers.put("Nats-Msg-Id", id);
        }
        return bus.publish(subject, headers, body);
    }

    /**
     * Publishes node events with the ids {@code prefix-0} and on, and again what found no server, until all are stored.
     */
    static List<String> flood(NatsBus bus, String prefix, int count) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        List<CompletableFuture<?>> window = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(prefix + "-" + i);
        }
        List<String> todo = ids;
        while (!todo.isEmpty()) {
            for (String id : todo) {
                window.add(publish(
                                bus,
                                id,
                                "ops.clusters.test.nodes.n" + id.hashCode() % 50 + ".events",
                                "NodeNotReady",
                                "Node is not ready " + id)
                        .whenComplete((ack, failure) -> {
                            if (failure != null) {
                                synchronized (missing) {
                                    missing.add(id);
                                }
                            }
                        }));
                if (window.size() == 500) {
                    settle(window);
                }
            }
            settle(window);
            synchronized (missing) {
                todo = List.copyOf(missing);
                missing.clear();
            }
            if (!todo.isEmpty()) {
                Thread.sleep(200); // the server is away
            }
        }
        return ids;
    }

    private static void settle(List<CompletableFuture<?>> window) {
        window.forEach(future -> future.handle((ack, failure) -> null).join());
        window.clear();
    }
}
