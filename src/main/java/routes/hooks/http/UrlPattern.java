package routes.hooks.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import routes.net.IpBlock;

/**
 * An entry of {@code opsbus.hooks.allow-urls} or {@code deny-urls}.
 *
 * @param text as it was written
 * @param scheme null for any
 * @param name a name, {@code *.suffix} or {@code *}, lower case; null when blocks say it
 * @param blocks empty when a name says it
 * @param port -1 for any
 */
record UrlPattern(String text, String scheme, String name, List<IpBlock> blocks, int port) {

    private static final Pattern FORM = Pattern.compile(
            "(?:(https?)://)?(?:\\[([0-9a-f:.]+(?:/[0-9]+)?)]|([^\\[\\]:/@\\s]+(?:/[0-9]+)?))(?::([0-9]{1,5}))?/?");
    private static final Pattern NAME = Pattern.compile("\\*|(\\*\\.)?[\\p{L}\\p{N}_-]+(\\.[\\p{L}\\p{N}_-]+)*");
    private static final List<IpBlock> LOOPBACK = List.of(
            IpBlock.parse("127.0.0.0/8").orElseThrow(), IpBlock.parse("::1").orElseThrow());

    /** @throws IllegalArgumentException when it can't be understood */
    static UrlPattern parse(String property, String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Optional<IpBlock> bare = IpBlock.parse(lower);
        if (bare.isPresent()) {
            return new UrlPattern(text, null, null, List.of(bare.get()), -1);
        }
        Matcher parts = FORM.matcher(lower);
        if (parts.matches()) {
            int port = parts.group(4) == null ? -1 : Integer.parseInt(parts.group(4));
            String host = parts.group(2) == null ? parts.group(3) : parts.group(2);
            Optional<IpBlock> block = IpBlock.parse(host);
            if (port <= 65_535 && block.isPresent()) {
                return new UrlPattern(text, parts.group(1), null, List.of(block.get()), port);
            }
            if (port <= 65_535
                    && parts.group(2) == null
                    && NAME.matcher(host).matches()
                    && !host.matches(".*\\.?[0-9]+")) {
                return new UrlPattern(
                        text, parts.group(1), host, host.equals("localhost") ? LOOPBACK : List.of(), port);
            }
        }
        throw new IllegalArgumentException("the property " + property + " has the entry \"" + text
                + "\"; write [scheme://]host[:port], the host a name, *.suffix, an address, "
                + "a block such as 10.0.0.0/8 or [fd00::/8], or *");
    }

    /** @param addresses what is known of where the name leads; empty when nothing is */
    boolean matches(String calledScheme, String calledHost, int calledPort, List<InetAddress> addresses) {
        return hasSchemeAndPort(calledScheme, calledPort) && (matchesName(calledHost) || holdsAny(addresses));
    }

    boolean hasSchemeAndPort(String calledScheme, int calledPort) {
        return (scheme == null || scheme.equals(calledScheme)) && (port < 0 || port == calledPort);
    }

    boolean isOfAddresses() {
        return !blocks.isEmpty();
    }

    boolean holdsAny(List<InetAddress> addresses) {
        return addresses.stream().anyMatch(address -> blocks.stream().anyMatch(block -> block.contains(address)));
    }

    private boolean matchesName(String called) {
        if (name == null) {
            return false;
        }
        return name.equals("*") || (name.startsWith("*.") ? called.endsWith(name.substring(1)) : called.equals(name));
    }
}
