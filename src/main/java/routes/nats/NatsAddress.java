package routes.nats;

import io.nats.client.Options;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers of a NATS url and what it says of the login. Accepted: {@code nats://}, {@code tls://}, {@code ws://},
 * {@code wss://}, no scheme at all, and {@code http://} and {@code https://}, which the original's documentation uses
 * and the Go client takes for nats and tls; {@code user:password@} or {@code token@} before the host (percent-encoded
 * where needed), several servers separated by commas.
 *
 * @param servers urls that jnats takes, without login
 * @param user user name or null
 * @param secret password if there is a user, token if there is none, or null
 */
public record NatsAddress(List<String> servers, String user, String secret) {

    /**
     * @throws IllegalArgumentException with a message for the person who wrote the url; it never repeats the password
     */
    public static NatsAddress parse(String url) {
        List<String> servers = new ArrayList<>();
        String login = null;
        for (String part : url.split(",")) {
            String server = part.trim();
            if (server.isEmpty()) {
                continue;
            }
            String scheme = scheme(server);
            String rest = server.contains("://") ? server.substring(server.indexOf("://") + 3) : server;
            int at = rest.lastIndexOf('@');
            if (at >= 0) {
                String own = rest.substring(0, at);
                if (login != null && !login.equals(own)) {
                    throw new IllegalArgumentException(
                            "the NATS url names two different logins; write the same user and password for every server");
                }
                login = own;
                rest = rest.substring(at + 1);
            }
            int slash = rest.indexOf('/');
            String host = slash < 0 ? rest : rest.substring(0, slash);
            if (host.isEmpty() || host.startsWith(":")) {
                throw new IllegalArgumentException(
                        "the NATS url has no host; write for example nats://user:password@host:4222");
            }
            servers.add(scheme + "://" + host);
        }
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("the NATS url names no server; write for example nats://host:4222");
        }
        if (login == null) {
            return new NatsAddress(List.copyOf(servers), null, null);
        }
        int colon = login.indexOf(':');
        return colon < 0
                ? new NatsAddress(List.copyOf(servers), null, decoded(login))
                : new NatsAddress(
                        List.copyOf(servers), decoded(login.substring(0, colon)), decoded(login.substring(colon + 1)));
    }

    private static String scheme(String server) {
        int end = server.indexOf("://");
        String scheme = end < 0 ? "nats" : server.substring(0, end).toLowerCase(java.util.Locale.ROOT);
        return switch (scheme) {
            case "nats", "tls", "ws", "wss" -> scheme;
            case "http" -> "nats";
            case "https" -> "tls";
            default ->
                throw new IllegalArgumentException(
                        "the NATS url begins with " + scheme + "://; write nats:// or tls://");
        };
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a bare % is part of the password
        }
    }

    void applyTo(Options.Builder options) {
        options.servers(servers.toArray(String[]::new));
        if (user != null) {
            options.userInfo(user, secret);
        } else if (secret != null) {
            options.token(secret.toCharArray());
        }
    }

    @Override
    public String toString() {
        return String.join(", ", servers);
    }
}
