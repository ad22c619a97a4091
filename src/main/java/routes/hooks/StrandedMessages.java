package routes.hooks;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import routes.event.Subject;
import routes.nats.NatsBus;

/**
 * Messages of a work queue that no consumer will ever get. A nats-server that is killed keeps what consumers acked and what the stream holds in
 * different files; when one is older than the other, a message is in the stream that its consumer counts as acked, and stays there for ever. Most
 * of them were handled, but one may be new under a number that was used before, so all of them are worth another delivery.
 */
final class StrandedMessages {

    private static final int NO_MESSAGE = NatsJetStreamConstants.JS_NO_MESSAGE_FOUND_ERR;
    private static final int MOST_READ = 100;

    private final NatsBus bus;
    private final String stream;
    private Map<String, Long> ackedBefore = Map.of();
    private long next = 1;

    StrandedMessages(NatsBus bus, String stream) {
        this.bus = bus;
        this.stream = stream;
    }

    /**
     * Reads on from where the last look ended, a limited number of messages. What was acked by the time of that last look and is still there is stranded.
     * It reads all subjects, since after such a crash nats-server 2.9 does not find these messages by theirs.
     */
    List<MessageInfo> look() throws IOException, JetStreamApiException {
        Map<String, Long> acked = new HashMap<>();
        for (ConsumerInfo consumer : bus.management().getConsumers(stream)) {
            acked.put(consumer.getConsumerConfiguration().getFilterSubject(), consumer.getAckFloor().getStreamSequence());
        }
        Map<String, Long> settled = new HashMap<>(acked);
        settled.replaceAll((filter, floor) -> Math.min(floor, ackedBefore.getOrDefault(filter, 0L)));
        ackedBefore = acked;
        return strandedIn(settled);
    }

    private List<MessageInfo> strandedIn(Map<String, Long> settled) throws IOException, JetStreamApiException {
        List<MessageInfo> stranded = new ArrayList<>();
        long last = settled.values().stream().mapToLong(Long::longValue).max().orElse(0);
        for (int i = 0; i < MOST_READ; i++) {
            MessageInfo message = next <= last ? read(next) : null;
            if (message == null || message.getSeq() > last) {
                next = 1;
                return stranded;
            }
            next = message.getSeq() + 1;
            if (settled.entrySet().stream().anyMatch(floor -> message.getSeq() <= floor.getValue() && Subject.matches(floor.getKey(), message.getSubject()))) {
                stranded.add(message);
            }
        }
        return stranded;
    }

    private MessageInfo read(long from) throws IOException, JetStreamApiException {
        try {
            return bus.management().getNextMessage(stream, from, ">");
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_MESSAGE) {
                return null;
            }
            throw e;
        }
    }
}
