package routes.kubernetes;

import java.time.Clock;
import org.apache.camel.component.kubernetes.KubernetesConfiguration;
import org.apache.camel.component.kubernetes.events.KubernetesEventsComponent;
import org.apache.camel.component.kubernetes.events.KubernetesEventsEndpoint;

/**
 * Camel's {@code kubernetes-events:} with a consumer that lists and goes on. Camel's own is a plain watch that dies
 * silently on 410 Gone (CAMEL-25273); the scheme, its options and its producer stay.
 */
// repeated, because Camel looks for it on the class itself to find the generated configurers
@org.apache.camel.spi.annotations.Component("kubernetes-events")
public class EventsComponent extends KubernetesEventsComponent {

    private final EventsConsumer.Shared shared;

    public EventsComponent(
            KubernetesProperties properties, String cluster, LastSeen lastSeen, WatchStatus status, Clock clock) {
        this.shared = new EventsConsumer.Shared(properties, cluster, lastSeen, status, clock);
    }

    @Override
    protected KubernetesEventsEndpoint doCreateEndpoint(String uri, String remaining, KubernetesConfiguration config) {
        return new EventsEndpoint(uri, this, config, shared);
    }

    String cluster() {
        return shared.cluster();
    }
}
