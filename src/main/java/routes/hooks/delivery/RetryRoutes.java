package routes.hooks.delivery;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import routes.nats.JetStreamConsumer;
import routes.nats.NatsBus;
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
    private final List<RetryLevel> ladder;

    RetryRoutes(NatsBus bus, List<RetryLevel> ladder) {
        this.bus = bus;
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
            Route route = getContext().getRoute(routeId(ladder.get(i)));
            if (route != null && route.getConsumer() instanceof JetStreamConsumer consumer) {
                handedOn += consumer.handOnEarlier(
                        DeliveryStore.RETRIES + ladder.get(i).name() + "." + Delivery.token(hook),
                        upTo,
                        most - handedOn);
            }
        }
        return handedOn;
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
