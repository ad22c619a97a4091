package routes.api.push;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.support.DefaultMessage;
import org.springframework.stereotype.Component;
import routes.nats.WireHeaders;

/** The step of route {@code push} that makes its events messages for NATS; the push itself becomes a property. */
@Component("pushedMessages")
final class PushedMessages implements Processor {

    private static final String PUSH = "push";

    /** What the messages were made of. */
    static Push push(Exchange exchange) {
        return exchange.getProperty(PUSH, Push.class);
    }

    @Override
    public void process(Exchange exchange) {
        Push push = exchange.getMessage().getBody(Push.class);
        exchange.setProperty(PUSH, push);
        exchange.getMessage()
                .setBody(push.events().stream()
                        .map(pushed -> message(exchange, pushed))
                        .toList());
    }

    private static Message message(Exchange exchange, Pushed pushed) {
        Message message = new DefaultMessage(exchange);
        message.setHeader(NatsConstants.NATS_SUBJECT, pushed.event().subject());
        message.setHeader(WireHeaders.MESSAGE_ID, pushed.messageId());
        message.setBody(pushed.event().payload());
        return message;
    }
}
