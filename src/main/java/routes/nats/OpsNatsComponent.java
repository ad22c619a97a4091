package routes.nats;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.nats.NatsComponent;
import org.apache.camel.component.nats.NatsConfiguration;
import org.springframework.util.unit.DataSize;

/**
 * The {@code nats:} scheme with JetStream ends that do not lose events (camel-nats 4.17 delivers nothing in pull mode
 * and acks failures in push mode) and one shared connection for all endpoints. The option names are camel-nats's own;
 * {@link JetStreamConsumer.Options} adds a few.
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
        JetStreamConsumer.Options usual = JetStreamConsumer.Options.USUAL;
        JetStreamConsumer.Options options = new JetStreamConsumer.Options(
                getAndRemoveParameter(parameters, "ackWait", long.class, usual.ackWait()),
                getAndRemoveParameter(parameters, "nackWait", long.class, usual.nackWait()),
                getAndRemoveParameter(parameters, "maxInFlight", int.class, usual.maxInFlight()),
                usual.maxBytesInFlight()
                        + DataSize.parse(getAndRemoveParameter(parameters, "waiting", String.class, "0B"))
                                .toBytes(),
                getAndRemoveParameter(parameters, "deliverAfter", long.class, usual.deliverAfter()),
                getAndRemoveParameter(parameters, "firstStart", NatsProperties.FirstStart.class, usual.firstStart()));
        setProperties(
                getCamelContext(),
                (Object) configuration,
                parameters); // camel-nats's own options; its configurer does not know the subclass
        if (configuration.getHeaderFilterStrategy() == null) {
            configuration.setHeaderFilterStrategy(getHeaderFilterStrategy());
        }
        return new OpsNatsEndpoint(uri, this, configuration, bus, streams, options);
    }
}
