package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.event.Rfc3339;

/**
 * JSON of any form, mapped by the configuration.
 *
 * @param each list in the body, one event for each of its elements; without it the body is one event
 * @param id the same for what is sent again; else the header Idempotency-Key counts
 * @param message without it the JSON itself
 * @param time RFC 3339, or seconds or milliseconds since 1970; without it the time of receipt
 */
record PushMapping(
        String name,
        Optional<BodyPath> each,
        Optional<BodyTemplate> id,
        Function<JsonNode, String> subject,
        Optional<BodyTemplate> type,
        Optional<BodyTemplate> reason,
        Optional<BodyTemplate> message,
        Optional<BodyTemplate> time)
        implements PushSource {

    /** The year 5138 in seconds, 1973 in milliseconds. */
    private static final long MILLIS_FROM = 100_000_000_000L;

    @Override
    public Stream<Pushed> events(ApiRequest request) {
        JsonNode body = request.json();
        String key = Optional.ofNullable(request.header("Idempotency-Key"))
                .orElseGet(() -> UUID.randomUUID().toString());
        if (each.isEmpty()) {
            return Stream.of(event(body, key));
        }
        JsonNode list = each.get()
                .in(body)
                .filter(JsonNode::isArray)
                .orElseThrow(() -> ApiException.bad("there is no list at "
                        + each.get().written() + ", which opsbus.push.mappings." + name + ".each needs"));
        return IntStream.range(0, list.size()).mapToObj(i -> element(list.path(i), i, key));
    }

    private Pushed element(JsonNode element, int index, String key) {
        try {
            return event(element, key + "/" + index);
        } catch (ApiException e) {
            throw new ApiException(e.status(), each.orElseThrow().written() + "[" + index + "]: " + e.getMessage());
        }
    }

    private Pushed event(JsonNode sent, String key) {
        String said = optional(message, sent);
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("type", optional(type, sent));
        lines.put("reason", optional(reason, sent));
        Notice notice = new Notice(
                lines.get("type"),
                lines.get("reason"),
                time(sent),
                name,
                said.isEmpty() ? sent.toString() : said,
                lines,
                Map.of(),
                Map.of("payload", sent));
        String own = id.map(template -> template.needed(sent)).orElse(key);
        return notice.pushed(name + "/" + own, subject.apply(sent), null);
    }

    private OffsetDateTime time(JsonNode sent) {
        String written = optional(time, sent);
        if (written.isEmpty()) {
            return OffsetDateTime.now(ZoneOffset.UTC);
        }
        try {
            if (written.chars().allMatch(c -> c >= '0' && c <= '9')) {
                long number = Long.parseLong(written);
                return (number < MILLIS_FROM ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number))
                        .atOffset(ZoneOffset.UTC);
            }
        } catch (NumberFormatException | DateTimeException e) {
            // said below
        }
        if (Rfc3339.time(written) == null) {
            throw ApiException.bad("opsbus.push.mappings." + name + ".time makes \"" + written
                    + "\", which is no time; send one as 2026-01-31T08:00:00Z, or seconds or milliseconds since 1970");
        }
        return Optional.ofNullable(Rfc3339.happened(written)).orElseGet(() -> OffsetDateTime.now(ZoneOffset.UTC));
    }

    private static String optional(Optional<BodyTemplate> template, JsonNode sent) {
        return template.map(some -> some.optional(sent).strip()).orElse("");
    }
}
