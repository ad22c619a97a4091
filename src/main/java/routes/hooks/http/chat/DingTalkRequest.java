package routes.hooks.http.chat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The body for a DingTalk robot and whom it mentions; with a secret the url is signed:
 * {@code &timestamp=<ms>&sign=<Base64 HMAC-SHA256 of "timestamp\nsecret">}.
 */
@Component("dingtalkRequest")
public final class DingTalkRequest implements Processor {

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage()
                .setBody("{\"msgtype\":\"text\",\"text\":{\"content\":"
                        + exchange.getVariable("messageJson", String.class) + "}" + at(exchange) + "}");
        String secret = exchange.getVariable("secret", String.class);
        if (secret.isEmpty()) {
            return;
        }
        String timestamp = exchange.getVariable("timestamp", String.class) + "000";
        String sign = Signature.base64(secret, timestamp + "\n" + secret);
        String url = exchange.getVariable("url", String.class);
        exchange.setVariable(
                "requestUrl",
                url + (url.contains("?") ? "&" : "?") + "timestamp=" + timestamp + "&sign="
                        + URLEncoder.encode(sign, StandardCharsets.UTF_8));
    }

    private static String at(Exchange exchange) {
        List<String> members = new ArrayList<>();
        members.addAll(MentionList.member("atMobiles", exchange.getVariable("atMobiles", "", String.class)));
        members.addAll(MentionList.member("atUserIds", exchange.getVariable("atUserIds", "", String.class)));
        if (exchange.getVariable("isAtAll", "", String.class).equals("true")) {
            members.add("\"isAtAll\":true");
        }
        return members.isEmpty() ? "" : ",\"at\":{" + String.join(",", members) + "}";
    }
}
