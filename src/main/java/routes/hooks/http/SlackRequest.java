package routes.hooks.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** The body for a Slack incoming webhook; its three control characters are escaped, so no message can mention or link. */
@Component("slackRequest")
final class SlackRequest implements Processor {

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void process(Exchange exchange) {
        String text = exchange.getVariable("message", String.class)
                .replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        exchange.getMessage().setBody(json.createObjectNode().put("text", text).toString());
    }
}
