package routes.hooks.http.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The body for a xiezuo robot: the event's text itself when it already is a robot message that xiezuo takes, else a
 * text message.
 */
@Component("xiezuoRequest")
public final class XiezuoRequest implements Processor {

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void process(Exchange exchange) {
        String text = exchange.getVariable("text", String.class);
        if (exchange.getVariable("cut", String.class).equals("false") && isRobotMessage(text)) {
            exchange.getMessage().setBody(text);
        } else {
            // the empty markdown is part of what the original sends
            exchange.getMessage()
                    .setBody("{\"msgtype\":\"text\",\"markdown\":{\"text\":\"\"},\"text\":{\"content\":"
                            + exchange.getVariable("messageJson", String.class) + "}}");
        }
    }

    private boolean isRobotMessage(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return false;
        }
        try {
            JsonNode type = json.readTree(text).path("msgtype");
            return type.isTextual() && !type.asText().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
