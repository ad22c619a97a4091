package routes.hooks.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

import routes.nats.WireHeaders;

/**
 * The address and the headers of a hook's request, for route http-post. The address is the variable {@code requestUrl}
 * when a type computed one, else {@code url}.
 */
@Component("hookRequest")
final class HookRequest implements Processor {

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        URI url = url(exchange);
        if (url.getRawUserInfo() != null && message.getHeader("Authorization") == null) {
            message.setHeader("Authorization", basic(url.getUserInfo()));
        }
        message.setHeader(Exchange.HTTP_URI, withoutUserInfo(url));
        message.setHeader(ExactTarget.HEADER, target(url));
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

    private static URI url(Exchange exchange) {
        String url = exchange.getVariable("requestUrl", String.class);
        if (url == null) {
            url = exchange.getVariable("url", "", String.class);
        }
        try {
            URI uri = new URI(url);
            if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
                throw new BadUrlException("the url must start with http:// or https://");
            }
            if (uri.getHost() == null || uri.getPort() > 65535) {
                throw new BadUrlException("the url has no valid host or port");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new BadUrlException(e.getReason() + " at position " + e.getIndex() + " of the url");
        }
    }

    /** HttpClient refuses {@code http://user:password@host}; Go's client, the original's, sends it as basic auth. */
    private static String withoutUserInfo(URI url) {
        String text = url.toASCIIString();
        int fragment = text.indexOf('#');
        if (fragment >= 0) {
            text = text.substring(0, fragment);
        }
        return url.getRawUserInfo() == null ? text : text.replaceFirst("//[^/?#]*@", "//");
    }

    private static String target(URI url) {
        URI ascii = URI.create(url.toASCIIString());
        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }

    private static void set(Message message, String header, Exchange exchange, String variable) {
        message.setHeader(header, WireHeaders.encode(exchange.getVariable(variable, "", String.class)));
    }
}
