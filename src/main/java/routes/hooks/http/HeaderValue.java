package routes.hooks.http;

import java.nio.charset.StandardCharsets;

/** Text as an HTTP header value, by the rule of the CloudEvents HTTP binding (version 1.0, section 3.1.3.2). */
final class HeaderValue {

    private HeaderValue() {
    }

    /** Percent-encodes, as UTF-8, space, double quote, percent and everything that is not printable ASCII. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '"' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(hex(b >> 4)).append(hex(b));
            }
        }
        return encoded.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit & 0xf, 16));
    }
}
