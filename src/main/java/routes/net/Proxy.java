package routes.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP proxy.
 *
 * @param scheme how it is spoken to itself: {@code http} or {@code https}
 * @param host name or address; an IPv6 address without brackets
 * @param userInfo {@code user:password} as it goes into {@code Proxy-Authorization}, or null; never to be printed
 */
public record Proxy(String scheme, String host, int port, String userInfo) {

    private static final int MOST = 65_535;

    /**
     * An {@code http://} or {@code https://} url, or as Go takes it too {@code host:port}; empty when it is neither.
     */
    public static Optional<Proxy> parse(String text) {
        try {
            URI url = new URI(text.contains("://") ? text : "http://" + text);
            String scheme = url.getScheme().toLowerCase(Locale.ROOT);
            // not getHost(): it is null for names with an underscore
            Optional<HostAndPort> at = HostAndPort.ofAuthority(url.getRawAuthority());
            if (at.isEmpty() || !scheme.equals("http") && !scheme.equals("https")) {
                return Optional.empty();
            }
            int defaultPort = scheme.equals("https") ? 443 : 80;
            int port = at.get().port() < 0 ? defaultPort : at.get().port();
            return port == 0 || port > MOST
                    ? Optional.empty()
                    : Optional.of(new Proxy(scheme, at.get().host(), port, userInfo(url)));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String userInfo(URI url) {
        String authority = url.getAuthority();
        int at = authority.lastIndexOf('@');
        return at < 0 ? null : authority.substring(0, at);
    }

    @Override
    public String toString() {
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
