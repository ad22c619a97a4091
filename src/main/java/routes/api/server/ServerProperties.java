package routes.api.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the HTTP server takes on.
 *
 * @param requestTimeout from the first byte of a request until all of it has arrived, headers and body; then its
 *     connection ends
 * @param connectionsPerAddress connections of one address at the same time; a proxy in front is one address
 * @param bodiesPerAddress bodies of one address that are waited for at the same time, each by a thread of its own
 * @param healthPort a second port that answers {@code /actuator/health} only, with connections and threads of its own;
 *     0: any, less: none
 */
@ConfigurationProperties("opsbus.server")
public record ServerProperties(
        @DefaultValue("10s") Duration requestTimeout,
        @DefaultValue("1024") int connectionsPerAddress,
        @DefaultValue("64") int bodiesPerAddress,
        @DefaultValue("-1") int healthPort) {

    public ServerProperties {
        if (requestTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("request-timeout must be 1ms or more");
        }
        if (connectionsPerAddress < 1 || bodiesPerAddress < 1) {
            throw new IllegalArgumentException("connections-per-address and bodies-per-address must be 1 or more");
        }
        if (healthPort > 65_535) {
            throw new IllegalArgumentException("health-port must be a port, or -1 for none");
        }
    }
}
