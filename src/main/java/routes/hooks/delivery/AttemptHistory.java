package routes.hooks.delivery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import routes.nats.NatsBus;
import routes.nats.Streams;
import routes.nats.history.EventHistory;
import routes.nats.history.HistoryRead;
import routes.nats.history.Query;

/** What {@link AttemptLog} told, of all replicas. */
public final class AttemptHistory {

    private static final int MOST = 10_000;
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private final EventHistory history;

    /** @param bus the one for history */
    AttemptHistory(NatsBus bus) {
        history = new EventHistory(bus, Streams.ATTEMPTS);
    }

    /**
     * The attempts for an event, by hook, in their order; of very many the latest.
     *
     * @param stored when the event was stored: attempts are later
     * @param read the request it is for
     * @throws IOException when NATS is away
     */
    public Map<String, List<Attempt>> of(String event, Instant stored, HistoryRead read) throws IOException {
        Deque<Attempt> found = new ArrayDeque<>();
        history.newestFirst(Query.of(Attempt.subject(event))
                        .between(stored, null)
                        .limit(MOST)
                        .within(AT_MOST)
                        .by(read)
                        .where(message -> Attempt.read(message.payload())
                                .filter(attempt -> attempt.event().equals(event))
                                .isPresent()))
                .events()
                .forEach(message -> Attempt.read(message.payload()).ifPresent(found::addFirst));
        return found.stream().collect(Collectors.groupingBy(Attempt::hook, TreeMap::new, Collectors.toList()));
    }
}
