package routes.hooks.sources;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.kubernetes.ApiFailure;

/**
 * Writes what opsbus thinks of each EventHooks resource into its status, the latest word only, again until it is there.
 * Each word is said once: replicas that disagree, as during an update of opsbus, don't overwrite each other for ever.
 */
final class EventHookStatus {

    private static final Logger LOG = LoggerFactory.getLogger(EventHookStatus.class);
    static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration CONFLICT = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> resources;
    private final Function<String, GenericKubernetesResource> latest;
    private final Clock clock;
    private final Duration retry;
    private final Map<String, EventHookVerdict> said = new HashMap<>();
    private final Map<String, EventHookVerdict> waiting = new LinkedHashMap<>();
    private long notBefore = System.nanoTime();
    private boolean failing;

    /**
     * @param resources all EventHooks
     * @param latest the resource of a {@code namespace/name} as the informer knows it, null when it is gone
     * @param retry how long nothing is written after a failure
     */
    EventHookStatus(
            KubernetesClient client,
            MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> resources,
            Function<String, GenericKubernetesResource> latest,
            Clock clock,
            Duration retry) {
        this.client = client;
        this.resources = resources;
        this.latest = latest;
        this.clock = clock;
        this.retry = retry;
    }

    synchronized void report(String id, EventHookVerdict verdict) {
        if (!verdict.equals(said.put(id, verdict))) {
            waiting.put(id, verdict);
        }
    }

    /** The others are gone. */
    synchronized void retain(Collection<String> ids) {
        said.keySet().retainAll(ids);
        waiting.keySet().retainAll(ids);
    }

    /** Writes what is waiting, until the first failure. To be called again and again by one thread. */
    void write() {
        if (System.nanoTime() - notBefore < 0) {
            return;
        }
        for (Map.Entry<String, EventHookVerdict> next : next().entrySet()) {
            if (Thread.currentThread().isInterrupted() || !write(next.getKey(), next.getValue())) {
                return;
            }
        }
    }

    private synchronized Map<String, EventHookVerdict> next() {
        return new LinkedHashMap<>(waiting);
    }

    private boolean write(String id, EventHookVerdict verdict) {
        try {
            GenericKubernetesResource hook = latest.apply(id);
            if (hook != null && Objects.equals(verdict.uid(), hook.getMetadata().getUid())) {
                write(id, hook, verdict);
            }
            done(id, verdict);
            return true;
        } catch (RuntimeException e) {
            return switch (ApiFailure.code(e)) {
                case HttpURLConnection.HTTP_CONFLICT -> lost();
                case HttpURLConnection.HTTP_NOT_FOUND ->
                    isGone(id, verdict)
                            || failed(id, verdict, "its definition has no status; apply k8s/crds/eventhooks.yaml");
                default -> failed(id, verdict, ApiFailure.reason(e));
            };
        }
    }

    /** Somebody else was faster: the informer will tell what they wrote. */
    private boolean lost() {
        putOff(CONFLICT);
        return true;
    }

    private boolean isGone(String id, EventHookVerdict verdict) {
        boolean gone = resource(id).get() == null;
        if (gone) {
            done(id, verdict);
        }
        return gone;
    }

    private boolean failed(String id, EventHookVerdict verdict, String reason) {
        putOff(retry);
        toTheEnd(id, verdict);
        if (!failing && !Thread.currentThread().isInterrupted()) {
            failing = true;
            LOG.warn(
                    "The status of EventHooks {} can't be written: {}. Trying again; hooks run all the same",
                    id,
                    reason);
        }
        return false;
    }

    private void putOff(Duration time) {
        notBefore = System.nanoTime() + time.toNanos();
    }

    private synchronized void done(String id, EventHookVerdict verdict) {
        waiting.remove(id, verdict);
        if (failing && waiting.isEmpty()) {
            failing = false;
            LOG.info("The status of EventHooks is written again");
        }
    }

    /** So that one that always fails doesn't keep the others from their turn. */
    private synchronized void toTheEnd(String id, EventHookVerdict verdict) {
        if (waiting.remove(id, verdict)) {
            waiting.put(id, verdict);
        }
    }

    /** With the version it was read in, so that of two replicas one is told to look again. */
    private void write(String id, GenericKubernetesResource hook, EventHookVerdict verdict) {
        Map<?, ?> before = hook.getAdditionalProperties().get("status") instanceof Map<?, ?> map ? map : null;
        verdict.status(before, clock.instant()).ifPresent(status -> {
            Map<String, Object> patch = Map.of(
                    "metadata", Map.of("resourceVersion", hook.getMetadata().getResourceVersion()), "status", status);
            resource(id)
                    .subresource("status")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            client.getKubernetesSerialization().asJson(patch));
        });
    }

    private Resource<GenericKubernetesResource> resource(String id) {
        int slash = id.indexOf('/');
        return resources.inNamespace(id.substring(0, slash)).withName(id.substring(slash + 1));
    }
}
