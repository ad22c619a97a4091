package routes.nats;

import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * What may pass between Camel headers and NATS headers, in both directions: nothing of Camel's own, since a header from
 * the wire such as {@code CamelHttpUri} would steer a component (CVE-2026-46457), and nothing that the other side can't
 * carry.
 */
public final class WireHeaders implements HeaderFilterStrategy {

    /** What makes that a message that is stored twice is stored once; its value is {@linkplain #encode encoded}. */
    public static final String MESSAGE_ID = NatsJetStreamConstants.MSG_ID_HDR;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    static WireHeaders of(HeaderFilterStrategy strategy) {
        return strategy instanceof WireHeaders headers ? headers : new WireHeaders();
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return camels(name)
                || !token(name)
                || !(value instanceof String || value instanceof Number || value instanceof Boolean);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return camels(name);
    }

    /** Whether the name is one that Camel or opsbus itself gives a meaning to inside a route. */
    private static boolean camels(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("camel") || lower.startsWith("org.apache.camel");
    }

    private static boolean token(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ':');
    }

    /** For a message with this id. */
    public static Headers withId(String messageId) {
        Headers headers = new Headers();
        headers.put(MESSAGE_ID, encode(messageId));
        return headers;
    }

    /** NATS headers of a message's Camel headers; values are {@linkplain #encode encoded}. */
    Headers toWire(Map<String, Object> camel, Exchange exchange) {
        Headers headers = new Headers();
        camel.forEach((name, value) -> {
            if (!applyFilterToCamelHeaders(name, value, exchange)) {
                headers.put(name, encode(String.valueOf(value)));
            }
        });
        return headers;
    }

    /** Puts a message's NATS headers into a map of Camel headers: the first value of each, as it is on the wire. */
    void fromWire(Headers headers, Map<String, Object> camel) {
        if (headers == null) {
            return;
        }
        for (String name : headers.keySet()) {
            List<String> values = headers.get(name);
            if (!values.isEmpty() && !applyFilterToExternalHeaders(name, values.get(0), null)) {
                camel.put(name, values.get(0));
            }
        }
    }

    /**
     * A value that a NATS or HTTP header can carry: everything but printable ASCII percent-encoded as UTF-8, by the
     * rule of the CloudEvents HTTP binding, section 3.1.3.2 (space, double quote, percent and all outside U+0021 to
     * U+007E).
     */
    public static String encode(String value) {
        if (value.chars().allMatch(WireHeaders::plain)) {
            return value;
        }
        StringBuilder encoded = new StringBuilder(value.length() + 16);
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (plain(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHighHexDigit(b)).append(HEX.toLowHexDigit(b));
            }
        }
        return encoded.toString();
    }

    /** The reverse of {@link #encode}; a percent sign that starts no valid sequence stays. */
    public static String decode(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
            if (low >= 0) {
                decoded[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                decoded[length++] = bytes[i];
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean plain(int c) {
        return c > 0x20 && c < 0x7f && c != '"' && c != '%';
    }
}
