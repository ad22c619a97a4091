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
 * {@code nats:subject?jetstreamEnabled=true&jetstreamName=stream&durableName=name}: our JetStream ends. Without {@code jetstreamEnabled} it is
 * camel-nats's own endpoint on the shared connection. Without {@code durableName} a consumer reads what is stored from its start on, and acknowledges nothing.
 * <p>
 * Options of the durable consumer beyond camel-nats's: {@code ackWait} (milliseconds, default 30000), {@code nackWait} (first delay after a failure,
 * milliseconds, doubled each time up to 5 s; default 1000), {@code maxInFlight} (messages asked for, and taken and not settled, default 2000),
 * {@code deliverAfter} (milliseconds a message stays in the stream before it is handed on, default 0),
 * {@code firstStart} ({@code all}, the default, or {@code new}: whether a durable that is new starts with what the stream already holds or behind it).
 */
public final class OpsNatsEndpoint extends NatsEndpoint {

    private final NatsBus bus;
    private final Streams streams;
    private long ackWait = 30_000;
    private long nackWait = 1_000;
    private int maxInFlight = 2_000;
    private long deliverAfter;
    private NatsProperties.FirstStart firstStart = NatsProperties.FirstStart.ALL;

    OpsNatsEndpoint(String uri, NatsComponent component, NatsConfiguration configuration, NatsBus bus, Streams streams) {
        super(uri, component, configuration);
        this.bus = bus;
        this.streams = streams;
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
            throw new IllegalArgumentException(getEndpointUri() + ": a JetStream consumer needs jetstreamName, the stream");
        }
        if (getConfiguration().getDurableName() == null) {
            TailConsumer tail = new TailConsumer(this, processor, bus);
            configureConsumer(tail);
            return tail;
        }
        JetStreamConsumer consumer = new JetStreamConsumer(this, processor, bus, streams);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Connection getConnection() throws InterruptedException, IllegalArgumentException, IOException {
        return bus.connection();
    }

    WireHeaders wireHeaders() {
        return getHeaderFilterStrategy() instanceof WireHeaders headers ? headers : new WireHeaders();
    }

    public long getAckWait() {
        return ackWait;
    }

    public void setAckWait(long ackWait) {
        this.ackWait = ackWait;
    }

    public long getNackWait() {
        return nackWait;
    }

    public void setNackWait(long nackWait) {
        this.nackWait = nackWait;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public long getDeliverAfter() {
        return deliverAfter;
    }

    public void setDeliverAfter(long deliverAfter) {
        this.deliverAfter = deliverAfter;
    }

    public NatsProperties.FirstStart getFirstStart() {
        return firstStart;
    }

    public void setFirstStart(NatsProperties.FirstStart firstStart) {
        this.firstStart = firstStart;
    }
}
