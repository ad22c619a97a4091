package routes.hooks.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import routes.event.Subject;
import routes.nats.NatsBus;
import routes.nats.StreamMessages;
import routes.nats.StreamMessages.Found;
import routes.nats.StreamMessages.Progress;

/**
 * Messages of a work queue that no consumer will ever get. A nats-server that is killed keeps what consumers acked and
 * what the stream holds in different files; when one is older than the other, a message is in the stream that its
 * consumer counts as acked, and stays there for ever. Most of them were handled, but one may be new under a number that
 * was used before, so all of them are worth another delivery.
 *
 * <p>What a consumer has settled is told by its ack floor, and by all it handed out when it waits for no ack. Neither
 * moves when the consumer, after the crash, also waits for acks of messages that are gone. Then time tells: what had
 * been handed out when we first met this run of the server was settled long ago, unless somebody still works on it.
 */
final class StrandedMessages {

    private static final int MOST_READ = 100;

    private final NatsBus bus;
    private final StreamMessages messages;
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
     * @param inHand whether this process works on the message at {@code stream:sequence}
     */
    StrandedMessages(NatsBus bus, String stream, Duration patience, Predicate<String> inHand) {
        this.bus = bus;
        this.messages = new StreamMessages(bus);
        this.stream = stream;
        this.patience = patience;
        this.inHand = inHand;
    }

    String stream() {
        return stream;
    }

    /**
     * Reads on from where the last look ended, a limited number of messages. What was acked by the time of that last
     * look and is still there is stranded. It reads all subjects, since after such a crash nats-server 2.9 does not
     * find these messages by theirs.
     */
    List<Found> look() throws IOException {
        Map<String, Long> acked = new HashMap<>();
        Map<String, Long> handedOut = new HashMap<>();
        for (Progress consumer : messages.progress(stream)) {
            handedOut.put(consumer.filter(), consumer.handedOut());
            acked.put(consumer.filter(), consumer.acked());
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

    private List<Found> strandedIn(Map<String, Long> settled) throws IOException {
        List<Found> stranded = new ArrayList<>();
        long last = settled.values().stream().mapToLong(Long::longValue).max().orElse(0);
        for (int i = 0; i < MOST_READ; i++) {
            Found message = next <= last ? messages.next(stream, next, ">") : null;
            if (message == null || message.sequence() > last) {
                next = 1;
                return stranded;
            }
            next = message.sequence() + 1;
            if (settled.entrySet().stream()
                            .anyMatch(floor -> message.sequence() <= floor.getValue()
                                    && Subject.matches(floor.getKey(), message.subject()))
                    && !inHand.test(message.position())) {
                stranded.add(message);
            }
        }
        return stranded;
    }
}
