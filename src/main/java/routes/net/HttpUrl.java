package routes.net;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The url of an HTTP endpoint in its parts. Unlike {@link URI} it knows hosts with an underscore.
 *
 * @param scheme {@code http} or {@code https}
 * @param host name or address in ASCII; an IPv6 address without brackets
 * @param port -1 when none is written
 * @param userInfo {@code user:password} decoded, or null
 * @param target path and query as they are sent, foreign scripts percent-encoded; without the fragment
 */
public record HttpUrl(String scheme, String host, int port, String userInfo, String target) {

    private static final int MOST = 65_535;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");

    /** @throws IllegalArgumentException with what is wrong, without repeating the url: urls hold keys */
    public static HttpUrl parse(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a url: " + e.getReason() + " at character " + (e.getIndex() + 1)
                    + "; write it percent-encoded");
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getRawAuthority() == null) {
            throw new IllegalArgumentException(
                    "is not an http or https url; write for example https://example.com/hook");
        }
        Optional<HostAndPort> at = HostAndPort.ofAuthority(url.getRawAuthority());
        String host = at.map(parts -> ascii(parts.host())).orElse("");
        if (host.isEmpty()) {
            throw new IllegalArgumentException(
                    "names no host that can be called; write for example https://example.com/hook");
        }
        if (at.get().port() > MOST) {
            throw new IllegalArgumentException("has the port " + at.get().port() + "; ports end at " + MOST);
        }
        return new HttpUrl(
                url.getScheme().toLowerCase(Locale.ROOT), host, at.get().port(), userInfo(url), target(url));
    }

    private static String ascii(String host) {
        try {
            String ascii = host.contains(":") ? host : IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
            return NAME.matcher(ascii).matches() && !ascii.matches("\\.*")
                            || IpBlock.address(ascii).isPresent()
                    ? ascii
                    : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String userInfo(URI url) {
        String authority = url.getAuthority();
        int at = authority.lastIndexOf('@');
        return at < 0 ? null : authority.substring(0, at);
    }

    private static String target(URI url) {
        URI ascii = URI.create(url.toASCIIString());
        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }

    public boolean isSecure() {
        return scheme.equals("https");
    }

    /** The port that is called. */
    public int portOrDefault() {
        return port >= 0 ? port : isSecure() ? 443 : 80;
    }

    /** The url as it can be read again, without user and password. */
    public String withoutUserInfo() {
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + (port < 0 ? "" : ":" + port) + target;
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return scheme + "://" + host + ":" + portOrDefault();
    }
}
