package routes.api.rest;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The HTTP API.
 *
 * @param maxBody the largest body of a request. What NATS takes as one message ({@code max_payload}, 1 MB unless it is
 *     configured) is a limit too
 */
@ConfigurationProperties("opsbus.api")
public record ApiProperties(@DefaultValue("1MB") DataSize maxBody) {}
