package routes.hooks.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import routes.net.HttpUrl;
import routes.net.IpBlock;
import routes.net.Proxy;
import routes.net.ProxyEnvironment;

/**
 * Where hooks may send. What their author wrote is asked about when a hook is read and before each request; the
 * addresses that a name leads to when a connection is made, each of them, so that a name that changes its mind in
 * between gains nothing.
 */
@Component
public final class EgressRule {

    static final String ALLOW = "opsbus.hooks.allow-urls";
    static final String DENY = "opsbus.hooks.deny-urls";

    /** Closed to custom resources unless an entry with an address opens them. */
    private static final Map<IpBlock, String> CLOSED = new LinkedHashMap<>();

    static {
        close("a loopback address", "127.0.0.0/8", "::1");
        close("an unspecified address", "0.0.0.0/8", "::");
        close("a link-local address", "169.254.0.0/16", "fe80::/10");
        // AWS (metadata, credentials of pods, and more), GCP, Oracle and Scaleway by IPv6; Alibaba, Oracle, Azure; the
        // others' are link-local
        close(
                "a cloud's metadata address",
                "fd00:ec2::/32",
                "fd20:ce::254",
                "fd00:c1::a9fe:a9fe",
                "fd00:42::42",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16");
        close("a multicast or broadcast address", "224.0.0.0/4", "ff00::/8", "255.255.255.255");
    }

    private final List<UrlPattern> allowed;
    private final List<UrlPattern> denied;
    private final OwnAddresses own;
    private final ProxyEnvironment proxies;

    @Autowired
    EgressRule(EgressSettings settings, OwnAddresses own) {
        this(settings, own, ProxyEnvironment.of(System.getenv(), System.getProperties()));
    }

    /** @param proxies those of the operator */
    EgressRule(EgressSettings settings, OwnAddresses own, ProxyEnvironment proxies) {
        this.allowed = settings.allowUrls().stream()
                .map(text -> UrlPattern.parse(ALLOW, text))
                .toList();
        this.denied = settings.denyUrls().stream()
                .map(text -> UrlPattern.parse(DENY, text))
                .toList();
        this.own = own;
        this.proxies = proxies;
    }

    ProxyEnvironment proxies() {
        return proxies;
    }

    /** The rule where nothing runs: a dry run. */
    public static EgressRule offline(EgressSettings settings) {
        return new EgressRule(settings, null, ProxyEnvironment.of(Map.of()));
    }

    private static void close(String what, String... blocks) {
        for (String block : blocks) {
            CLOSED.put(IpBlock.parse(block).orElseThrow(), what);
        }
    }

    /**
     * What stands against a hook that is read.
     *
     * @param proxy the hook's own, "" for none
     */
    public Optional<String> problem(Author author, String url, String proxy) {
        HttpUrl called;
        try {
            called = HttpUrl.parse(url);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not this rule's to say
        }
        return asWritten(author, called.scheme(), called.host(), called.portOrDefault(), true)
                .map(problem -> "spec.url: " + problem)
                .or(() -> Proxy.parse(proxy)
                        .filter(through -> !proxy.isEmpty() && !proxy.equals(Call.NO_PROXY))
                        .flatMap(through -> asWritten(author, through.scheme(), through.host(), through.port(), true))
                        .map(problem -> "spec.options.proxy: " + problem))
                .or(() -> aroundTheProxy(author, called, !proxy.isEmpty())
                        .map(problem -> "spec.options.proxy: " + problem));
    }

    /**
     * What stands against a proxy of the hook's own, or none, where the operator says which: that proxy's rules must
     * hold too.
     *
     * @param ownProxy whether the hook says through which, or that there is none
     */
    Optional<String> aroundTheProxy(Author author, HttpUrl url, boolean ownProxy) {
        return author == Author.OPERATOR
                        || !ownProxy
                        || proxies.proxyFor(url.scheme(), url.host(), url.port())
                                .isEmpty()
                ? Optional.empty()
                : Optional.of("custom resources may not choose how to call " + url.host()
                        + ", for which opsbus' environment has a proxy; leave the option out, "
                        + "or an operator can except the host with NO_PROXY");
    }

    /** Whether there is anything to ask about. */
    boolean concerns(Author author) {
        return author == Author.RESOURCE || !denied.isEmpty();
    }

    /**
     * @param resolvedLater whether {@link #problem(Author, String, String, int, InetAddress)} will be asked about its
     *     addresses; else, with a proxy in between, a name that no entry names is not allowed
     */
    Optional<String> asWritten(Author author, String scheme, String writtenHost, int port, boolean resolvedLater) {
        String host = normal(writtenHost);
        boolean local = host.equals("localhost") || host.endsWith(".localhost");
        Optional<InetAddress> literal = IpBlock.address(local ? "127.0.0.1" : host);
        if (literal.isPresent()) {
            return problem(author, scheme, host, port, literal.get());
        }
        if (author == Author.RESOURCE && host.matches("(.*\\.)?([0-9]+|0x[0-9a-f]*)")) {
            return Optional.of("custom resources may not send to " + host
                    + ", an address in an unusual form; write it as four decimal numbers");
        }
        boolean undecided = resolvedLater
                && allowed.stream().anyMatch(entry -> entry.isOfAddresses() && entry.hasSchemeAndPort(scheme, port));
        return denial(scheme, host, port, List.of())
                .or(() -> author == Author.OPERATOR || undecided
                        ? Optional.empty()
                        : unlisted(scheme, host, port, List.of()));
    }

    /** What stands against a connection to this address, one of those that the host's name leads to. */
    Optional<String> problem(Author author, String scheme, String writtenHost, int port, InetAddress address) {
        String host = normal(writtenHost);
        List<InetAddress> meant = meant(address);
        Optional<String> denial = denial(scheme, host, port, meant);
        if (denial.isPresent() || author == Author.OPERATOR) {
            return denial;
        }
        return ours(host, port, meant)
                .or(() -> closed(scheme, host, port, meant))
                .or(() -> unlisted(scheme, host, port, meant));
    }

    /** Whether an operator's entry means this endpoint, not just any. @param address null when it is not known */
    boolean isNamed(String scheme, String host, int port, InetAddress address) {
        List<InetAddress> meant = address == null ? List.of() : meant(address);
        return allowed.stream()
                .anyMatch(entry -> !"*".equals(entry.name()) && entry.matches(scheme, normal(host), port, meant));
    }

    private static String normal(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private Optional<String> denial(String scheme, String host, int port, List<InetAddress> meant) {
        return denied.stream()
                .filter(entry -> entry.matches(scheme, host, port, meant))
                .findFirst()
                .map(entry -> "hooks may not send to " + at(host, port, meant) + ": " + DENY + " has " + entry.text());
    }

    private Optional<String> ours(String host, int port, List<InetAddress> meant) {
        if (own != null && meant.stream().anyMatch(address -> own.isOpsbus(address, port))) {
            return Optional.of("custom resources may not send to " + at(host, port, meant)
                    + ", which is opsbus itself; no property allows it, but a hook in a file may");
        }
        if (own != null
                && own.nats().stream().anyMatch(nats -> nats.getPort() == port && meant.contains(nats.getAddress()))) {
            return Optional.of("custom resources may not send to " + at(host, port, meant)
                    + ", which is opsbus' NATS; no property allows it, but a hook in a file may");
        }
        return Optional.empty();
    }

    private Optional<String> closed(String scheme, String host, int port, List<InetAddress> meant) {
        if (allowed.stream().anyMatch(entry -> entry.hasSchemeAndPort(scheme, port) && entry.holdsAny(meant))) {
            return Optional.empty();
        }
        Optional<String> what = CLOSED.entrySet().stream()
                .filter(block -> meant.stream().anyMatch(block.getKey()::contains))
                .map(Map.Entry::getValue)
                .findFirst();
        boolean natsHost = own != null && own.nats().stream().anyMatch(nats -> meant.contains(nats.getAddress()));
        return what.or(() -> natsHost ? Optional.of("an address of opsbus' NATS") : Optional.empty())
                .map(kind -> "custom resources may not send to " + at(host, port, meant) + ", " + kind
                        + "; an operator can open it with the address as an entry of " + ALLOW);
    }

    private Optional<String> unlisted(String scheme, String host, int port, List<InetAddress> meant) {
        return allowed.stream().anyMatch(entry -> entry.matches(scheme, host, port, meant))
                ? Optional.empty()
                : Optional.of("custom resources may not send to " + at(host, port, meant) + " by " + scheme
                        + ": it is not in " + ALLOW);
    }

    private static String at(String host, int port, List<InetAddress> meant) {
        String address = meant.isEmpty() ? "" : meant.get(0).getHostAddress();
        return host + ":" + port
                + (address.isEmpty() || address.equals(host) || host.contains(":") ? "" : " (" + address + ")");
    }

    /**
     * The address, and the IPv4 addresses that it stands for: mapped, compatible, translated (SIIT, RFC 2765), by NAT64
     * (RFC 6052, RFC 8215), 6to4, Teredo (its server and its client, RFC 4380) or ISATAP (RFC 5214). A network's own
     * prefix for one of these only its operator knows.
     */
    private static List<InetAddress> meant(InetAddress address) {
        List<InetAddress> meant = new ArrayList<>(List.of(address));
        byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            boolean mapped = starts(bytes, 12) || starts(bytes, 10, 0xff, 0xff) || starts(bytes, 8, 0xff, 0xff, 0, 0);
            if (mapped || isIsatap(bytes) || starts(bytes, 0, 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
                meant.add(ipv4(bytes, 12, 13, 14, 15));
            }
            if (starts(bytes, 0, 0, 0x64, 0xff, 0x9b, 0, 1)) {
                // where in its own prefix a network puts it, nobody says; zeros are the rest of the other form
                List<InetAddress> either = List.of(ipv4(bytes, 12, 13, 14, 15), ipv4(bytes, 6, 7, 9, 10));
                meant.addAll(
                        either.stream().allMatch(InetAddress::isAnyLocalAddress)
                                ? either
                                : either.stream()
                                        .filter(one -> !one.isAnyLocalAddress())
                                        .toList());
            }
            if (starts(bytes, 0, 0x20, 0x02)) {
                meant.add(ipv4(bytes, 2, 3, 4, 5));
            }
            if (starts(bytes, 0, 0x20, 0x01, 0, 0)) {
                meant.add(ipv4(bytes, 4, 5, 6, 7));
                meant.add(ipv4(inverted(bytes), 12, 13, 14, 15));
            }
        }
        return meant;
    }

    /** By its interface identifier, {@code 0:5efe:a.b.c.d} or {@code 200:5efe:a.b.c.d}, in any network. */
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & ~0x02) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
    }

    private static byte[] inverted(byte[] bytes) {
        byte[] inverted = bytes.clone();
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        return inverted;
    }

    private static boolean starts(byte[] bytes, int zeros, int... then) {
        byte[] wanted = new byte[zeros + then.length];
        for (int i = 0; i < then.length; i++) {
            wanted[zeros + i] = (byte) then[i];
        }
        return Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
    }

    private static InetAddress ipv4(byte[] bytes, int... at) {
        try {
            return InetAddress.getByAddress(new byte[] {bytes[at[0]], bytes[at[1]], bytes[at[2]], bytes[at[3]]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
