package routes.net;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between {@code //} and the path of a url. {@link java.net.URI#getHost()} knows no host with an
 * underscore, as services of Docker Swarm and Compose have.
 *
 * @param host lower case is not made of it; an IPv6 address without brackets
 * @param port -1 when none is written; not checked against 65535
 */
public record HostAndPort(String host, int port) {

    private static final Pattern AUTHORITY =
            Pattern.compile("(?:.*@)?(?:\\[([0-9a-fA-F:.]+)]|([^\\[\\]:@/?#\\s]+))(?::([0-9]{0,9}))?");

    /** @param authority {@code [user:password@]host[:port]}, or null; empty when it names no host */
    public static Optional<HostAndPort> ofAuthority(String authority) {
        Matcher parts = AUTHORITY.matcher(authority == null ? "" : authority);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String port = parts.group(3);
        return Optional.of(new HostAndPort(
                parts.group(1) == null ? parts.group(2) : parts.group(1),
                port == null || port.isEmpty() ? -1 : Integer.parseInt(port)));
    }
}
