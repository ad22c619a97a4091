package routes.hooks.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import routes.hooks.http.Failure;

/**
 * One attempt to deliver an event to a hook, or that there are no more: a message of {@code opsbus.attempts.>}, as
 * JSON.
 *
 * @param event the event's id
 * @param hook {@code namespace/name}
 * @param number 1 the first; with {@link #GIVEN_UP} the last one
 * @param at when it began
 * @param outcome {@link #DELIVERED}, {@link #GIVEN_UP}, or the reason of the failure
 * @param status HTTP status, 0 when there was none
 * @param detail for people; empty when there is nothing to say
 * @param millis how long it took
 * @param replica host name of the process that made it
 */
public record Attempt(
        String event,
        String hook,
        int number,
        Instant at,
        String outcome,
        int status,
        String detail,
        long millis,
        String replica) {

    public static final String DELIVERED = "delivered";
    /** The delivery is in the dead letters; the detail says why. */
    public static final String GIVEN_UP = "dead letter";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUBJECT = "opsbus.attempts.";

    /**
     * Attempts of one event share a subject with those of some others: 65,536 subjects at most, since each costs the
     * server memory.
     */
    static String subject(String event) {
        int hash = event.hashCode();
        return SUBJECT + String.format("%04x", (hash ^ hash >>> 16) & 0xffff);
    }

    public boolean isLast() {
        return outcome.equals(DELIVERED) || outcome.equals(GIVEN_UP);
    }

    /** {@link #detail} without what an endpoint answered. */
    public String detailForReaders() {
        if (!outcome.equals(GIVEN_UP)) {
            return outcome.equals(DELIVERED) ? detail : Failure.detailForReaders(outcome, status, detail);
        }
        String[] parts = detail.split(": ", 2);
        String rest = parts.length == 1 ? "" : Failure.detailForReaders(parts[0], status, parts[1]);
        return rest.isEmpty() ? parts[0] : parts[0] + ": " + rest;
    }

    byte[] json() throws IOException {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("event", event)
                .put("hook", hook)
                .put("attempt", number)
                .put("time", at.toString())
                .put("outcome", outcome)
                .put("status", status)
                .put("detail", detail)
                .put("millis", millis)
                .put("replica", replica);
        return JSON.writeValueAsBytes(json);
    }

    /** Empty when it is nothing that opsbus wrote. */
    static Optional<Attempt> read(byte[] json) {
        try {
            JsonNode read = JSON.readTree(json);
            if (read == null
                    || !read.path("event").isTextual()
                    || !read.path("hook").isTextual()) {
                return Optional.empty();
            }
            return Optional.of(new Attempt(
                    read.path("event").textValue(),
                    read.path("hook").textValue(),
                    read.path("attempt").asInt(),
                    Instant.parse(read.path("time").asText()),
                    read.path("outcome").asText(),
                    read.path("status").asInt(),
                    read.path("detail").asText(),
                    read.path("millis").asLong(),
                    read.path("replica").asText()));
        } catch (IOException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
