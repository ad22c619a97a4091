package routes.kubernetes;

import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The part of an API server that events.k8s.io/v1 needs: lists by page, watches from a resourceVersion, history that can
 * be compacted. It can be taken down and brought up again on its port, its state kept.
 */
final class EventsApiServer implements AutoCloseable {

    private record Change(long version, String type, String json) {
    }

    private final Map<String, String> events = new LinkedHashMap<>();
    private final List<Change> history = new ArrayList<>();
    private final List<WebSocket> watches = new ArrayList<>();
    private final ExecutorService sender = Executors.newSingleThreadExecutor();
    private final int port;
    private MockWebServer server;
    private long version = 100;
    private long compacted;
    private boolean staleClosesCleanly;
    private int watchesToClose;
    private int lists;
    private int answer = 200;
    private final List<Long> refusedAt = new ArrayList<>();
    private String lastWatchVersion;

    EventsApiServer() throws Exception {
        up(0);
        port = server.getPort();
    }

    KubernetesClient client() {
        return new KubernetesClientBuilder().withConfig(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port)
                .withWatchReconnectInterval(100)
                .withRequestRetryBackoffLimit(0)
                .build()).build();
    }

    void up() throws Exception {
        up(port);
    }

    private synchronized void up(int onPort) throws Exception {
        server = new MockWebServer();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request);
            }
        });
        server.start(InetAddress.getByName("127.0.0.1"), onPort);
    }

    /** Connections break and nobody listens. */
    void down() {
        server.shutdown(); // not under our lock, which its threads may wait for
        synchronized (this) {
            watches.clear();
        }
    }

    @Override
    public void close() {
        down();
        sender.shutdownNow();
    }

    String create(String name) {
        return create(name, "Back-off restarting " + name);
    }

    synchronized String create(String name, String note) {
        Event event = new EventBuilder()
                .withNewMetadata().withNamespace("shop").withName(name).withUid(UUID.randomUUID().toString())
                .withResourceVersion(Long.toString(++version)).withCreationTimestamp("2026-01-02T03:04:05Z").endMetadata()
                .withType("Warning").withReason("BackOff").withNote(note)
                .withReportingController("kubelet")
                .withNewRegarding().withKind("Pod").withNamespace("shop").withName(name).endRegarding()
                .build();
        change("ADDED", event);
        return event.getMetadata().getUid();
    }

    synchronized void update(String uid) {
        Event event = Serialization.unmarshal(events.get(uid), Event.class);
        event.getMetadata().setResourceVersion(Long.toString(++version));
        change("MODIFIED", event);
    }

    synchronized void delete(String uid) {
        Event event = Serialization.unmarshal(events.get(uid), Event.class);
        event.getMetadata().setResourceVersion(Long.toString(++version));
        change("DELETED", event);
        events.remove(uid);
    }

    private void change(String type, Event event) {
        String json = Serialization.asJson(event);
        events.put(event.getMetadata().getUid(), json);
        Change change = new Change(version, type, "{\"type\":\"" + type + "\",\"object\":" + json + "}");
        history.add(change);
        watches.forEach(watch -> send(watch, change.json()));
    }

    /** Forgets history: who watches from before gets 410, or the bare close that some API servers give for events. */
    synchronized void compact(boolean closesCleanly) {
        compacted = version;
        history.clear();
        staleClosesCleanly = closesCleanly;
    }

    synchronized void bookmark() {
        version++;
        Event event = new EventBuilder().withNewMetadata().withResourceVersion(Long.toString(version)).endMetadata().build();
        watches.forEach(watch -> send(watch, Serialization.asJson(new WatchEvent(event, "BOOKMARK"))));
    }

    /** The next watches are closed as soon as they stand. */
    synchronized void closeNextWatches(int count) {
        watchesToClose = count;
    }

    synchronized void closeWatches() {
        watches.forEach(watch -> close(watch, "timeout"));
        watches.clear();
    }

    /** Lists are answered with this HTTP status; 200: as usual. */
    synchronized void refuse(int httpStatus) {
        answer = httpStatus;
    }

    /** {@link System#nanoTime} of each refusal. */
    synchronized List<Long> refusedAt() {
        return List.copyOf(refusedAt);
    }

    synchronized int watchesToClose() {
        return watchesToClose;
    }

    synchronized int watches() {
        return watches.size();
    }

    synchronized int lists() {
        return lists;
    }

    synchronized long version() {
        return version;
    }

    synchronized String lastWatchVersion() {
        return lastWatchVersion;
    }

    private synchronized MockResponse answer(RecordedRequest request) {
        URI uri = URI.create(request.getPath());
        if (!uri.getPath().equals("/apis/events.k8s.io/v1/events")) {
            return new MockResponse().setResponseCode(404);
        }
        Map<String, String> query = new LinkedHashMap<>();
        for (String parameter : uri.getQuery() == null ? new String[0] : uri.getQuery().split("&")) {
            query.put(parameter.split("=", 2)[0], parameter.split("=", 2)[1]);
        }
        return "true".equals(query.get("watch")) ? watch(query) : list(query);
    }

    /** On a thread of their own and in order: the mock waits for its event loop, and that for our lock. */
    private void send(WebSocket watch, String json) {
        sender.submit(() -> watch.send(json));
    }

    private void close(WebSocket watch, String reason) {
        sender.submit(() -> watch.close(1000, reason));
    }

    private MockResponse list(Map<String, String> query) {
        if (answer != 200) {
            refusedAt.add(System.nanoTime());
            return new MockResponse().setResponseCode(answer);
        }
        int from = Integer.parseInt(query.getOrDefault("continue", "0"));
        int to = Math.min(events.size(), from + Integer.parseInt(query.getOrDefault("limit", "1000000")));
        if (from == 0) {
            lists++;
        }
        String meta = Serialization.asJson(new ListMetaBuilder()
                .withResourceVersion(Long.toString(version))
                .withContinue(to < events.size() ? Integer.toString(to) : null).build());
        String items = String.join(",", List.copyOf(events.values()).subList(from, to));
        return new MockResponse().setResponseCode(200).addHeader("Content-Type: application/json").setBody(
                "{\"kind\":\"EventList\",\"apiVersion\":\"events.k8s.io/v1\",\"metadata\":" + meta + ",\"items\":[" + items + "]}");
    }

    private MockResponse watch(Map<String, String> query) {
        lastWatchVersion = query.get("resourceVersion");
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                open(socket, Long.parseLong(query.get("resourceVersion")));
            }

            @Override
            public void onClosed(WebSocket socket, int code, String reason) {
                synchronized (EventsApiServer.this) {
                    watches.remove(socket);
                }
            }
        });
    }

    private synchronized void open(WebSocket socket, long from) {
        if (from < compacted) {
            if (!staleClosesCleanly) {
                send(socket, Serialization.asJson(new WatchEvent(
                        new StatusBuilder().withCode(410).withReason("Expired").withMessage("too old resource version").build(), "ERROR")));
            }
            close(socket, "");
        } else if (watchesToClose > 0) {
            watchesToClose--;
            close(socket, "");
        } else {
            watches.add(socket);
            history.stream().filter(change -> change.version() > from).forEach(change -> send(socket, change.json()));
        }
    }
}
