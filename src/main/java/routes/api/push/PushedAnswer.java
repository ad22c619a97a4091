package routes.api.push;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.event.OpsEvent;
import routes.nats.JetStreamProducer;

/** The step of route {@code push} when NATS has all of its events: the same when they were pushed before. */
@Component("pushedAnswer")
final class PushedAnswer implements Processor, MeterBinder {

    private final LongAdder published = new LongAdder();

    @Override
    public void process(Exchange exchange) {
        Push push = PushedMessages.push(exchange);
        List<?> messages = exchange.getMessage().getBody(List.class);
        ArrayNode rows = JsonNodeFactory.instance.arrayNode(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            rows.add(row(push.events().get(i).event(), (Message) messages.get(i)));
        }
        countStored(messages);
        Answer.ok(push.batch() ? JsonNodeFactory.instance.objectNode().set("list", rows) : rows.get(0))
                .into(exchange.getMessage());
    }

    private static ObjectNode row(OpsEvent event, Message stored) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", event.id())
                .put("subject", event.subject())
                .put("sequence", (long) stored.getHeader(JetStreamProducer.SEQUENCE))
                .put("duplicate", isDuplicate(stored));
    }

    private static boolean isDuplicate(Message stored) {
        return (boolean) stored.getHeader(JetStreamProducer.DUPLICATE);
    }

    static boolean isStored(Message message) {
        return message.getHeader(JetStreamProducer.SEQUENCE) != null;
    }

    /** How many of them NATS has, of whatever push; and counts those that it did not have before. */
    int countStored(List<?> messages) {
        int stored = 0;
        for (Object each : messages) {
            Message message = (Message) each;
            if (isStored(message)) {
                stored++;
                if (!isDuplicate(message)) {
                    published.increment();
                }
            }
        }
        return stored;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("opsbus.events.published", published, LongAdder::sum)
                .description("Operations events stored by NATS, without those it had already")
                .tag("source", "http")
                .register(registry);
    }
}
