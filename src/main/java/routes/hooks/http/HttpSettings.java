package routes.hooks.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How hooks call out over HTTP.
 *
 * @param connectTimeout how long a TCP connection and, once more, its TLS handshake may take
 * @param responseTimeout how long an endpoint may be silent; connect and response timeout together bound the whole
 *     attempt
 * @param connections connections in the pool, per endpoint and in total; as many as there are delivery workers
 */
@ConfigurationProperties("opsbus.http")
public record HttpSettings(
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("10s") Duration responseTimeout,
        @DefaultValue("512") int connections) {

    /** The longest an attempt may take from start to end, whatever the endpoint does. */
    Duration attemptTimeout() {
        return connectTimeout.plus(responseTimeout);
    }
}
