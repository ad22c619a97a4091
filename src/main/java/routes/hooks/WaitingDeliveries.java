package routes.hooks;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import routes.nats.NatsBus;
import routes.nats.Streams;

/** What waits in the streams for each hook, counted by the server. */
final class WaitingDeliveries {

    private static final int NO_CONSUMER = NatsJetStreamConstants.JS_CONSUMER_NOT_FOUND_ERR;

    private final NatsBus bus;

    WaitingDeliveries(NatsBus bus) {
        this.bus = bus;
    }

    /**
     * @param routed  the router is done with the events up to this sequence
     * @param byToken by {@link Delivery#token}
     */
    record Now(long routed, Map<String, Long> byToken) {

        boolean isRouted(long sequence) {
            return sequence <= routed;
        }

        long forHook(String hook) {
            return byToken.getOrDefault(Delivery.token(hook), 0L);
        }
    }

    /** @throws IOException when NATS is away */
    Now now() throws IOException {
        try {
            long routed = routed();
            Map<String, Long> waiting = new HashMap<>();
            counts(Streams.DELIVERIES, "opsbus.deliveries.>").forEach((subject, count) -> waiting.merge(token(subject, 2), count, Long::sum));
            counts(Streams.RETRIES, "opsbus.retries.>").forEach((subject, count) -> waiting.merge(token(subject, 3), count, Long::sum));
            counts(Streams.PARKED, "opsbus.parked.>").forEach((subject, count) -> waiting.merge(token(subject, 2), count, Long::sum));
            return new Now(routed, waiting);
        } catch (JetStreamApiException e) {
            throw new IOException("what waits can't be counted: " + e.getErrorDescription(), e);
        }
    }

    private long routed() throws IOException, JetStreamApiException {
        try {
            return bus.management().getConsumerInfo(Streams.OPS, "opsbus-router").getAckFloor().getStreamSequence();
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_CONSUMER) {
                return 0;
            }
            throw e;
        }
    }

    /** Messages by subject. */
    Map<String, Long> counts(String stream, String filter) throws IOException, JetStreamApiException {
        Map<String, Long> counts = bus.management().getStreamInfo(stream, StreamInfoOptions.filterSubjects(filter)).getStreamState().getSubjectMap();
        return counts == null ? Map.of() : counts;
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
