package routes.hooks.http;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where hooks may send by HTTP. An entry is {@code [scheme://]host[:port]}, the host a name, {@code *.suffix}, an
 * address, a block such as {@code 10.0.0.0/8} or {@code [fd00::/8]}, or {@code *}.
 *
 * @param allowUrls where hooks of custom resources may send; addresses that are closed to them are opened only by an
 *     entry with an address
 * @param denyUrls where no hook may send; wins over the others
 */
@ConfigurationProperties("opsbus.hooks")
public record EgressSettings(
        @DefaultValue("*") List<String> allowUrls,
        @DefaultValue List<String> denyUrls) {}
