package routes.api.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/**
 * What goes over the wire in one piece.
 *
 * @param bytes not to be changed
 * @param isEvent an operations event, not what is said about the stream
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML: server-sent events</a>
 */
record TailFrame(byte[] bytes, boolean isEvent) {

    /** Sends the headers on their way, and tells browsers when to come back after the connection broke. */
    static final TailFrame BEGIN = text("retry: 2000\n\n");

    static final TailFrame HEARTBEAT = text(":\n\n");

    /** JSON has no line breaks but escaped ones, so that data is one line whatever is in it. */
    static TailFrame event(long sequence, JsonNode data) {
        return new TailFrame(
                ("id: " + sequence + "\nevent: event\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8), true);
    }

    /** @param reason one line */
    static TailFrame cut(String reason) {
        return text("event: cut\ndata: " + reason + "\n\n");
    }

    /** The client asked for events that the stream does not have any more; it goes on with {@code first}. */
    static TailFrame gap(long asked, long first) {
        return text("event: gap\ndata: {\"asked\":" + asked + ",\"first\":" + first + "}\n\n");
    }

    private static TailFrame text(String text) {
        return new TailFrame(text.getBytes(StandardCharsets.UTF_8), false);
    }
}
