package routes.kubernetes;

import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of an API server that events.k8s.io/v1 needs: lists by page, watches from a resourceVersion, history that
 * can be compacted. It can be taken down and brought up again on its port, its state kept.
 */
final class EventsApiServer implements AutoCloseable {

    private record Change(long version, String type, String namespace, String json) {

        boolean isIn(String namespaceOrEmpty) {
            return namespaceOrEmpty.isEmpty() || namespaceOrEmpty.equals(namespace);
        }
    }

    private static final Pattern PATH = Pattern.compile("/apis/events\\.k8s\\.io/v1/(?:namespaces/([^/]+)/)?events");

    private final Map<String, String> events = new LinkedHashMap<>();
    private final List<Change> history = new ArrayList<>();
    private final Map<WebSocket, String> watches = new LinkedHashMap<>(); // of which namespace, empty: of all
    private final ExecutorService sender = Executors.newSingleThreadExecutor();
    private final int port;
    private MockWebServer server;
    private long version = 100;
    private long compacted;
    private boolean staleClosesCleanly;
    private int watchesToClose;
    private boolean silent;
    private Set<String> allowed = Set.of();
    private int silentWatches;
    private String lastWatchTimeout;
    private int lists;
    private int forgottenLists;
    private int pages;
    private int answer = 200;
    private final List<Long> refusedAt = new ArrayList<>();
    private String lastWatchVersion;

    EventsApiServer() throws Exception {
        up(0);
        port = server.getPort();
    }

    KubernetesClient client() {
        return KubernetesAccess.connect(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port)
                .build());
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

    String create(String name, String note) {
        return create("shop", name, note);
    }

    String createIn(String namespace, String name) {
        return create(namespace, name, "Back-off restarting " + name);
    }

    private synchronized String create(String namespace, String name, String note) {
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withUid(UUID.randomUUID().toString())
                .withResourceVersion(Long.toString(++version))
                .withCreationTimestamp("2026-01-02T03:04:05Z")
                .endMetadata()
                .withType("Warning")
                .withReason("BackOff")
                .withNote(note)
                .withReportingController("kubelet")
                .withNewRegarding()
                .withKind("Pod")
                .withNamespace(namespace)
                .withName(name)
                .endRegarding()
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
        Change change = new Change(
                version,
                type,
                event.getMetadata().getNamespace(),
                "{\"type\":\"" + type + "\",\"object\":" + json + "}");
        history.add(change);
        watches.forEach((watch, namespace) -> {
            if (change.isIn(namespace)) {
                send(watch, change.json());
            }
        });
    }

    /** Forgets history: who watches from before gets 410, or the bare close that some API servers give for events. */
    synchronized void compact(boolean closesCleanly) {
        compacted = version;
        history.clear();
        staleClosesCleanly = closesCleanly;
    }

    /** Who asks for the next page of a list that has begun gets 410. */
    synchronized void forgetLists() {
        forgottenLists = lists;
    }

    synchronized void bookmark() {
        version++;
        Event event = new EventBuilder()
                .withNewMetadata()
                .withResourceVersion(Long.toString(version))
                .endMetadata()
                .build();
        watches.keySet().forEach(watch -> send(watch, Serialization.asJson(new WatchEvent(event, "BOOKMARK"))));
    }

    /** The next watches are closed as soon as they stand. */
    synchronized void closeNextWatches(int count) {
        watchesToClose = count;
    }

    /** Watches that come are accepted, and then nothing is said on them. */
    synchronized void silent(boolean now) {
        silent = now;
    }

    synchronized void closeWatches() {
        watches.keySet().forEach(watch -> close(watch, "timeout"));
        watches.clear();
    }

    /** Lists are answered with this HTTP status; 200: as usual. */
    synchronized void refuse(int httpStatus) {
        answer = httpStatus;
    }

    /** All else is forbidden, and all of them together above all. */
    synchronized void allowOnly(String... namespaces) {
        allowed = Set.of(namespaces);
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

    /** How many were accepted and are told nothing. */
    synchronized int silentWatches() {
        return silentWatches;
    }

    /** In seconds, as it was asked for. */
    synchronized String lastWatchTimeout() {
        return lastWatchTimeout;
    }

    synchronized int lists() {
        return lists;
    }

    /** Of all lists. */
    synchronized int pages() {
        return pages;
    }

    synchronized long version() {
        return version;
    }

    synchronized String lastWatchVersion() {
        return lastWatchVersion;
    }

    private synchronized MockResponse answer(RecordedRequest request) {
        URI uri = URI.create(request.getPath());
        Matcher path = PATH.matcher(uri.getPath());
        if (!path.matches()) {
            return new MockResponse().setResponseCode(404);
        }
        String namespace = path.group(1) == null ? "" : path.group(1);
        if (!allowed.isEmpty() && !allowed.contains(namespace)) {
            return new MockResponse().setResponseCode(403);
        }
        Map<String, String> query = new LinkedHashMap<>();
        for (String parameter :
                uri.getQuery() == null ? new String[0] : uri.getQuery().split("&")) {
            query.put(parameter.split("=", 2)[0], parameter.split("=", 2)[1]);
        }
        return "true".equals(query.get("watch")) ? watch(namespace, query) : list(namespace, query);
    }

    /** On a thread of their own and in order: the mock waits for its event loop, and that for our lock. */
    private void send(WebSocket watch, String json) {
        sender.submit(() -> watch.send(json));
    }

    private void close(WebSocket watch, String reason) {
        sender.submit(() -> watch.close(1000, reason));
    }

    private MockResponse list(String namespace, Map<String, String> query) {
        if (answer != 200) {
            refusedAt.add(System.nanoTime());
            return new MockResponse().setResponseCode(answer);
        }
        List<String> items = namespace.isEmpty()
                ? List.copyOf(events.values())
                : events.values().stream()
                        .filter(json -> json.contains("\"namespace\":\"" + namespace + "\""))
                        .toList();
        int from = Integer.parseInt(query.getOrDefault("continue", "0"));
        if (from > 0 && lists == forgottenLists) {
            return new MockResponse().setResponseCode(410);
        }
        int to = Math.min(items.size(), from + Integer.parseInt(query.getOrDefault("limit", "1000000")));
        pages++;
        if (from == 0) {
            lists++;
        }
        String meta = Serialization.asJson(new ListMetaBuilder()
                .withResourceVersion(Long.toString(version))
                .withContinue(to < items.size() ? Integer.toString(to) : null)
                .build());
        return new MockResponse()
                .setResponseCode(200)
                .addHeader("Content-Type: application/json")
                .setBody("{\"kind\":\"EventList\",\"apiVersion\":\"events.k8s.io/v1\",\"metadata\":" + meta
                        + ",\"items\":[" + String.join(",", items.subList(from, to)) + "]}");
    }

    private MockResponse watch(String namespace, Map<String, String> query) {
        lastWatchVersion = query.get("resourceVersion");
        lastWatchTimeout = query.get("timeoutSeconds");
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                open(socket, namespace, Long.parseLong(query.get("resourceVersion")));
            }

            @Override
            public void onClosed(WebSocket socket, int code, String reason) {
                synchronized (EventsApiServer.this) {
                    watches.remove(socket);
                }
            }
        });
    }

    private synchronized void open(WebSocket socket, String namespace, long from) {
        if (from < compacted) {
            if (!staleClosesCleanly) {
                send(
                        socket,
                        Serialization.asJson(new WatchEvent(
                                new StatusBuilder()
                                        .withCode(410)
                                        .withReason("Expired")
                                        .withMessage("too old resource version")
                                        .build(),
                                "ERROR")));
            }
            close(socket, "");
        } else if (watchesToClose > 0) {
            watchesToClose--;
            close(socket, "");
        } else if (silent) {
            silentWatches++;
        } else {
            watches.put(socket, namespace);
            history.stream()
                    .filter(change -> change.version() > from && change.isIn(namespace))
                    .forEach(change -> send(socket, change.json()));
        }
    }
}
