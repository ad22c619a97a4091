package routes.api.push;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import org.springframework.stereotype.Component;
import routes.nats.WireHeaders;

/** The step of route {@code push} that makes one of its events a message for NATS. */
@Component("pushedMessage")
final class PushedMessage implements Processor {

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Pushed pushed = message.getBody(Pushed.class);
        message.setHeader(NatsConstants.NATS_SUBJECT, pushed.event().subject());
        message.setHeader(WireHeaders.MESSAGE_ID, pushed.messageId());
        message.setBody(pushed.event().payload());
    }
}
