package routes.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Times as Kubernetes and Go write them. The formatter of {@code java.time} takes longer than all else that is done to
 * route an event.
 */
public final class Rfc3339 {

    private static final String SECONDS = "dddd-dd-ddTdd:dd:dd";
    private static final int NANO_DIGITS = 9;
    private static final Instant GO_ZERO = Instant.parse("0001-01-01T00:00:00Z");

    private Rfc3339() {}

    /** As {@link OffsetDateTime#parse(CharSequence)} does. @throws DateTimeException when it is not a time */
    static OffsetDateTime parse(String text) {
        return isPlain(text) ? plain(text) : OffsetDateTime.parse(text);
    }

    /** {@code null} when it is not a time, or null. */
    public static OffsetDateTime time(String textOrNull) {
        try {
            return textOrNull == null ? null : parse(textOrNull);
        } catch (DateTimeException notATime) {
            return null;
        }
    }

    /**
     * As {@link #time}, but {@code null} for Go's zero time, 0001-01-01T00:00:00Z, too: a clock says when something
     * happened, so that is none.
     */
    public static OffsetDateTime happened(String textOrNull) {
        OffsetDateTime time = time(textOrNull);
        return time == null || time.toInstant().equals(GO_ZERO) ? null : time;
    }

    /** {@code 2024-05-01T10:20:30Z}, with up to nine digits of a second's fraction. */
    private static boolean isPlain(String text) {
        int length = text.length();
        if (length <= SECONDS.length() || text.charAt(length - 1) != 'Z') {
            return false;
        }
        for (int i = 0; i < SECONDS.length(); i++) {
            char expected = SECONDS.charAt(i);
            if (expected == 'd' ? !isDigit(text, i) : text.charAt(i) != expected) {
                return false;
            }
        }
        int fraction = length - 2 - SECONDS.length();
        if (fraction < 0) {
            return true;
        }
        boolean digits = text.charAt(SECONDS.length()) == '.' && fraction >= 1 && fraction <= NANO_DIGITS;
        for (int i = SECONDS.length() + 1; i < length - 1; i++) {
            digits &= isDigit(text, i);
        }
        return digits;
    }

    private static OffsetDateTime plain(String text) {
        int nanos = 0;
        for (int i = 0; i < NANO_DIGITS; i++) {
            int at = SECONDS.length() + 1 + i;
            nanos = nanos * 10 + (at < text.length() - 1 ? digit(text, at) : 0);
        }
        return OffsetDateTime.of(
                two(text, 0) * 100 + two(text, 2),
                two(text, 5),
                two(text, 8),
                two(text, 11),
                two(text, 14),
                two(text, 17),
                nanos,
                ZoneOffset.UTC);
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static int two(String text, int at) {
        return digit(text, at) * 10 + digit(text, at + 1);
    }

    private static int digit(String text, int at) {
        return text.charAt(at) - '0';
    }
}
