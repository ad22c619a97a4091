package routes.hooks.delivery;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import routes.nats.JetStreamConsumer;
import routes.nats.NatsBus;
import routes.nats.StreamMessages;
import routes.nats.Streams;

/**
 * One route for each retry level, {@code hook-delivery-retry-1s} and so on, which only read: a constant number of
 * consumers, whatever the number of hooks. In Java because the levels are configuration. They start with
 * {@code hook-delivery}.
 */
final class RetryRoutes extends RouteBuilder implements Recovery.Ladder {

    /** Long, since thousands are in hand for minutes, and each says so in the meantime. */
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);

    private static final int MAX_IN_FLIGHT = 2_000;

    private final NatsBus bus;
    private final StreamMessages messages;
    private final List<RetryLevel> ladder;

    RetryRoutes(NatsBus bus, List<RetryLevel> ladder) {
        this.bus = bus;
        this.messages = new StreamMessages(bus);
        this.ladder = ladder;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        for (RetryLevel level : ladder) {
            from("nats:" + DeliveryStore.RETRIES + level.name() + ".>?jetstreamEnabled=true&jetstreamName="
                            + Streams.RETRIES + "&durableName=opsbus-retry-" + level.name() + "&maxInFlight="
                            + MAX_IN_FLIGHT + "&ackWait=" + ACK_WAIT.toMillis() + "&deliverAfter="
                            + level.delay().toMillis())
                    .routeId(routeId(level))
                    .description("Reads what waited " + level.name() + " for another attempt")
                    .autoStartup(false)
                    .to("direct:deliver");
        }
    }

    private static String routeId(RetryLevel level) {
        return Dispatcher.ROUTE + "-retry-" + level.name();
    }

    @Override
    public int handOn(String hook, long upTo, int most) {
        int handedOn = 0;
        for (int i = ladder.size() - 1; i >= 0 && handedOn < most; i--) { // what waits longest is on the longest level
            JetStreamConsumer reader = reader(ladder.get(i));
            if (reader != null) {
                handedOn += reader.handOnEarlier(subject(ladder.get(i).name(), hook), upTo, most - handedOn);
            }
        }
        return handedOn;
    }

    private JetStreamConsumer reader(RetryLevel level) {
        Route route = getContext().getRoute(routeId(level));
        return route != null && route.getConsumer() instanceof JetStreamConsumer reader ? reader : null;
    }

    private static String subject(String level, String hook) {
        return DeliveryStore.RETRIES + level + "." + Delivery.token(hook);
    }

    @Override
    public boolean search(String hook, long upTo) throws IOException {
        StreamMessages.Found first = messages.next(Streams.RETRIES, 1, subject("*", hook));
        if (first == null || first.sequence() > upTo) {
            return false;
        }
        for (RetryLevel level : ladder) {
            JetStreamConsumer reader = reader(level);
            if (reader != null) {
                reader.makeRoomFor(subject(level.name(), hook));
            }
        }
        return true;
    }

    @Override
    public long last() throws IOException {
        try {
            return bus.management()
                    .getStreamInfo(Streams.RETRIES)
                    .getStreamState()
                    .getLastSequence();
        } catch (JetStreamApiException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
