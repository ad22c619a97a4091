package routes.hooks.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The body for a Feishu (Lark) robot; with a secret it carries {@code timestamp} (seconds) and {@code sign}, the Base64
 * HMAC-SHA256 of nothing with the key "timestamp\nsecret".
 */
@Component("feishuRequest")
final class FeishuRequest implements Processor {

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void process(Exchange exchange) {
        ObjectNode body = json.createObjectNode();
        String secret = exchange.getVariable("secret", String.class);
        if (!secret.isEmpty()) {
            String timestamp = exchange.getVariable("timestamp", String.class);
            body.put("timestamp", timestamp).put("sign", Signature.base64(timestamp + "\n" + secret, ""));
        }
        body.put("msg_type", "text").putObject("content").put("text", plain(exchange.getVariable("message", String.class)));
        exchange.getMessage().setBody(body.toString());
    }

    /** Feishu reads {@code <at user_id="all">} in a text as a mention, and a pod's message may not wake everybody. */
    private static String plain(String message) {
        return message.replace("<at", "＜at");
    }
}
