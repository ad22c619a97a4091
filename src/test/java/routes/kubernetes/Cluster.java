package routes.kubernetes;

import io.fabric8.kubernetes.api.model.APIGroupListBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An API server with events and EventHooks, by fabric8's mock, which knows generations, the status subresource and
 * conflicts. It can be away, come back on its port with its state, refuse, and lack our resource definition.
 */
public final class Cluster implements AutoCloseable {

    private static final CustomResourceDefinition DEFINITION = definition();

    private final KubernetesCrudDispatcher crud =
            new KubernetesCrudDispatcher(List.of(CustomResourceDefinitionContext.fromCrd(DEFINITION)));
    private final Queue<String> statusWrites = new ConcurrentLinkedQueue<>();
    private final int port;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger hookRefusals = new AtomicInteger();
    private volatile int answer = 200;
    private volatile int watchAnswer = 200;
    private final Queue<Instant> hookLists = new ConcurrentLinkedQueue<>();
    private volatile int statusAnswer = 200;
    private volatile boolean installed = true;
    private volatile boolean proxied;
    private volatile boolean silent;
    private final AtomicInteger silentWatches = new AtomicInteger();
    private MockWebServer server;

    public Cluster() throws Exception {
        up(0);
        port = server.getPort();
        author(
                HttpMethod.POST,
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                DEFINITION); // so that status and spec are kept apart
    }

    /** Writes an EventHooks resource as its author does, whatever the server answers others. */
    public void apply(String yaml) {
        GenericKubernetesResource hook = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        String folder = folder(hook.getMetadata().getNamespace());
        if (hook(hook.getMetadata().getNamespace(), hook.getMetadata().getName()) == null) {
            author(HttpMethod.POST, folder, hook);
        } else {
            author(HttpMethod.PUT, folder + "/" + hook.getMetadata().getName(), hook);
        }
    }

    public void delete(String namespace, String name) {
        author(HttpMethod.DELETE, folder(namespace) + "/" + name, null);
    }

    /** Null when there is none. */
    public GenericKubernetesResource hook(String namespace, String name) {
        MockResponse answer = author(HttpMethod.GET, folder(namespace) + "/" + name, null);
        return answer.code() == 404
                ? null
                : Serialization.unmarshal(answer.getBody().readUtf8(), GenericKubernetesResource.class);
    }

    /** A field of condition Accepted, null when there is none. */
    public Object accepted(String namespace, String name, String field) {
        GenericKubernetesResource hook = hook(namespace, name);
        List<Map<String, Object>> conditions = hook.get("status", "conditions");
        return conditions == null
                ? null
                : conditions.stream()
                        .filter(condition -> "Accepted".equals(condition.get("type")))
                        .findFirst()
                        .orElseThrow()
                        .get(field);
    }

    /** How often the status of a resource was written, or was tried to. */
    public long statusWrites(String name) {
        return statusWrites.stream()
                .filter(path -> path.endsWith("/" + name + "/status"))
                .count();
    }

    /** An event of a pod, in namespace shop. */
    public void event(String name, String reason, String note) {
        event(name, reason, note, Instant.now());
    }

    /** One that happened then. */
    public void event(String name, String reason, String note, Instant when) {
        try {
            author(
                    HttpMethod.POST,
                    "/apis/events.k8s.io/v1/namespaces/shop/events",
                    new EventBuilder()
                            .withEventTime(new MicroTime(when.toString()))
                            .withNewMetadata()
                            .withNamespace("shop")
                            .withName(name)
                            .endMetadata()
                            .withType("Warning")
                            .withReason(reason)
                            .withNote(note)
                            .withReportingController("kubelet")
                            .withNewRegarding()
                            .withKind("Pod")
                            .withNamespace("shop")
                            .withName(name)
                            .endRegarding()
                            .build());
        } catch (RejectedExecutionException e) {
            // the mock has stored it, and then tells watchers that are gone since opsbus was killed
        }
    }

    private static String folder(String namespace) {
        return "/apis/crd.chenshaowen.com/v1/namespaces/" + namespace + "/eventhooks";
    }

    private MockResponse author(HttpMethod method, String path, Object body) {
        MockResponse answer = crud.dispatch(request(method, path, body));
        if (answer.code() >= 400 && answer.code() != 404) {
            throw new IllegalStateException(
                    method + " " + path + ": " + answer.getBody().readUtf8());
        }
        return answer;
    }

    private static RecordedRequest request(HttpMethod method, String path, Object body) {
        byte[] bytes = body == null ? new byte[0] : Serialization.asJson(body).getBytes(StandardCharsets.UTF_8);
        return new RecordedRequest("HTTP/1.1", method, path, Headers.builder().build(), new Buffer(bytes));
    }

    private static CustomResourceDefinition definition() {
        try {
            return Serialization.unmarshal(
                    Files.readString(Path.of("k8s/crds/eventhooks.yaml")), CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** For the code under test: as it configures itself. */
    public KubernetesClient client() {
        return KubernetesAccess.connect(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port())
                .build());
    }

    /** A kubeconfig file for a process. */
    public Path kubeconfig(Path file) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%d'}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(port()));
    }

    private int port() {
        return port == 0 ? server.getPort() : port;
    }

    public void up() throws Exception {
        up(port);
    }

    private void up(int onPort) throws Exception {
        server = new MockWebServer();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return Cluster.this.dispatch(request);
            }
        });
        server.start(InetAddress.getByName("127.0.0.1"), onPort);
    }

    /** Connections break and nobody listens. */
    public void down() {
        server.shutdown();
    }

    /**
     * Requests about EventHooks are answered with this HTTP status; 200: as usual. Watches that stand are not
     * concerned.
     */
    public void answerForHooks(int httpStatus) {
        answer = httpStatus;
    }

    /** Watches of EventHooks are answered with this HTTP status, lists are not concerned. */
    public void answerForWatches(int httpStatus) {
        watchAnswer = httpStatus;
    }

    /** When EventHooks were listed. */
    public List<Instant> hookLists() {
        return List.copyOf(hookLists);
    }

    /** Requests about EventHooks that were refused. */
    public int hookRefusals() {
        return hookRefusals.get();
    }

    public void answerForStatus(int httpStatus) {
        statusAnswer = httpStatus;
    }

    /** Without our resource definition there is nothing at its paths, and the list of resources does not name it. */
    public void installed(boolean now) {
        installed = now;
    }

    /** Something in front of the API server that knows nothing: 404 to everything. */
    public void behindAProxyThatKnowsNothing(boolean now) {
        proxied = now;
    }

    /** Requests that the proxy has answered. */
    public int refusals() {
        return refusals.get();
    }

    /** Watches that come are accepted, and then nothing is said on them. */
    public void silent(boolean now) {
        silent = now;
    }

    /** How many were accepted and are told nothing. */
    public int silentWatches() {
        return silentWatches.get();
    }

    private MockResponse dispatch(RecordedRequest request) {
        String path = request.getPath().replaceAll("\\?.*", "");
        if (proxied) {
            refusals.incrementAndGet();
            return new MockResponse().setResponseCode(404).setBody("not here");
        }
        if (silent && request.getPath().contains("watch=true")) {
            silentWatches.incrementAndGet();
            return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {});
        }
        if (path.equals("/apis")) {
            return json(
                    installed
                            ? new APIGroupListBuilder()
                                    .addNewGroup()
                                    .withName("crd.chenshaowen.com")
                                    .addNewVersion("crd.chenshaowen.com/v1", "v1")
                                    .endGroup()
                                    .build()
                            : new APIGroupListBuilder()
                                    .addNewGroup()
                                    .withName("apps")
                                    .addNewVersion("apps/v1", "v1")
                                    .endGroup()
                                    .build());
        }
        if (path.equals("/apis/crd.chenshaowen.com/v1") && installed) {
            return json(new APIResourceListBuilder()
                    .addNewResource()
                    .withName("eventhooks")
                    .withKind("EventHooks")
                    .withNamespaced(true)
                    .endResource()
                    .build());
        }
        if (path.contains("/apis/crd.chenshaowen.com") && !installed) {
            return new MockResponse().setResponseCode(404).setBody("404 page not found\n");
        }
        boolean status = path.endsWith("/status");
        if (status) {
            statusWrites.add(path);
        }
        boolean watch = request.getPath().contains("watch=true");
        int refusal = !path.contains("/eventhooks")
                ? 200
                : answer != 200 ? answer : status ? statusAnswer : watch ? watchAnswer : 200;
        if (path.endsWith("/eventhooks") && !watch) {
            hookLists.add(Instant.now());
        }
        if (refusal != 200) {
            hookRefusals.incrementAndGet();
            return json(new StatusBuilder()
                            .withCode(refusal)
                            .withStatus("Failure")
                            .withMessage("refused " + refusal)
                            .build())
                    .setResponseCode(refusal);
        }
        return status && request.method() == HttpMethod.PATCH ? mergeStatus(path, request) : crud.dispatch(request);
    }

    /** RFC 7396, which replaces lists; the mock would append to them. */
    private MockResponse mergeStatus(String path, RecordedRequest request) {
        synchronized (crud) {
            MockResponse found = author(HttpMethod.GET, path.replaceAll("/status$", ""), null);
            if (found.code() == 404) {
                return found;
            }
            GenericKubernetesResource hook =
                    Serialization.unmarshal(found.getBody().readUtf8(), GenericKubernetesResource.class);
            Map<String, Map<String, Object>> patch = Serialization.unmarshal(request.getUtf8Body(), Map.class);
            hook.getMetadata().setResourceVersion((String) patch.get("metadata").get("resourceVersion"));
            Map<String, Object> status = new TreeMap<>();
            if (hook.getAdditionalProperties().get("status") instanceof Map<?, ?> before) {
                before.forEach((name, value) -> status.put((String) name, value));
            }
            status.putAll(patch.get("status"));
            hook.setAdditionalProperty("status", status);
            return crud.dispatch(request(HttpMethod.PUT, path, hook));
        }
    }

    private static MockResponse json(Object body) {
        return new MockResponse()
                .setResponseCode(200)
                .addHeader("Content-Type: application/json")
                .setBody(Serialization.asJson(body));
    }

    @Override
    public void close() {
        down();
    }
}
