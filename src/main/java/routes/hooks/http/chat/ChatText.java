package routes.hooks.http.chat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import routes.event.WireJson;

/**
 * The text of a chat message, no longer than the chat takes: a step for the Kamelets of chats, which say as variables
 * before it
 *
 * <ul>
 *   <li>{@code longest}: a number and what the chat counts, {@code bytes} of UTF-8, {@code characters} (of UTF-16, the
 *       larger count), or {@code json-bytes}, those of UTF-8 that a JSON string has between its quotes; without it
 *       nothing is cut
 *   <li>{@code escape}: how the chat writes mentions, which no event may make: {@code entities} for those in
 *       {@code <…>} with {@code &lt;} for a {@code <}, {@code at} for {@code <at …>}; without it the text stays as it
 *       is
 * </ul>
 *
 * It sets {@code message} and {@code messageJson} anew, and {@code cut} to {@code true} or {@code false}. The event's
 * text is cut first, and what the hook's author wrote in {@code additional} only when it alone is too long; that is
 * never escaped.
 */
@Component("chatText")
public final class ChatText implements Processor {

    private static final int MOST_JSON_BYTES_OF_A_CHAR = 6;
    /** At the end too: what follows there is the hook's, and must not complete a tag that an event began. */
    private static final Pattern AT = Pattern.compile("<(?=at|a?\\z)", Pattern.CASE_INSENSITIVE);

    @Override
    public void process(Exchange exchange) {
        String text = exchange.getVariable("text", String.class);
        String additional = exchange.getVariable("additional", String.class);
        Escape escape = Escape.of(exchange.getVariable("escape", "", String.class));
        Limit limit = Limit.of(exchange.getVariable("longest", "", String.class));
        String message = escape.apply(text) + additional;
        boolean cut = !limit.allows(message);
        if (cut) {
            int atLeast = Math.min(limit.size(escape.apply(text)), limit.size(beginning(text, 0, escape)));
            String kept = limit.cut(additional, limit.most - atLeast, Escape.NONE);
            message = limit.cut(text, limit.most - limit.size(kept), escape) + kept;
        }
        exchange.setVariable("message", message);
        exchange.setVariable("messageJson", WireJson.quote(message));
        exchange.setVariable("cut", Boolean.toString(cut));
    }

    /**
     * The text's first {@code length} chars, or one less where that would halve a character, and how much is left out.
     */
    private static String beginning(String text, int length, Escape escape) {
        boolean halves = length > 0
                && length < text.length()
                && Character.isHighSurrogate(text.charAt(length - 1))
                && Character.isLowSurrogate(text.charAt(length));
        int end = halves ? length - 1 : length;
        int more = text.substring(end).getBytes(StandardCharsets.UTF_8).length;
        return escape.apply(text.substring(0, end)) + "… (cut, " + more + " bytes more) \n";
    }

    private enum Escape {
        NONE,
        ENTITIES,
        AT;

        static Escape of(String name) {
            return name.isEmpty() ? NONE : valueOf(name.toUpperCase(Locale.ROOT));
        }

        String apply(String text) {
            return switch (this) {
                case NONE -> text;
                case ENTITIES -> text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
                case AT -> ChatText.AT.matcher(text).replaceAll("＜");
            };
        }
    }

    private record Limit(int most, ToIntFunction<String> measure) {

        static Limit of(String written) {
            if (written.isEmpty()) {
                return new Limit(Integer.MAX_VALUE, String::length);
            }
            String[] parts = written.split(" ", 2);
            return new Limit(
                    Integer.parseInt(parts[0]),
                    switch (parts[parts.length - 1]) {
                        case "bytes" -> text -> text.getBytes(StandardCharsets.UTF_8).length;
                        case "characters" -> String::length;
                        case "json-bytes" -> text -> WireJson.quote(text).getBytes(StandardCharsets.UTF_8).length - 2;
                        default ->
                            throw new IllegalArgumentException("the type's longest is \"" + written
                                    + "\"; write for example 2048 bytes, 2000 characters or 20000 json-bytes");
                    });
        }

        int size(String text) {
            return measure.applyAsInt(text);
        }

        boolean allows(String text) {
            return text.length() <= most / MOST_JSON_BYTES_OF_A_CHAR || size(text) <= most;
        }

        /** The text, or as much of its beginning as fits into {@code room} together with how much is left out. */
        String cut(String text, int room, Escape escape) {
            String whole = escape.apply(text);
            if (size(whole) <= room) {
                return whole;
            }
            int fits = 0;
            int tooLong = Math.min(text.length(), room) + 1; // no char counts less than one
            while (fits + 1 < tooLong) {
                int middle = (fits + tooLong) >>> 1;
                if (size(beginning(text, middle, escape)) <= room) {
                    fits = middle;
                } else {
                    tooLong = middle;
                }
            }
            return beginning(text, fits, escape);
        }
    }
}
