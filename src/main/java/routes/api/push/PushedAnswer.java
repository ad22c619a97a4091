package routes.api.push;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.event.OpsEvent;
import routes.nats.JetStreamProducer;

/**
 * What NATS says of the events of a push, put together; and when it has all of them, the answer. It is the same when
 * they were pushed before.
 */
@Component("pushedAnswer")
final class PushedAnswer implements AggregationStrategy, Processor, MeterBinder {

    private final LongAdder published = new LongAdder();

    private record Stored(Push push, ArrayNode list) {}

    @Override
    public Exchange aggregate(Exchange before, Exchange event, Exchange all) {
        Exchange together = before == null ? event : before;
        Stored stored = before == null
                ? new Stored(all.getMessage().getBody(Push.class), JsonNodeFactory.instance.arrayNode())
                : before.getMessage().getBody(Stored.class);
        stored.list.add(row(stored.push.events().get(stored.list.size()).event(), event));
        together.getMessage().setBody(stored);
        return together;
    }

    @Override
    public Exchange aggregate(Exchange before, Exchange event) {
        throw new UnsupportedOperationException("only beside the push");
    }

    private ObjectNode row(OpsEvent event, Exchange exchange) {
        boolean duplicate = exchange.getMessage().getHeader(JetStreamProducer.DUPLICATE, Boolean.class);
        if (!duplicate) {
            published.increment();
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", event.id())
                .put("subject", event.subject())
                .put("sequence", exchange.getMessage().getHeader(JetStreamProducer.SEQUENCE, Long.class))
                .put("duplicate", duplicate);
    }

    @Override
    public void process(Exchange exchange) {
        Stored stored = exchange.getMessage().getBody() instanceof Stored some
                ? some
                : new Stored(
                        exchange.getMessage().getBody(Push.class), JsonNodeFactory.instance.arrayNode()); // of no event
        Answer.ok(
                        stored.push.batch()
                                ? JsonNodeFactory.instance.objectNode().set("list", stored.list)
                                : stored.list.get(0))
                .into(exchange.getMessage());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("opsbus.events.published", published, LongAdder::sum)
                .description("Operations events stored by NATS, without those it had already")
                .tag("source", "http")
                .register(registry);
    }
}
