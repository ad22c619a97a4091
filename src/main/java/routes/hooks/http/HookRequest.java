package routes.hooks.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import routes.nats.WireHeaders;
import routes.net.HttpUrl;

/**
 * The address and the headers of a hook's request, for route http-post. The address is the variable {@code requestUrl}
 * when a type computed one, else {@code url}; variables {@code header.NAME} are headers that the hook's author adds.
 */
@Component("hookRequest")
final class HookRequest implements Processor {

    private static final String HEADER = "header.";

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        HttpUrl url = url(exchange);
        exchange.getVariables().forEach((name, value) -> {
            if (name.startsWith(HEADER)) {
                message.setHeader(name.substring(HEADER.length()), value);
            }
        });
        if (url.userInfo() != null && message.getHeader("Authorization") == null) {
            message.setHeader("Authorization", basic(url.userInfo()));
        }
        Call.write(message, url, Author.of(exchange), exchange.getVariable("proxy", "", String.class));
        // Standard Webhooks: the id stays the same over all attempts, the timestamp is the attempt's
        set(message, "webhook-id", exchange, "deliveryId");
        set(message, "webhook-timestamp", exchange, "timestamp");
        set(message, "Opsbus-Hook", exchange, "hook");
        set(message, "Opsbus-Subject", exchange, "subject");
        set(message, "Opsbus-Attempt", exchange, "attempt");
        // as bytes, so that no step adds a charset to the content type or picks one of its own
        message.setBody(message.getBody(String.class).getBytes(StandardCharsets.UTF_8));
    }

    static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpUrl url(Exchange exchange) {
        String url = exchange.getVariable("requestUrl", String.class);
        if (url == null) {
            url = exchange.getVariable("url", "", String.class);
        }
        try {
            return HttpUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new BadUrlException("the url " + e.getMessage());
        }
    }

    private static void set(Message message, String header, Exchange exchange, String variable) {
        message.setHeader(header, WireHeaders.encode(exchange.getVariable(variable, "", String.class)));
    }
}
