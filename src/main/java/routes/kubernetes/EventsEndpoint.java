package routes.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.kubernetes.KubernetesConfiguration;
import org.apache.camel.component.kubernetes.events.KubernetesEventsComponent;
import org.apache.camel.component.kubernetes.events.KubernetesEventsEndpoint;

/**
 * Endpoint of our consumer. The client is the component's or the option {@code kubernetesClient}'s, never one made on
 * the spot.
 */
class EventsEndpoint extends KubernetesEventsEndpoint {

    private final EventsConsumer.Shared shared;

    EventsEndpoint(
            String uri,
            KubernetesEventsComponent component,
            KubernetesConfiguration config,
            EventsConsumer.Shared shared) {
        super(uri, component, config);
        this.shared = shared;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = new EventsConsumer(this, processor, shared);
        configureConsumer(consumer);
        return consumer;
    }

    /** Not super's, which would make a client for localhost when there is none. */
    @Override
    protected void doStart() {}

    /** Not super's: the client is shared. */
    @Override
    protected void doStop() {}

    @Override
    public KubernetesClient getKubernetesClient() {
        return getConfiguration().getKubernetesClient();
    }
}
