package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kubernetes.KubernetesConfiguration;
import org.apache.camel.component.kubernetes.events.KubernetesEventsEndpoint;
import org.apache.camel.support.DefaultConsumer;

/**
 * Puts each version of each event on the route as body {@link Event}, and a finding about missed ones as
 * {@link routes.event.OpsEvent}, again every second until the exchange succeeds.
 */
final class EventsConsumer extends DefaultConsumer {

    /** What all consumers of the component share, besides the client. */
    record Shared(
            KubernetesProperties properties, String cluster, LastSeen lastSeen, WatchStatus status, Clock clock) {}

    private final KubernetesEventsEndpoint endpoint;
    private final Shared shared;
    private EventDelivery delivery;
    private EventSource source;

    EventsConsumer(KubernetesEventsEndpoint endpoint, Processor processor, Shared shared) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.shared = shared;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        KubernetesClient client = endpoint.getKubernetesClient();
        if (client == null) {
            throw new IllegalStateException(
                    "kubernetes-events: no cluster is configured (KUBECONFIG, ~/.kube/config or a service account)");
        }
        delivery = new EventDelivery(shared.properties().queue(), this::publish, shared.clock());
        source = new EventSource(
                watches(client),
                delivery,
                new GapDetector(shared.lastSeen(), shared.properties().eventTtl(), shared.clock()),
                shared.status(),
                shared.cluster(),
                shared.clock());
        shared.status().publishing(delivery::publishedUpTo);
        delivery.start();
        source.start();
    }

    @Override
    protected void doStop() throws Exception {
        if (source != null) {
            source.stop();
            delivery.stop();
            shared.status().publishing(null);
            source = null;
        }
        super.doStop();
    }

    /** The route's namespace counts, then those of the configuration, and else there is one watch for all. */
    private List<EventWatch> watches(KubernetesClient client) {
        String namespace = endpoint.getConfiguration().getNamespace();
        List<String> namespaces =
                namespace != null ? List.of(namespace) : shared.properties().namespaces();
        return namespaces.isEmpty()
                ? List.of(watch(
                        client,
                        null,
                        "the cluster's events",
                        "; or opsbus.kubernetes.namespaces names those whose events it may read"))
                : namespaces.stream()
                        .map(one -> watch(client, one, "the events of namespace " + one, ""))
                        .toList();
    }

    private EventWatch watch(KubernetesClient client, String namespaceOrNull, String what, String whenForbidden) {
        return new EventWatch(
                events(client, namespaceOrNull),
                "events.k8s.io/v1/" + (namespaceOrNull == null ? "" : "namespaces/" + namespaceOrNull + "/") + "events",
                delivery,
                shared.status(),
                new SilentWatch(client, shared.clock()),
                what,
                new WatchLog(
                        what, "the API server keeps them for an hour, unless it is told otherwise", whenForbidden));
    }

    private FilterWatchListDeletable<Event, EventList, Resource<Event>> events(
            KubernetesClient client, String namespaceOrNull) {
        KubernetesConfiguration options = endpoint.getConfiguration();
        var events = client.events().v1().events();
        var scoped = namespaceOrNull == null ? events.inAnyNamespace() : events.inNamespace(namespaceOrNull);
        return options.getLabelKey() == null
                ? scoped
                : scoped.withLabel(options.getLabelKey(), options.getLabelValue());
    }

    private CompletionStage<Void> publish(Object event) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(event);
        getAsyncProcessor().process(exchange, doneSync -> {
            Exception failure = exchange.getException();
            boolean duplicate = exchange.getMessage().getHeader("OpsbusDuplicate", false, Boolean.class);
            releaseExchange(exchange, false);
            if (failure != null) {
                published.completeExceptionally(failure);
                return;
            }
            if (!duplicate) {
                shared.status().eventPublished();
            }
            published.complete(null);
        });
        return published;
    }
}
