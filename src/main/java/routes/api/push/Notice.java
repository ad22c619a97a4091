package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import routes.api.rest.ApiException;
import routes.event.OpsEvent;
import routes.event.Subject;

/**
 * What somebody else's system says, as an event: a CloudEvent of type {@code Webhook}, whose readable text is its
 * {@code content}. That is made of lines {@code label: value \n} like those of a Kubernetes event, so that keywords are
 * written the same way. The data also has the original's five fields, and whole parts of what was sent.
 *
 * @param type {@code Normal} or {@code Warning}, as Kubernetes says it, or the sender's word
 * @param labels lines before the fields
 * @param links lines after the message
 * @param sent what was sent, by the name it gets in the data
 */
record Notice(
        String type,
        String reason,
        OffsetDateTime time,
        String from,
        String message,
        Map<String, String> labels,
        Map<String, String> links,
        Map<String, JsonNode> sent) {

    static final String NORMAL = "Normal";
    static final String WARNING = "Warning";

    /** It becomes a header of the message and part of the ids of its deliveries. */
    private static final int MAX_ID = 1000;

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    /** RFC 3339 has years of four digits; Java reads and makes others, and trips over some. */
    Notice {
        if (time.getYear() < 1 || time.getYear() > 9999) {
            throw ApiException.bad(
                    "the time " + time + " is none that an event could have; send one as 2026-01-31T08:00:00Z");
        }
    }

    /**
     * The subject of a notification, with names that may hold anything. A slash is legal in NATS, but not in the path
     * of a URL that asks for it.
     */
    static String subject(String provider, String channel, String severity) {
        return Subject.ofNotification(token(provider), token(channel), token(severity));
    }

    static String token(String name) {
        return Subject.token(name.replace('/', '_'));
    }

    /**
     * @param id of the CloudEvent, and of the message
     * @param clusterOrNull in its original case
     */
    Pushed pushed(String id, String subject, String clusterOrNull) {
        if (id.length() > MAX_ID) {
            throw ApiException.bad("the id of an event, " + id.substring(0, 50) + "…, would have " + id.length()
                    + " characters; at most " + MAX_ID + " are taken");
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("content", content());
        put(data, "type", type);
        put(data, "reason", reason);
        data.put("eventTime", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
        data.put("from", from);
        put(data, "message", message);
        sent.forEach(data::set);
        return new Pushed(
                OpsEvent.of(id, "Webhook", subject, clusterOrNull, OffsetDateTime.now(ZoneOffset.UTC), data), id);
    }

    private String content() {
        StringBuilder text = new StringBuilder(512);
        labels.forEach((label, value) -> line(text, label, oneLine(value)));
        line(text, "timestamp", TIMESTAMP.format(time.atZoneSameInstant(ZoneId.systemDefault())));
        line(text, "from", from);
        line(text, "message", message);
        links.forEach((label, value) -> line(text, label, oneLine(value)));
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        if (!value.isBlank()) {
            text.append(oneLine(label)).append(": ").append(value.strip()).append(" \n");
        }
    }

    /** Only a message may have several lines: a label's could pass for other labels. */
    private static String oneLine(String value) {
        return value.replaceAll("\\R", " ");
    }

    private static void put(ObjectNode data, String name, String value) {
        if (!value.isEmpty()) {
            data.put(name, value);
        }
    }
}
