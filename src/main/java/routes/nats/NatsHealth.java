package routes.nats;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/**
 * Up when NATS is connected and every JetStream consumer can be asked; tells each consumer's lag (messages still to be
 * handled), and why it fails. All questions together take two seconds at most, also when the server does not answer:
 * who asks, such as a kubelet, waits no longer.
 */
@Component("natsHealthIndicator")
class NatsHealth extends AbstractHealthIndicator {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

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
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Route route : camel.getRoutes()) {
            if (route.getConsumer() instanceof JetStreamConsumer consumer) {
                ask(consumer, Duration.ofNanos(end - System.nanoTime()), health);
            }
        }
    }

    private static String words(Exception e) {
        return String.valueOf(e.getMessage()).contains(Streams.NO_ANSWER)
                ? "NATS does not answer in time"
                : e.getMessage();
    }

    private static void ask(JetStreamConsumer consumer, Duration left, Health.Builder health) {
        try {
            if (left.toMillis() <= 0) {
                throw new IOException(Streams.NO_ANSWER);
            }
            long lag = consumer.lag(left);
            health.withDetail(
                    consumer.durable(),
                    consumer.trouble().isEmpty() ? lag : lag + ", and the last one failed: " + consumer.trouble());
        } catch (IOException | JetStreamApiException e) {
            health.withDetail(
                    consumer.durable(),
                    "can't be read: " + (consumer.trouble().isEmpty() ? words(e) : consumer.trouble()));
            if (consumer.isStarted()) {
                health.down();
            }
        }
    }
}
