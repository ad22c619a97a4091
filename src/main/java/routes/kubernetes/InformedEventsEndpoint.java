package routes.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.kubernetes.KubernetesConfiguration;
import org.apache.camel.component.kubernetes.events.KubernetesEventsEndpoint;

/** See {@link InformedEventsComponent}. The client is the component's or the option {@code kubernetesClient}'s, never one made on the spot. */
class InformedEventsEndpoint extends KubernetesEventsEndpoint {

    private final InformedEventsComponent component;

    InformedEventsEndpoint(String uri, InformedEventsComponent component, KubernetesConfiguration config) {
        super(uri, component, config);
        this.component = component;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = new EventsConsumer(this, processor, component);
        configureConsumer(consumer);
        return consumer;
    }

    /** Not super's, which would make a client for localhost when there is none. */
    @Override
    protected void doStart() {
    }

    /** Not super's: the client is shared. */
    @Override
    protected void doStop() {
    }

    @Override
    public KubernetesClient getKubernetesClient() {
        return getConfiguration().getKubernetesClient();
    }
}
