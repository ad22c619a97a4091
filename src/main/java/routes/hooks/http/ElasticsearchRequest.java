package routes.hooks.http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Address, basic auth and body of a document for Elasticsearch: the event's data, and nothing else. */
@Component("elasticsearchRequest")
final class ElasticsearchRequest implements Processor {

    @Override
    public void process(Exchange exchange) {
        ElasticsearchUrl url = new ElasticsearchUrl(text(exchange, "url"), text(exchange, "index"), text(exchange, "id"));
        exchange.setVariable("requestUrl", url.at(time(exchange), text(exchange, "deliveryId")));
        String user = text(exchange, "username");
        if (!user.isEmpty()) {
            exchange.getMessage().setHeader("Authorization", HookRequest.basic(user + ":" + text(exchange, "password")));
        }
        exchange.getMessage().setBody(text(exchange, "data"));
    }

    /** The event's time in its own zone, as the original; the attempt's when the event has none. */
    private static OffsetDateTime time(Exchange exchange) {
        String time = text(exchange, "time");
        return time.isEmpty()
                ? Instant.ofEpochSecond(Long.parseLong(text(exchange, "timestamp"))).atOffset(ZoneOffset.UTC)
                : OffsetDateTime.parse(time);
    }

    private static String text(Exchange exchange, String variable) {
        return exchange.getVariable(variable, "", String.class);
    }
}
