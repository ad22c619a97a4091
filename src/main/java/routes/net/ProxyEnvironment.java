package routes.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY}, or else the same in lower case, as Go's net/http reads
 * them (golang.org/x/net/http/httpproxy), since that is what the tools beside opsbus do. An entry of {@code NO_PROXY}
 * is a domain with all below it ({@code example.com}), only what is below it ({@code .example.com} or
 * {@code *.example.com}), an address, a block of addresses, each but a block with a {@code :port} when only that port
 * is meant, or {@code *} for everything. {@code localhost} and loopback addresses are never called through a proxy.
 * What can't be understood counts as not written, and there is a warning for it.
 */
public final class ProxyEnvironment {

    private interface NoProxy {

        /** @param address of a host that is written as an address, else null */
        boolean holds(String host, int port, InetAddress address);
    }

    private static final Pattern START_OF_ADDRESS = Pattern.compile("([0-9]+(?:\\.[0-9]+){0,2})\\.\\*");

    private final Proxy http;
    private final Proxy https;
    private final List<NoProxy> exceptions = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ProxyEnvironment(Map<String, String> environment) {
        http = proxy(environment, "HTTP_PROXY");
        https = proxy(environment, "HTTPS_PROXY");
        for (String entry : first(environment, "NO_PROXY").split(",")) {
            String written = entry.strip().toLowerCase(Locale.ROOT);
            if (!written.isEmpty()) {
                exception(written)
                        .ifPresentOrElse(
                                exceptions::add,
                                () -> warnings.add("NO_PROXY: \"" + entry.strip() + "\" is ignored; write a domain, "
                                        + ".domain, *.domain, an IP address, a block such as 10.0.0.0/8, or *"));
            }
        }
    }

    /** @param environment as {@link System#getenv()} gives it */
    public static ProxyEnvironment of(Map<String, String> environment) {
        return new ProxyEnvironment(environment);
    }

    /**
     * The environment's or, when it names no proxy, what Java's own properties say: {@code http.proxyHost},
     * {@code http.proxyPort}, the same for {@code https}, and {@code http.nonProxyHosts}, where a name holds for what
     * is below it too.
     */
    public static ProxyEnvironment of(Map<String, String> environment, Properties java) {
        ProxyEnvironment written = of(environment);
        if (!written.isEmpty()
                || java.getProperty("http.proxyHost") == null && java.getProperty("https.proxyHost") == null) {
            return written;
        }
        Map<String, String> asEnvironment = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            String host = java.getProperty(scheme + ".proxyHost", "");
            if (!host.isBlank()) {
                asEnvironment.put(
                        scheme.toUpperCase(Locale.ROOT) + "_PROXY",
                        host + ":" + java.getProperty(scheme + ".proxyPort", scheme.equals("https") ? "443" : "80"));
            }
        }
        asEnvironment.put(
                "NO_PROXY",
                Stream.of(java.getProperty("http.nonProxyHosts", "").split("\\|"))
                        .map(ProxyEnvironment::asBlock)
                        .collect(Collectors.joining(",")));
        return of(asEnvironment);
    }

    /** {@code 10.1.*} as {@code 10.1.0.0/16}. */
    private static String asBlock(String nonProxyHost) {
        Matcher start = START_OF_ADDRESS.matcher(nonProxyHost.strip());
        if (!start.matches()) {
            return nonProxyHost;
        }
        int bytes = start.group(1).split("\\.").length;
        return start.group(1) + ".0".repeat(4 - bytes) + "/" + 8 * bytes;
    }

    /** What was ignored and why, a line each, without the passwords of proxies. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Whether any proxy is named. */
    public boolean isEmpty() {
        return http == null && https == null;
    }

    /**
     * The proxy through which a server is to be called; empty to call it directly.
     *
     * @param scheme {@code http} or {@code https}; {@code ws} and {@code wss} count as these
     * @param host name or address, an IPv6 address without brackets
     * @param port 0 or less for the scheme's own
     */
    public Optional<Proxy> proxyFor(String scheme, String host, int port) {
        boolean secure = scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("wss");
        Proxy proxy = secure ? https : http;
        if (proxy == null || host.equalsIgnoreCase("localhost")) {
            return Optional.empty();
        }
        InetAddress address = IpBlock.address(host).orElse(null);
        if (address != null && address.isLoopbackAddress()) {
            return Optional.empty();
        }
        String name = host.toLowerCase(Locale.ROOT);
        int called = port > 0 ? port : secure ? 443 : 80;
        return exceptions.stream().anyMatch(exception -> exception.holds(name, called, address))
                ? Optional.empty()
                : Optional.of(proxy);
    }

    private Proxy proxy(Map<String, String> environment, String name) {
        String written = first(environment, name).strip();
        if (written.isEmpty()) {
            return null;
        }
        Optional<Proxy> proxy = Proxy.parse(written);
        if (proxy.isEmpty()) {
            warnings.add(
                    name + " is ignored; write http://proxy.example.com:3128, with a user as http://user:password@…");
        }
        return proxy.orElse(null);
    }

    private static String first(Map<String, String> environment, String name) {
        Function<String, String> value = key -> environment.getOrDefault(key, "");
        return value.apply(name).isEmpty() ? value.apply(name.toLowerCase(Locale.ROOT)) : value.apply(name);
    }

    private static Optional<NoProxy> exception(String written) {
        if (written.equals("*")) {
            return Optional.of((host, port, address) -> true);
        }
        Optional<IpBlock> block = IpBlock.parse(written);
        if (block.isPresent()) {
            return Optional.of(
                    (host, port, address) -> address != null && block.get().contains(address));
        }
        Optional<HostAndPort> at = HostAndPort.ofAuthority(written);
        if (at.isEmpty() || written.contains("@") || at.get().port() > 65_535) {
            return Optional.empty();
        }
        int only = at.get().port();
        Optional<InetAddress> one = IpBlock.address(at.get().host());
        if (one.isPresent()) {
            return Optional.of((host, port, address) -> one.get().equals(address) && (only < 0 || only == port));
        }
        String domain = at.get().host().startsWith("*.")
                ? at.get().host().substring(1)
                : at.get().host();
        if (!domain.matches("\\.?[^.*%\\s]+(\\.[^.*%\\s]+)*\\.?")) {
            return Optional.empty();
        }
        String suffix = domain.startsWith(".") ? domain : "." + domain;
        return Optional.of((host, port, address) ->
                address == null && (only < 0 || only == port) && (host.endsWith(suffix) || host.equals(domain)));
    }
}
