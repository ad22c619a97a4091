package routes.api.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import routes.event.OpsEvent;

/**
 * An event as the API shows it (schema {@code Event} of openapi.yaml): the original's three members, and what it
 * lacked.
 */
public final class EventRow {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private EventRow() {}

    /**
     * @param sequence place in stream {@code ops}
     * @param stored when the server stored it
     */
    public static ObjectNode of(OpsEvent event, long sequence, Instant stored) {
        OffsetDateTime time = event.time();
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("subject", event.subject());
        try {
            row.set("event", JSON.readTree(event.toJson()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event that is not JSON", e);
        }
        return row.put("time", local(time, stored))
                .put("sequence", sequence)
                .put("stored", stored.toString())
                .put("text", event.text())
                .put("origin", event.origin());
    }

    private static String local(OffsetDateTime time, Instant stored) {
        try {
            return LOCAL.format(
                    time == null
                            ? stored.atZone(ZoneId.systemDefault())
                            : time.atZoneSameInstant(ZoneId.systemDefault()));
        } catch (DateTimeException atTheEndOfTime) {
            return time.toString();
        }
    }
}
