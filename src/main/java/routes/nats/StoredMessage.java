package routes.nats;

import io.nats.client.Message;
import java.time.Instant;
import org.apache.camel.Exchange;

/**
 * Where a message lies in its stream: with it a stage can make ids that are the same each time the message is handled.
 * Read from the message's reply subject when it is asked for, which most events never are.
 */
public final class StoredMessage {

    private static final String PROPERTY = "OpsbusStoredMessage";

    private final Message message;

    StoredMessage(Message message) {
        this.message = message;
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
        return message.metaData().getStream() + ":" + message.metaData().streamSequence();
    }

    /** Its place in the stream, 1 for the first message. */
    public long sequence() {
        return message.metaData().streamSequence();
    }

    /** When the server stored it. */
    public Instant stored() {
        return message.metaData().timestamp().toInstant();
    }

    /** How often it was handed out, 1 the first time. */
    public long delivery() {
        return message.metaData().deliveredCount();
    }
}
