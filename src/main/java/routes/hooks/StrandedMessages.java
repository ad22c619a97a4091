package routes.hooks;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import routes.event.Subject;
import routes.nats.MessageGone;
import routes.nats.NatsBus;

/**
 * Messages of a work queue that no consumer will ever get. A nats-server that is killed keeps what consumers acked and what the stream holds in
 * different files; when one is older than the other, a message is in the stream that its consumer counts as acked, and stays there for ever. Most
 * of them were handled, but one may be new under a number that was used before, so all of them are worth another delivery.
 *
 * <p>What a consumer has settled is told by its ack floor, and by all it handed out when it waits for no ack. Neither moves when the consumer, after
 * the crash, also waits for acks of messages that are gone. Then time tells: what had been handed out when we first met this run of the server
 * was settled long ago, unless somebody still works on it.
 */
final class StrandedMessages {

    private static final int MOST_READ = 100;

    private final NatsBus bus;
    private final String stream;
    private final Duration patience;
    private final Predicate<String> inHand;
    private Map<String, Long> ackedBefore = Map.of();
    private String server = "";
    private long metServer;
    private Map<String, Long> handedOutThen = Map.of();
    private long next = 1;

    /**
     * @param patience longer than a message is worked on
     * @param inHand   whether this process works on the message at {@code stream:sequence}
     */
    StrandedMessages(NatsBus bus, String stream, Duration patience, Predicate<String> inHand) {
        this.bus = bus;
        this.stream = stream;
        this.patience = patience;
        this.inHand = inHand;
    }

    String stream() {
        return stream;
    }

    /**
     * Reads on from where the last look ended, a limited number of messages. What was acked by the time of that last look and is still there is stranded.
     * It reads all subjects, since after such a crash nats-server 2.9 does not find these messages by theirs.
     */
    List<MessageInfo> look() throws IOException, JetStreamApiException {
        Map<String, Long> acked = new HashMap<>();
        Map<String, Long> handedOut = new HashMap<>();
        for (ConsumerInfo consumer : bus.management().getConsumers(stream)) {
            String filter = consumer.getConsumerConfiguration().getFilterSubject();
            long last = consumer.getDelivered().getStreamSequence();
            handedOut.put(filter, last);
            acked.put(filter, consumer.getNumAckPending() == 0 ? last : consumer.getAckFloor().getStreamSequence());
        }
        Map<String, Long> settled = atMost(acked, ackedBefore);
        ackedBefore = acked;
        if (isPatienceOver(handedOut)) {
            atMost(handedOut, handedOutThen).forEach((filter, last) -> settled.merge(filter, last, Math::max));
        }
        return strandedIn(settled);
    }

    private boolean isPatienceOver(Map<String, Long> handedOut) throws IOException {
        String id = bus.connection().getServerInfo().getServerId(); // another one after every start of a server
        if (!id.equals(server)) {
            server = id;
            metServer = System.nanoTime();
            handedOutThen = handedOut;
        }
        return System.nanoTime() - metServer > patience.toNanos();
    }

    private static Map<String, Long> atMost(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> both = new HashMap<>(now);
        both.replaceAll((filter, last) -> Math.min(last, before.getOrDefault(filter, 0L)));
        return both;
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
            if (settled.entrySet().stream().anyMatch(floor -> message.getSeq() <= floor.getValue() && Subject.matches(floor.getKey(), message.getSubject()))
                    && !inHand.test(stream + ":" + message.getSeq())) {
                stranded.add(message);
            }
        }
        return stranded;
    }

    private MessageInfo read(long from) throws IOException, JetStreamApiException {
        try {
            return bus.management().getNextMessage(stream, from, ">");
        } catch (JetStreamApiException e) {
            if (MessageGone.is(e)) {
                return null;
            }
            throw e;
        }
    }
}
