package routes.hooks.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import routes.event.ForwardTarget;
import routes.event.OpsEvent;

/**
 * What a hook type's template can use, as exchange variables, all strings; {@code docs/types.md} lists them. Nothing
 * from an event or a hook goes through a placeholder or the text of an expression, so no byte of theirs is ever
 * evaluated.
 */
public final class HookVariables {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    static {
        JSON.getFactory().setCharacterEscapes(new AsGo());
    }

    private HookVariables() {}

    /** Puts all variables of one attempt on the exchange. */
    public static void set(
            Exchange exchange,
            EventHook hook,
            HookType type,
            OpsEvent event,
            String deliveryId,
            int attempt,
            Instant now) {
        of(hook, type, event, deliveryId, attempt, now).forEach(exchange::setVariable);
        hook.author().writeTo(exchange);
    }

    static Map<String, String> of(
            EventHook hook, HookType type, OpsEvent event, String deliveryId, int attempt, Instant now) {
        Map<String, String> variables = new LinkedHashMap<>();
        type.properties()
                .forEach((name, property) -> variables.put(
                        name,
                        hook.options()
                                .getOrDefault(name, property.defaultValue() == null ? "" : property.defaultValue())));
        if (type.url() == HookType.UrlKind.HTTP) {
            variables.putAll(HttpOptions.variables(hook.options()));
        }
        String message = event.text() + hook.additional();
        variables.put("url", hook.url());
        variables.put("additional", hook.additional());
        variables.put("text", event.text());
        variables.put("message", message);
        variables.put("messageJson", json(message));
        variables.put("data", data(event));
        variables.put("subject", event.subject());
        variables.put("time", event.time() == null ? "" : event.time().format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        variables.put("hook", hook.id());
        variables.put("deliveryId", deliveryId);
        variables.put("attempt", Integer.toString(attempt));
        variables.put("timestamp", Long.toString(now.getEpochSecond()));
        if (hook.forwards()) {
            String target = ForwardTarget.resolve(hook.url(), event.subject());
            variables.put("target", target);
            variables.put(
                    "event",
                    event.forwarded(target, deliveryId, hook.id(), OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                            .toJson());
        } else {
            variables.put("event", event.toJson());
        }
        variables.put("json", asJson(event, hook));
        return variables;
    }

    private static String data(OpsEvent event) {
        if (event.isCloudEvent() && event.data().isObject()) {
            return event.dataJson();
        }
        return "{\"data\":"
                + json(
                        event.isCloudEvent()
                                        && event.dataJson() != null
                                        && !event.data().isTextual()
                                ? event.dataJson()
                                : event.text())
                + "}";
    }

    /** {@code format: json}: the event's attributes, its data, and the text a chat would get. */
    private static String asJson(OpsEvent event, EventHook hook) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", event.id());
        node.put("type", event.type());
        node.put("subject", event.subject());
        node.put("time", event.time() == null ? null : event.time().toString());
        node.put("cluster", event.cluster());
        node.put("text", event.text());
        node.put("additional", hook.additional());
        node.set("data", event.data().isMissingNode() ? null : event.data());
        return write(node);
    }

    private static String json(String text) {
        return write(text);
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** The original's JSON: Go escapes these for the sake of HTML. */
    private static final class AsGo extends CharacterEscapes {

        private final int[] escapes = standardAsciiEscapesForJSON();

        private AsGo() {
            for (char c : new char[] {'<', '>', '&'}) {
                escapes[c] = ESCAPE_CUSTOM;
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return escapes;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            // asked for every other character beyond ASCII too; null leaves it as it is. Go escapes the two line
            // separators
            return escapes.length > c && escapes[c] == ESCAPE_CUSTOM || c == 0x2028 || c == 0x2029
                    ? new SerializedString(String.format("\\u%04x", c))
                    : null;
        }
    }
}
