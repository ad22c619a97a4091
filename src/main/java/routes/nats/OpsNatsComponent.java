package routes.nats;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.nats.NatsComponent;
import org.apache.camel.component.nats.NatsConfiguration;

/**
 * The {@code nats:} scheme with JetStream ends that do not lose events (camel-nats 4.17 delivers nothing in pull mode and acks failures in push
 * mode) and one shared connection for all endpoints. The option names are camel-nats's own; {@link OpsNatsEndpoint} adds a few.
 */
public final class OpsNatsComponent extends NatsComponent {

    private final NatsBus bus;
    private final Streams streams;

    public OpsNatsComponent(NatsBus bus, Streams streams) {
        this.bus = bus;
        this.streams = streams;
        setHeaderFilterStrategy(new WireHeaders());
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        NatsConfiguration configuration = new NatsConfiguration();
        configuration.setTopic(remaining);
        OpsNatsEndpoint endpoint = new OpsNatsEndpoint(uri, this, configuration, bus, streams);
        endpoint.setAckWait(getAndRemoveParameter(parameters, "ackWait", long.class, endpoint.getAckWait()));
        endpoint.setNackWait(getAndRemoveParameter(parameters, "nackWait", long.class, endpoint.getNackWait()));
        endpoint.setMaxInFlight(getAndRemoveParameter(parameters, "maxInFlight", int.class, endpoint.getMaxInFlight()));
        endpoint.setDeliverAfter(getAndRemoveParameter(parameters, "deliverAfter", long.class, endpoint.getDeliverAfter()));
        endpoint.setFirstStart(getAndRemoveParameter(parameters, "firstStart", NatsProperties.FirstStart.class, endpoint.getFirstStart()));
        setProperties(getCamelContext(), (Object) configuration, parameters); // camel-nats's own options; its configurer does not know the subclass
        if (configuration.getHeaderFilterStrategy() == null) {
            configuration.setHeaderFilterStrategy(getHeaderFilterStrategy());
        }
        return endpoint;
    }
}
