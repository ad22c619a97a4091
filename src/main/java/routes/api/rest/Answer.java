package routes.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * An answer of the API, in the original's form {@code {"code","message","data"}}: code 0 with status 200, else -1.
 *
 * @param status HTTP status
 * @param headers further HTTP headers
 */
public record Answer(int status, String message, JsonNode data, Map<String, String> headers) {

    public static final String CONTENT_TYPE = "application/json";

    private static final ObjectMapper JSON = new ObjectMapper();

    public static Answer ok(JsonNode data) {
        return new Answer(200, "success", data, Map.of());
    }

    public static Answer failed(int status, String message) {
        return new Answer(status, message, null, Map.of());
    }

    /** NATS is away, and the client may try again. */
    public static Answer away(String why) {
        return new Answer(503, why, null, Map.of("Retry-After", "2"));
    }

    /** Too much is asked at the same time, and the client may try again after so many seconds. */
    public static Answer busy(String why, int seconds) {
        return new Answer(429, why + "; try again", null, Map.of("Retry-After", Integer.toString(seconds)));
    }

    /** Makes it the HTTP answer. */
    public void into(Message message) {
        message.removeHeaders("*");
        headers.forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, CONTENT_TYPE);
        byte[] json = json();
        message.setHeader(Exchange.CONTENT_LENGTH, json.length);
        message.setBody(json);
    }

    /** UTF-8. */
    public byte[] json() {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("code", status == 200 ? 0 : -1)
                .put("message", message);
        if (data != null) {
            answer.set("data", data);
        }
        try {
            return JSON.writeValueAsString(answer).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that can't be written", e);
        }
    }
}
