package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.PurgeOptions;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages that are in streams, and who has read them. That a message is gone, since somebody was faster or it became
 * too old, is an answer and no error.
 */
public final class StreamMessages {

    private final NatsBus bus;

    public StreamMessages(NatsBus bus) {
        this.bus = bus;
    }

    /**
     * A message.
     *
     * @param body never null
     */
    public record Found(String stream, long sequence, String subject, Map<String, String> headers, byte[] body) {

        private static Found of(String stream, MessageInfo message) {
            Map<String, String> headers = new HashMap<>();
            if (message.getHeaders() != null) {
                message.getHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            }
            return new Found(
                    stream,
                    message.getSeq(),
                    message.getSubject(),
                    headers,
                    message.getData() == null ? new byte[0] : message.getData());
        }

        /** {@code stream:sequence}. */
        public String position() {
            return stream + ":" + sequence;
        }
    }

    /** How far a consumer is. @param acked all up to this sequence are, or none is waited for */
    public record Progress(String filter, long handedOut, long acked) {}

    /** @return null when it is not there, or not any more */
    public Found at(String stream, long sequence) throws IOException {
        try {
            return Found.of(stream, bus.management().getMessage(stream, sequence));
        } catch (JetStreamApiException e) {
            return goneOrRefused(e, "reads no message of stream " + stream);
        }
    }

    /** The first one at or behind a sequence, on a subject that may have wildcards. @return null when there is none */
    public Found next(String stream, long from, String subject) throws IOException {
        try {
            return Found.of(stream, bus.management().getNextMessage(stream, from, subject));
        } catch (JetStreamApiException e) {
            return goneOrRefused(e, "reads no message of stream " + stream);
        }
    }

    /** @return false when somebody else was faster */
    public boolean delete(String stream, long sequence) throws IOException {
        try {
            return bus.management().deleteMessage(stream, sequence, false);
        } catch (JetStreamApiException e) {
            if (MessageGone.is(e)) {
                return false;
            }
            throw refused(e, "does not delete message " + sequence + " of stream " + stream);
        }
    }

    /** Deletes all on a subject. @return how many */
    public long purge(String stream, String subject) throws IOException {
        try {
            return bus.management()
                    .purgeStream(stream, PurgeOptions.subject(subject))
                    .getPurged();
        } catch (JetStreamApiException e) {
            throw refused(e, "does not delete messages of stream " + stream);
        }
    }

    /** How many there are, by subject. */
    public Map<String, Long> counts(String stream, String filter) throws IOException {
        try {
            Map<String, Long> counts = bus.management()
                    .getStreamInfo(stream, StreamInfoOptions.filterSubjects(filter))
                    .getStreamState()
                    .getSubjectMap();
            return counts == null ? Map.of() : counts;
        } catch (JetStreamApiException e) {
            throw refused(e, "does not count the messages of stream " + stream);
        }
    }

    /** Of all its consumers. */
    public List<Progress> progress(String stream) throws IOException {
        try {
            return bus.management().getConsumers(stream).stream()
                    .map(StreamMessages::progress)
                    .toList();
        } catch (JetStreamApiException e) {
            throw refused(e, "does not tell the consumers of stream " + stream);
        }
    }

    private static Progress progress(ConsumerInfo consumer) {
        long last = consumer.getDelivered().getStreamSequence();
        return new Progress(
                consumer.getConsumerConfiguration().getFilterSubject(),
                last,
                consumer.getNumAckPending() == 0 ? last : consumer.getAckFloor().getStreamSequence());
    }

    /** All up to this sequence are acked by the durable; 0 when there is no such durable. */
    public long acked(String stream, String durable) throws IOException {
        try {
            return bus.management()
                    .getConsumerInfo(stream, durable)
                    .getAckFloor()
                    .getStreamSequence();
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsJetStreamConstants.JS_CONSUMER_NOT_FOUND_ERR) {
                return 0;
            }
            throw refused(e, "does not tell how far consumer " + durable + " of stream " + stream + " is");
        }
    }

    private static Found goneOrRefused(JetStreamApiException e, String what) throws IOException {
        if (MessageGone.is(e)) {
            return null;
        }
        throw refused(e, what);
    }

    private static IOException refused(JetStreamApiException e, String what) {
        return new IOException("NATS " + what + ": " + e.getErrorDescription(), e);
    }
}
