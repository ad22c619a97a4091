package routes.hooks.delivery;

import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import routes.nats.Streams;

/**
 * {@code hook-delivery} and one route for each retry level, {@code hook-delivery-retry-1s} and so on: a constant number of consumers, whatever
 * the number of hooks. In Java because the levels are configuration. They start when it is known which hooks run.
 */
final class DispatchRoutes extends RouteBuilder {

    private static final Duration ACK_WAIT = Duration.ofSeconds(30);

    private final List<RetryLevel> ladder;
    private final Dispatcher delivery;

    DispatchRoutes(List<RetryLevel> ladder, Dispatcher delivery) {
        this.ladder = ladder;
        this.delivery = delivery;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        route(consumer("opsbus.deliveries.>", Streams.DELIVERIES, "opsbus-delivery", 8_192, Duration.ZERO), Dispatcher.ROUTE)
                .process(delivery);
        for (RetryLevel level : ladder) {
            route(consumer("opsbus.retries." + level.name() + ".>", Streams.RETRIES, "opsbus-retry-" + level.name(), 2_000, level.delay()),
                    Dispatcher.ROUTE + "-retry-" + level.name())
                    .process(delivery);
        }
    }

    private RouteDefinition route(String from, String id) {
        return from(from).routeId(id).autoStartup(false);
    }

    private static String consumer(String subject, String stream, String durable, int maxInFlight, Duration after) {
        return "nats:" + subject + "?jetstreamEnabled=true&jetstreamName=" + stream + "&durableName=" + durable
                + "&maxInFlight=" + maxInFlight + "&ackWait=" + ACK_WAIT.toMillis() + "&deliverAfter=" + after.toMillis();
    }
}
