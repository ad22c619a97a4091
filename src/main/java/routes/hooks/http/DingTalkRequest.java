package routes.hooks.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Signs a DingTalk robot's url: {@code &timestamp=<ms>&sign=<Base64 HMAC-SHA256 of "timestamp\nsecret">}. */
@Component("dingtalkRequest")
final class DingTalkRequest implements Processor {

    @Override
    public void process(Exchange exchange) {
        String secret = exchange.getVariable("secret", String.class);
        if (secret.isEmpty()) {
            return;
        }
        String timestamp = exchange.getVariable("timestamp", String.class) + "000";
        String sign = Signature.base64(secret, timestamp + "\n" + secret);
        String url = exchange.getVariable("url", String.class);
        exchange.setVariable("requestUrl", url + (url.contains("?") ? "&" : "?") + "timestamp=" + timestamp
                + "&sign=" + URLEncoder.encode(sign, StandardCharsets.UTF_8));
    }
}
