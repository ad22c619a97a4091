package routes.nats;

import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/** Up when NATS is connected and every JetStream consumer reads; tells each consumer's lag (messages still to be handled), and why it fails. */
@Component("natsHealthIndicator")
class NatsHealth extends AbstractHealthIndicator {

    private final NatsBus bus;
    private final CamelContext camel;

    NatsHealth(NatsBus bus, CamelContext camel) {
        this.bus = bus;
        this.camel = camel;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        if (!bus.isConnected()) {
            health.down().withDetail("connection", bus.trouble());
            return;
        }
        health.up().withDetail("connection", "connected");
        for (Route route : camel.getRoutes()) {
            if (route.getConsumer() instanceof JetStreamConsumer consumer) {
                long lag = consumer.lag();
                health.withDetail(consumer.durable(), detail(lag, consumer.trouble()));
                if (lag < 0 && consumer.isStarted()) {
                    health.down();
                }
            }
        }
    }

    private static Object detail(long lag, String trouble) {
        if (lag < 0) {
            return "can't be read: " + trouble;
        }
        return trouble.isEmpty() ? lag : lag + ", and the last one failed: " + trouble;
    }
}
