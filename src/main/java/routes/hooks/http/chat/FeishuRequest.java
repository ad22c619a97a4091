package routes.hooks.http.chat;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The body for a Feishu (Lark) robot; with a secret it carries {@code timestamp} (seconds) and {@code sign}, the Base64
 * HMAC-SHA256 of nothing with the key "timestamp\nsecret".
 */
@Component("feishuRequest")
public final class FeishuRequest implements Processor {

    @Override
    public void process(Exchange exchange) {
        String signed = "";
        String secret = exchange.getVariable("secret", String.class);
        if (!secret.isEmpty()) {
            String timestamp = exchange.getVariable("timestamp", String.class);
            signed = "\"timestamp\":\"" + timestamp + "\",\"sign\":\"" + Signature.base64(timestamp + "\n" + secret, "")
                    + "\",";
        }
        exchange.getMessage()
                .setBody("{" + signed + "\"msg_type\":\"text\",\"content\":{\"text\":"
                        + exchange.getVariable("messageJson", String.class) + "}}");
    }
}
