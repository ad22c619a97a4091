package routes.hooks.http.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import routes.hooks.http.ChatRefusedException;

/**
 * Chat APIs say 200 whatever happened and put the truth in the body: {@code errcode} (DingTalk, WeCom), {@code code} or
 * {@code StatusCode} (Feishu), zero when delivered. An answer without such a number counts as delivered.
 */
@Component("chatAnswer")
public final class ChatAnswer implements Processor {

    private static final List<String> CODES = List.of("errcode", "code", "StatusCode");
    private static final List<String> MESSAGES = List.of("errmsg", "msg", "StatusMessage", "message");

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void process(Exchange exchange) throws ChatRefusedException {
        JsonNode answer = read(exchange.getMessage().getBody(byte[].class));
        for (String name : CODES) {
            JsonNode code = answer.path(name);
            if (code.isNumber() && code.decimalValue().signum() != 0) {
                throw new ChatRefusedException(code.asText(), message(answer));
            }
        }
    }

    private JsonNode read(byte[] body) {
        try {
            return body == null ? json.missingNode() : json.readTree(body);
        } catch (IOException e) {
            return json.missingNode();
        }
    }

    private static String message(JsonNode answer) {
        return MESSAGES.stream()
                .map(name -> answer.path(name).asText(""))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("no message");
    }
}
