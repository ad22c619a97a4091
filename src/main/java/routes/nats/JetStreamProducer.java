package routes.nats;

import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.util.concurrent.CompletionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.component.nats.NatsEndpoint;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Publishes to JetStream without waiting: the exchange completes with the server's PubAck, or fails when there was
 * none. The subject is the header {@code CamelNatsSubject}, else the endpoint's; the message id is the header
 * {@code Nats-Msg-Id}, as it is: like all headers it is encoded here, and nowhere before.
 */
public final class JetStreamProducer extends DefaultAsyncProducer {

    /** Set on the message after success: whether the stream already had a message with this id. */
    public static final String DUPLICATE = "OpsbusDuplicate";

    /** And the sequence it has there. */
    public static final String SEQUENCE = "OpsbusSequence";

    private final NatsEndpoint endpoint;
    private final WireHeaders headers;
    private final NatsBus bus;
    private final Streams streams;

    JetStreamProducer(NatsEndpoint endpoint, NatsBus bus, Streams streams) {
        super(endpoint);
        this.endpoint = endpoint;
        this.headers = WireHeaders.of(endpoint.getHeaderFilterStrategy());
        this.bus = bus;
        this.streams = streams;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            Message message = exchange.getMessage();
            String subject = message.getHeader(
                    NatsConstants.NATS_SUBJECT, endpoint.getConfiguration().getTopic(), String.class);
            Headers wire = headers.toWire(message.getHeaders(), exchange);
            byte[] body = message.getBody() == null ? new byte[0] : message.getMandatoryBody(byte[].class);
            bus.publish(subject, wire, body).whenComplete((ack, failure) -> complete(exchange, ack, failure, callback));
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        return false;
    }

    private void complete(Exchange exchange, PublishAck ack, Throwable failure, AsyncCallback callback) {
        if (failure == null) {
            exchange.getMessage().setHeader(DUPLICATE, ack.isDuplicate());
            exchange.getMessage().setHeader(SEQUENCE, ack.getSeqno());
        } else {
            exchange.setException(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
            if (String.valueOf(failure.getMessage()).contains(NotStored.NO_STREAM)) {
                streams.ensureSoon();
            }
        }
        callback.done(false);
    }
}
