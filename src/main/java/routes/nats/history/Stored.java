package routes.nats.history;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import routes.event.OpsEvent;
import routes.nats.MessageGone;
import routes.nats.NatsBus;
import routes.nats.WireHeaders;

/**
 * A message of a stream.
 *
 * @param stored when the server stored it
 * @param messageId header {@code Nats-Msg-Id}, decoded; null when it has none
 */
public record Stored(
        String stream,
        long sequence,
        String subject,
        Instant stored,
        String messageId,
        Headers headers,
        byte[] payload) {

    /** Empty when it is not in the stream, or not any more. */
    static Optional<Stored> at(NatsBus bus, String stream, long sequence) throws IOException, JetStreamApiException {
        try {
            MessageInfo found = bus.management().getMessage(stream, sequence);
            return Optional.of(of(
                    stream,
                    sequence,
                    found.getSubject(),
                    found.getTime().toInstant(),
                    found.getHeaders(),
                    found.getData()));
        } catch (JetStreamApiException e) {
            if (MessageGone.is(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static Stored of(String stream, Message message) {
        return of(
                stream,
                message.metaData().streamSequence(),
                message.getSubject(),
                message.metaData().timestamp().toInstant(),
                message.getHeaders(),
                message.getData());
    }

    static Stored of(String stream, long sequence, String subject, Instant stored, Headers headers, byte[] payload) {
        String messageId = headers == null ? null : headers.getFirst(WireHeaders.MESSAGE_ID);
        return new Stored(
                stream,
                sequence,
                subject,
                stored,
                messageId == null ? null : WireHeaders.decode(messageId),
                headers,
                payload == null ? new byte[0] : payload);
    }

    /** A header's value, decoded; null when it has none. */
    public String header(String name) {
        String value = rawHeader(name);
        return value == null ? null : WireHeaders.decode(value);
    }

    /** The same as it is on the wire. */
    public String rawHeader(String name) {
        return headers == null ? null : headers.getFirst(name);
    }

    /** As the router sees it: a message that is no CloudEvent has its message id, else its place, as id. */
    public OpsEvent event() {
        return OpsEvent.parse(subject, payload, this::idOfMessage);
    }

    String idOfMessage() {
        return messageId != null ? messageId : stream + ":" + sequence + "@" + stored.toEpochMilli();
    }
}
