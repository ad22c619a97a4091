package routes.nats;

import io.nats.client.Connection;
import java.io.IOException;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.nats.NatsComponent;
import org.apache.camel.component.nats.NatsConfiguration;
import org.apache.camel.component.nats.NatsEndpoint;

/**
 * {@code nats:subject?jetstreamEnabled=true&jetstreamName=stream&durableName=name}: our JetStream ends. Without
 * {@code jetstreamEnabled} it is camel-nats's own endpoint on the shared connection. Without {@code durableName} a
 * consumer reads what is stored from its start on, and acknowledges nothing.
 */
public final class OpsNatsEndpoint extends NatsEndpoint {

    private final NatsBus bus;
    private final Streams streams;
    private final JetStreamConsumer.Options options;

    OpsNatsEndpoint(
            String uri,
            NatsComponent component,
            NatsConfiguration configuration,
            NatsBus bus,
            Streams streams,
            JetStreamConsumer.Options options) {
        super(uri, component, configuration);
        this.bus = bus;
        this.streams = streams;
        this.options = options;
    }

    @Override
    public Producer createProducer() throws Exception {
        if (getConfiguration().isJetstreamEnabled()) {
            return new JetStreamProducer(this, bus, streams);
        }
        shareConnection();
        return super.createProducer();
    }

    /** camel-nats closes a connection when its route stops, unless it was given one. */
    private void shareConnection() throws IOException {
        getConfiguration().setConnection(bus.connection());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (!getConfiguration().isJetstreamEnabled()) {
            getConfiguration().setReplyToDisabled(true);
            shareConnection();
            return super.createConsumer(processor);
        }
        if (getConfiguration().getJetstreamName() == null) {
            throw new IllegalArgumentException(
                    getEndpointUri() + ": a JetStream consumer needs jetstreamName, the stream");
        }
        if (getConfiguration().getDurableName() == null) {
            TailConsumer tail = new TailConsumer(this, processor, bus);
            configureConsumer(tail);
            return tail;
        }
        JetStreamConsumer consumer = new JetStreamConsumer(this, processor, bus, streams, options);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Connection getConnection() throws InterruptedException, IllegalArgumentException, IOException {
        return bus.connection();
    }
}
