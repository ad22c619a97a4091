package routes.api.events;

import java.time.Instant;
import routes.event.OpsEvent;
import routes.nats.WireHeaders;
import routes.nats.history.Stored;

/** A stored event on its way to clients: parsed and written once, when the first client wants it. */
final class TailEvent {

    private final long sequence;
    private final Instant stored;
    private final String subject;
    private final byte[] body;
    private final String messageId;
    private final String[] tokens;
    private OpsEvent event;
    private TailFrame frame;

    /** @param messageId as on the wire, or null */
    TailEvent(long sequence, Instant stored, String subject, byte[] body, String messageId) {
        this.sequence = sequence;
        this.stored = stored;
        this.subject = subject;
        this.body = body;
        this.messageId = messageId;
        this.tokens = TailPattern.split(subject);
    }

    static TailEvent of(Stored event) {
        return new TailEvent(
                event.sequence(),
                event.stored(),
                event.subject(),
                event.payload(),
                event.rawHeader(WireHeaders.MESSAGE_ID));
    }

    long sequence() {
        return sequence;
    }

    boolean matches(TailPattern pattern, EventFilter filter) {
        return pattern.matches(tokens) && (filter.isAll() || filter.matches(event()));
    }

    private OpsEvent event() {
        if (event == null) {
            event = OpsEvent.parse(subject, body, this::idOfNoCloudEvent);
        }
        return event;
    }

    /** The same as the router's. */
    private String idOfNoCloudEvent() {
        return messageId != null ? WireHeaders.decode(messageId) : "ops:" + sequence + "@" + stored.toEpochMilli();
    }

    TailFrame frame() {
        if (frame == null) {
            frame = TailFrame.event(sequence, EventRow.of(event(), sequence, stored));
        }
        return frame;
    }
}
