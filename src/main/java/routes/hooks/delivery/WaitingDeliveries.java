package routes.hooks.delivery;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import routes.nats.NatsBus;
import routes.nats.StreamMessages;
import routes.nats.Streams;

/** What waits in the streams for each hook, counted by the server. */
public final class WaitingDeliveries {

    private final StreamMessages messages;

    WaitingDeliveries(NatsBus bus) {
        this.messages = new StreamMessages(bus);
    }

    /**
     * @param routed the router is done with the events up to this sequence
     * @param byToken by {@link Delivery#token}
     */
    public record Now(long routed, Map<String, Long> byToken) {

        public boolean isRouted(long sequence) {
            return sequence <= routed;
        }

        public long forHook(String hook) {
            return byToken.getOrDefault(Delivery.token(hook), 0L);
        }
    }

    /** @throws IOException when NATS is away */
    public Now now() throws IOException {
        try {
            long routed = messages.acked(Streams.OPS, "opsbus-router");
            Map<String, Long> waiting = new HashMap<>();
            inDeliveries().forEach((subject, count) -> waiting.merge(token(subject, 2), count, Long::sum));
            inRetries().forEach((subject, count) -> waiting.merge(token(subject, 3), count, Long::sum));
            inParked().forEach((subject, count) -> waiting.merge(token(subject, 2), count, Long::sum));
            return new Now(routed, waiting);
        } catch (IOException e) {
            throw new IOException("what waits can't be counted: " + e.getMessage(), e);
        }
    }

    /** By subject, as the others. */
    Map<String, Long> inDeliveries() throws IOException {
        return messages.counts(Streams.DELIVERIES, "opsbus.deliveries.>");
    }

    Map<String, Long> inRetries() throws IOException {
        return messages.counts(Streams.RETRIES, "opsbus.retries.>");
    }

    Map<String, Long> inParked() throws IOException {
        return messages.counts(Streams.PARKED, "opsbus.parked.>");
    }

    /** A subject without its first tokens. */
    static String token(String subject, int from) {
        String rest = subject;
        for (int i = 0; i < from; i++) {
            rest = rest.substring(rest.indexOf('.') + 1);
        }
        return rest;
    }
}
