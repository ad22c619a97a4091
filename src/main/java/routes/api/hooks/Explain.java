package routes.api.hooks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;
import routes.api.events.EventRow;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;
import routes.hooks.Attempt;
import routes.hooks.Explained;
import routes.hooks.Explanations;
import routes.nats.EventHistory;
import routes.nats.EventHistory.Page;
import routes.nats.EventHistory.Query;
import routes.nats.EventHistory.Stored;
import routes.nats.NatsBus;
import routes.nats.Streams;

/** Operation {@code explain}: finds the event, and says what became of it at each hook. */
@Component("explain")
public final class Explain extends ApiOperation {

    private static final Duration AT_MOST = Duration.ofSeconds(15);

    private final EventHistory events;
    private final Explanations explanations;
    private final NatsBus bus;

    public Explain(EventHistory events, Explanations explanations, NatsBus bus) {
        this.events = events;
        this.explanations = explanations;
        this.bus = bus;
    }

    @Override
    protected Answer answer(ApiRequest request) throws IOException {
        String id = request.query("event");
        if (id == null) {
            throw ApiException.bad("query parameter event is missing; write the event's id, as ?event=… with its slashes as they are");
        }
        long sequence = request.query("sequence", 0, 1, Long.MAX_VALUE);
        Stored found = atSequence(id, sequence).orElse(null);
        found = found != null ? found : search(id);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("event", EventRow.of(found.event(), found.sequence(), found.stored()));
        ArrayNode hooks = data.putArray("hooks");
        explanations.explain(found).forEach(hook -> hooks.add(row(hook)));
        return Answer.ok(data);
    }

    private Optional<Stored> atSequence(String id, long sequence) throws IOException {
        return sequence == 0 ? Optional.empty() : events.at(sequence).filter(event -> has(event, id));
    }

    private Stored search(String id) throws IOException {
        Page page = events.newestFirst(Query.of(">").limit(1).within(AT_MOST).where(event -> has(event, id)));
        if (!page.events().isEmpty()) {
            return page.events().get(0);
        }
        if (page.next() > 0) {
            throw ApiException.notFound("event " + id + " is not among the newest of stream ops, from sequence " + page.next() + " on, which is as far as "
                    + AT_MOST.toSeconds() + " s reached; give its sequence too, as &sequence=…");
        }
        throw ApiException.notFound("there is no event " + id + " in stream ops" + reach());
    }

    /** By the CloudEvent's id, or by the message's where an event got it from an Idempotency-Key. */
    private static boolean has(Stored event, String id) {
        return id.equals(event.messageId()) || id.equals(event.event().id());
    }

    private String reach() throws IOException {
        try {
            StreamState state = bus.management().getStreamInfo(Streams.OPS).getStreamState();
            return state.getMsgCount() == 0 ? ", which is empty" : ", which reaches back to " + state.getFirstTime().toInstant() + "; older events are gone";
        } catch (JetStreamApiException e) {
            throw new IOException("stream ops can't be read: " + e.getErrorDescription(), e);
        }
    }

    private static ObjectNode row(Explained hook) {
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("hook", hook.hook()).put("type", hook.type()).put("fires", hook.fires()).put("why", hook.why())
                .put("target", hook.target()).put("state", hook.state().name().toLowerCase(Locale.ROOT));
        ArrayNode attempts = row.putArray("attempts");
        hook.attempts().forEach(attempt -> attempts.add(row(attempt)));
        return row;
    }

    private static ObjectNode row(Attempt attempt) {
        return JsonNodeFactory.instance.objectNode().put("attempt", attempt.number()).put("time", attempt.at().toString()).put("outcome", attempt.outcome())
                .put("status", attempt.status() == 0 ? null : attempt.status()).put("detail", attempt.detail()).put("millis", attempt.millis())
                .put("replica", attempt.replica());
    }
}
