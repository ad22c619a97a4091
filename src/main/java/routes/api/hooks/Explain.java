package routes.api.hooks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;
import routes.api.events.EventRow;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.api.rest.HistoryOperation;
import routes.api.security.Caller;
import routes.hooks.Explained;
import routes.hooks.Explanations;
import routes.hooks.delivery.Attempt;
import routes.nats.history.EventFinder;
import routes.nats.history.EventFinder.Found;
import routes.nats.history.EventHistory;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;
import routes.nats.history.Stored;

/** Operation {@code explain}: finds the event, and says what became of it at each hook. */
@Component("explain")
public final class Explain extends HistoryOperation {

    private static final Duration AT_MOST = Duration.ofSeconds(15);

    private final EventHistory events;
    private final EventFinder finder;
    private final Explanations explanations;

    Explain(HistoryReads reads, EventHistory events, EventFinder finder, Explanations explanations) {
        super(reads);
        this.events = events;
        this.finder = finder;
        this.explanations = explanations;
    }

    @Override
    protected Answer answer(ApiRequest request, HistoryRead read) throws IOException, InterruptedException {
        String id = request.query("event");
        if (id == null) {
            throw ApiException.bad(
                    "query parameter event is missing; write the event's id, as ?event=… with its slashes as they are");
        }
        long sequence = request.query("sequence", 0, 1, Long.MAX_VALUE);
        Stored found = atSequence(id, sequence).orElse(null);
        found = found != null ? found : search(id, read);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("event", EventRow.of(found.event(), found.sequence(), found.stored()));
        ArrayNode hooks = data.putArray("hooks");
        boolean toOperator = Caller.isOperator(request.servletRequest());
        explanations.explain(found, read).forEach(hook -> hooks.add(row(hook, toOperator)));
        return Answer.ok(data);
    }

    private Optional<Stored> atSequence(String id, long sequence) throws IOException {
        return sequence == 0 ? Optional.empty() : events.at(sequence).filter(event -> has(event, id));
    }

    private Stored search(String id, HistoryRead read) throws IOException, InterruptedException {
        Found found = finder.find(id, AT_MOST, read);
        if (found.event() != null) {
            return found.event();
        }
        if (found.next() > 0) {
            throw ApiException.notFound("event " + id + " is not among the newest of stream ops, from sequence "
                    + found.next() + " on, which is as far as " + found.stopped()
                    + " reached; give its sequence too, as &sequence=…");
        }
        throw ApiException.notFound("there is no event " + id + " in stream ops" + found.reach());
    }

    /** By the CloudEvent's id, or by the message's where an event got it from an Idempotency-Key. */
    private static boolean has(Stored event, String id) {
        return id.equals(event.messageId()) || id.equals(event.event().id());
    }

    private static ObjectNode row(Explained hook, boolean toOperator) {
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("hook", hook.hook())
                .put("type", hook.type())
                .put("fires", hook.fires())
                .put("why", hook.why())
                .put("target", hook.target())
                .put("state", hook.state().name().toLowerCase(Locale.ROOT))
                .put("published", hook.published());
        ArrayNode attempts = row.putArray("attempts");
        hook.attempts().forEach(attempt -> attempts.add(row(attempt, toOperator)));
        return row;
    }

    private static ObjectNode row(Attempt attempt, boolean toOperator) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("attempt", attempt.number())
                .put("time", attempt.at().toString())
                .put("outcome", attempt.outcome())
                .put("status", attempt.status() == 0 ? null : attempt.status())
                .put("detail", toOperator ? attempt.detail() : attempt.detailForReaders())
                .put("millis", attempt.millis())
                .put("replica", attempt.replica());
    }
}
