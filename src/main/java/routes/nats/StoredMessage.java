package routes.nats;

import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.time.Instant;
import org.apache.camel.Exchange;

/**
 * Where a message lies in its stream: with it a stage can make ids that are the same each time the message is handled.
 *
 * @param stream   name of the stream
 * @param sequence its number in the stream
 * @param stored   when the server stored it
 * @param delivery how often it was handed out, 1 the first time
 */
public record StoredMessage(String stream, long sequence, Instant stored, long delivery) {

    private static final String PROPERTY = "OpsbusStoredMessage";

    static StoredMessage of(Message message) {
        NatsJetStreamMetaData meta = message.metaData();
        return new StoredMessage(meta.getStream(), meta.streamSequence(), meta.timestamp().toInstant(), meta.deliveredCount());
    }

    /** @throws IllegalStateException when the exchange does not come from a JetStream consumer */
    public static StoredMessage of(Exchange exchange) {
        StoredMessage stored = exchange.getProperty(PROPERTY, StoredMessage.class);
        if (stored == null) {
            throw new IllegalStateException("this exchange does not come from a JetStream consumer");
        }
        return stored;
    }

    void applyTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** {@code stream:sequence}, the same for every delivery of the message. */
    public String position() {
        return stream + ":" + sequence;
    }
}
