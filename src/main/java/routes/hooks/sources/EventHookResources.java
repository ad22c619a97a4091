package routes.hooks.sources;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.kubernetes.ApiFailure;
import routes.kubernetes.Patience;
import routes.kubernetes.SilentWatch;
import routes.kubernetes.WatchLog;

/**
 * The EventHooks of a cluster, by an informer. What was read last goes on while the API server is away; only its own
 * word that there is no such resource means that there are no hooks.
 */
final class EventHookResources
        implements HookResources, ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventHookResources.class);
    private static final String GROUP = "crd.chenshaowen.com";
    private static final String PLURAL = "eventhooks";
    private static final ResourceDefinitionContext EVENT_HOOKS = new ResourceDefinitionContext.Builder()
            .withGroup(GROUP)
            .withVersion("v1")
            .withKind("EventHooks")
            .withPlural(PLURAL)
            .withNamespaced(true)
            .build();

    private static final long TICK_MILLIS = 200;
    private static final long PAGE = 500;
    /**
     * A watch that does not come back by then is given up for a new list: fabric8 may wait two minutes for the end of
     * one that an error ended.
     */
    private static final Duration GIVE_UP = Duration.ofSeconds(6);

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** What the reconciler was given last. */
    private record Known(Map<String, String> json, Map<String, ObjectMeta> metadata) {
        static final Known NONE = new Known(Map.of(), Map.of());
    }

    private final KubernetesClient client;
    private final Informable<GenericKubernetesResource> resources;
    private final SilentWatch silence;
    private final EventHookStatus status;
    private final WatchLog watchLog;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "eventhooks"));
    private final Map<String, Long> acceptedGenerations = new HashMap<>();
    private final AtomicBoolean changed = new AtomicBoolean(true);
    private volatile SharedIndexInformer<GenericKubernetesResource> informer;
    private long lastWatching = System.nanoTime();
    private final Patience patience =
            new Patience(GIVE_UP, LONGEST); // with a watch that does not come to stand while the list succeeds
    private volatile Throwable notFound;
    private volatile boolean notInstalled;
    private Known known;

    /** @param namespace whose EventHooks are read; empty: all */
    EventHookResources(KubernetesClient client, String namespace, Clock clock) {
        this(client, namespace, clock, EventHookStatus.RETRY);
    }

    EventHookResources(KubernetesClient client, String namespace, Clock clock, Duration statusRetry) {
        this.client = client;
        var resources = client.genericKubernetesResources(EVENT_HOOKS);
        this.resources = namespace.isBlank() ? resources.inAnyNamespace() : resources.inNamespace(namespace.strip());
        watchLog = new WatchLog(
                "EventHooks",
                "hooks that were read go on, and before the first were read no event is routed",
                namespace.isBlank()
                        ? "; or opsbus.kubernetes.active-namespace names the one whose hooks it may read"
                        : "");
        silence = new SilentWatch(client, clock);
        informer = newInformer();
        status =
                new EventHookStatus(client, resources, id -> informer.getStore().getByKey(id), clock, statusRetry);
    }

    private SharedIndexInformer<GenericKubernetesResource> newInformer() {
        SharedIndexInformer<GenericKubernetesResource> informer =
                resources.withLimit(PAGE).runnableInformer(0);
        informer.exceptionHandler(this::goOn);
        informer.addEventHandler(this);
        return informer;
    }

    void start() {
        informer.start();
        ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        informer.stop();
    }

    /** The default handler gives up on anything but 410, a first list that fails included. fabric8 tries again. */
    private boolean goOn(boolean started, Throwable failure) {
        if (ApiFailure.code(failure) == HttpURLConnection.HTTP_NOT_FOUND) {
            notFound = failure;
        } else {
            watchLog.failed(failure);
        }
        return true;
    }

    private void tick() {
        try {
            Throwable failure = notFound;
            if (failure != null) {
                notFound = null;
                lookForTheDefinition(failure);
            }
            if (informer.isWatching() && notInstalled) {
                notInstalled = false;
                changed.set(true);
            }
            if (!notInstalled) {
                watchLog.watching(informer.isWatching());
            }
            if (silence.isDead(informer)) {
                watchLog.silent(silence.reason());
                startAnew();
            } else if (isLost()) {
                watchLog.unwatched();
                patience.grow();
                startAnew();
            }
            status.write();
        } catch (RuntimeException e) {
            LOG.warn("EventHooks can't be looked after now; trying again", e);
        }
    }

    /** As long as a list takes, none is: a long one would never come to its end. */
    private boolean isLost() {
        if (informer.isWatching()) {
            patience.reset();
        }
        if (informer.isWatching() || !informer.hasSynced()) {
            lastWatching = System.nanoTime();
        }
        return patience.isOver(Duration.ofNanos(System.nanoTime() - lastWatching));
    }

    /** What was read last goes on until the new list is whole. */
    private void startAnew() {
        SharedIndexInformer<GenericKubernetesResource> dead = informer;
        watchLog.listing();
        informer = newInformer();
        dead.stop();
        lastWatching = System.nanoTime();
        changed.set(true);
        informer.start();
    }

    private void lookForTheDefinition(Throwable failure) {
        boolean installed;
        try {
            installed = isInstalled();
        } catch (KubernetesClientException e) {
            watchLog.failed(e);
            return;
        }
        if (installed) {
            watchLog.failed(failure);
        } else if (!notInstalled) {
            notInstalled = true;
            LOG.warn(
                    "The cluster has no EventHooks: apply k8s/crds/eventhooks.yaml to write hooks there. Until then hooks come from files only; "
                            + "opsbus looks again every few seconds");
        }
    }

    /** A 404 alone may come from a proxy, or from an API server that is still starting; its list of resources tells. */
    private boolean isInstalled() {
        APIGroupList groups = client.getApiGroups();
        if (groups == null) {
            return true;
        }
        boolean served = groups.getGroups().stream()
                .filter(group -> GROUP.equals(group.getName()))
                .map(APIGroup::getVersions)
                .anyMatch(versions -> versions.stream().anyMatch(version -> "v1".equals(version.getVersion())));
        if (!served) {
            return false;
        }
        APIResourceList resources = client.getApiResources(GROUP + "/v1");
        return resources == null
                || resources.getResources().stream().anyMatch(resource -> PLURAL.equals(resource.getName()));
    }

    @Override
    public void onAdd(GenericKubernetesResource hook) {
        changed.set(true);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource hook) {
        changed.set(true);
    }

    @Override
    public void onDelete(GenericKubernetesResource hook, boolean finalStateUnknown) {
        changed.set(true);
    }

    @Override
    public Optional<Map<String, String>> current() {
        if (notInstalled) {
            know(Known.NONE);
        } else {
            SharedIndexInformer<GenericKubernetesResource> now = informer;
            if (now.hasSynced() && changed.getAndSet(false)) {
                know(read(now));
            }
        }
        return Optional.ofNullable(known).map(Known::json);
    }

    /** Keeps the instance when nothing but a status has changed. */
    private void know(Known now) {
        if (known == null || !known.json.equals(now.json)) {
            known = now;
            silence.somethingNew();
            acceptedGenerations.keySet().retainAll(now.json.keySet());
            status.retain(now.json.keySet());
        }
    }

    private Known read(SharedIndexInformer<GenericKubernetesResource> informer) {
        Map<String, String> json = new HashMap<>();
        Map<String, ObjectMeta> metadata = new HashMap<>();
        for (GenericKubernetesResource hook : informer.getStore().list()) {
            String id = EventHook.id(
                    hook.getMetadata().getNamespace(), hook.getMetadata().getName());
            json.put(id, json(hook));
            metadata.put(id, hook.getMetadata());
        }
        return new Known(Map.copyOf(json), Map.copyOf(metadata));
    }

    /** What its author wrote, and which writing it is; no status, whose changes are ours. */
    private String json(GenericKubernetesResource hook) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("namespace", hook.getMetadata().getNamespace());
        metadata.put("name", hook.getMetadata().getName());
        metadata.put("uid", hook.getMetadata().getUid());
        metadata.put("generation", generation(hook.getMetadata()));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", hook.getApiVersion());
        document.put("kind", hook.getKind());
        document.put("metadata", metadata);
        document.put("spec", hook.getAdditionalProperties().get("spec"));
        return client.getKubernetesSerialization().asJson(document);
    }

    @Override
    public void report(String id, List<HookProblem> problems, boolean runs) {
        ObjectMeta metadata = known.metadata.get(id);
        if (metadata == null) {
            return;
        }
        long generation = generation(metadata);
        if (problems.isEmpty()) {
            acceptedGenerations.put(id, generation);
            status.report(id, EventHookVerdict.accepted(metadata.getUid(), generation));
        } else {
            Optional<Long> running = runs ? Optional.ofNullable(acceptedGenerations.get(id)) : Optional.empty();
            status.report(id, EventHookVerdict.rejected(metadata.getUid(), generation, problems, running));
        }
    }

    private static long generation(ObjectMeta metadata) {
        return metadata.getGeneration() == null ? 0 : metadata.getGeneration();
    }
}
