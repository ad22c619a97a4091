package routes.hooks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import routes.event.Rfc3339;

/**
 * Address, authorization and body of a document for Elasticsearch: the event's data, and nothing else; with
 * {@code @timestamp} when it is only created and never replaced, as data streams want it.
 */
@Component("elasticsearchRequest")
final class ElasticsearchRequest implements Processor {

    private static final String TIMESTAMP = "@timestamp";

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void process(Exchange exchange) throws IOException {
        ElasticsearchUrl url = new ElasticsearchUrl(
                text(exchange, "url"),
                text(exchange, "index"),
                text(exchange, "id"),
                text(exchange, "dataStream").equals("true"));
        exchange.setVariable("requestUrl", url.at(time(exchange), text(exchange, "deliveryId")));
        // 409 from a document of this very delivery: an attempt before has stored it
        exchange.setVariable(
                "storedWhen409", url.creates() && text(exchange, "id").contains("{delivery}"));
        String user = text(exchange, "username");
        String apiKey = text(exchange, "apiKey");
        if (!apiKey.isEmpty()) {
            exchange.getMessage().setHeader("Authorization", "ApiKey " + apiKey);
        } else if (!user.isEmpty()) {
            exchange.getMessage()
                    .setHeader("Authorization", HookRequest.basic(user + ":" + text(exchange, "password")));
        }
        String data = text(exchange, "data");
        exchange.getMessage().setBody(url.creates() ? stamped(data, exchange) : data);
    }

    /** Written into the text, so that all else stays spelled as it was. */
    private String stamped(String data, Exchange exchange) throws IOException {
        JsonNode document = json.readTree(data);
        if (document.has(TIMESTAMP)) {
            return data;
        }
        OffsetDateTime own = Rfc3339.happened(document.path("eventTime").textValue());
        String time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(own == null ? time(exchange) : own);
        return "{\"" + TIMESTAMP + "\":\"" + time + "\"" + (document.isEmpty() ? "" : ",")
                + data.substring(data.indexOf('{') + 1);
    }

    /** The event's time in its own zone, as the original; the attempt's when the event has none. */
    private static OffsetDateTime time(Exchange exchange) {
        String time = text(exchange, "time");
        return time.isEmpty()
                ? Instant.ofEpochSecond(Long.parseLong(text(exchange, "timestamp")))
                        .atOffset(ZoneOffset.UTC)
                : OffsetDateTime.parse(time);
    }

    private static String text(Exchange exchange, String variable) {
        return exchange.getVariable(variable, "", String.class);
    }
}
