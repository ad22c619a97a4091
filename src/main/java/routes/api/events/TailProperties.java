package routes.api.events;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The live tail.
 *
 * @param heartbeat how often a client gets a comment while there is nothing else for it
 * @param maxClients most clients at once; who comes then gets 503
 * @param queue events that wait for one client; when there are more it is cut off
 */
@ConfigurationProperties("opsbus.tail")
public record TailProperties(
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("500") int maxClients,
        @DefaultValue("1000") int queue) {

    public TailProperties {
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException(
                    "opsbus.tail.heartbeat is " + heartbeat.toMillis() + " ms; write a time such as 15s");
        }
        if (queue < 2) {
            throw new IllegalArgumentException(
                    "opsbus.tail.queue is " + queue + "; a client needs room for 2 events at least");
        }
    }
}
