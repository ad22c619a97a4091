package routes.nats;

import io.nats.client.Message;
import java.time.Instant;
import org.apache.camel.Exchange;

/**
 * Where a message lies in its stream: with it a stage can make ids that are the same each time the message is handled.
 */
public final class StoredMessage {

    private static final String PROPERTY = "OpsbusStoredMessage";

    private final Message message;
    private final String stream;
    private final Place place;

    StoredMessage(Message message, String stream, Place place) {
        this.message = message;
        this.stream = stream;
        this.place = place;
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
        return stream + ":" + place.sequence();
    }

    /** Its place in the stream, 1 for the first message. */
    public long sequence() {
        return place.sequence();
    }

    /** When the server stored it. */
    public Instant stored() {
        return place.storedAt();
    }

    /** How often it was handed out, 1 the first time. */
    public long delivery() {
        return message.metaData().deliveredCount();
    }
}
