package routes.hooks.delivery;

import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import routes.nats.Streams;

/**
 * One route for each retry level, {@code hook-delivery-retry-1s} and so on, which only read: a constant number of consumers, whatever the number of hooks. In Java because
 * the levels are configuration. They start with {@code hook-delivery}.
 */
final class RetryRoutes extends RouteBuilder {

    private static final Duration ACK_WAIT = Duration.ofSeconds(30);
    private static final int MAX_IN_FLIGHT = 2_000;

    private final List<RetryLevel> ladder;

    RetryRoutes(List<RetryLevel> ladder) {
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
                    .routeId(Dispatcher.ROUTE + "-retry-" + level.name())
                    .description("Reads what waited " + level.name() + " for another attempt")
                    .autoStartup(false)
                    .to("direct:deliver");
        }
    }
}
