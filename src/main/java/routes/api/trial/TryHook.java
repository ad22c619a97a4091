package routes.api.trial;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.api.rest.HistoryOperation;
import routes.event.Subject;
import routes.hooks.match.MatchTooSlowException;
import routes.hooks.match.MeteredMatching;
import routes.hooks.spec.EventHook;
import routes.nats.history.EventHistory;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;
import routes.nats.history.Query;

/** Operation {@code tryHook}: which of the last events a hook with this subject and these keywords would have got. */
@Component("tryHook")
final class TryHook extends HistoryOperation {

    private static final Set<String> MEMBERS = new TreeSet<>(Set.of("subject", "keywords", "minutes", "limit"));
    private static final String ALL = ">";
    private static final int AN_HOUR = 60;
    private static final int A_DAY = 24 * AN_HOUR;
    private static final int LIMIT = 100;
    private static final int MOST = 1_000;
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final EventHistory history;
    private final TrialHook hooks = new TrialHook();

    TryHook(HistoryReads reads, EventHistory history) {
        super(reads);
        this.history = history;
    }

    @Override
    protected Answer answer(ApiRequest request, HistoryRead read) throws IOException {
        JsonNode body = request.json();
        if (!body.isObject()) {
            throw ApiException.bad(
                    "the body is no JSON object; send {\"subject\": …, \"keywords\": {…}, \"minutes\": 60}");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw ApiException.bad("\"" + name + "\" is unknown here; there are " + String.join(", ", MEMBERS));
            }
        });
        EventHook hook = hooks.read(body.path("subject"), body.path("keywords"));
        int minutes = number(body, "minutes", AN_HOUR, A_DAY);
        Trial trial = new Trial(hook, MeteredMatching.within(LONGEST), number(body, "limit", LIMIT, MOST));
        return Answer.ok(trial.answer(run(trial, hook.subject(), minutes, read)));
    }

    /** @return whether all events of the time were asked about */
    private boolean run(Trial trial, String subject, int minutes, HistoryRead read) throws IOException {
        // JetStream filters only by what lies within the stream's own subjects
        String pattern = Subject.isOps(subject) && !subject.equals("ops.>") ? subject : ALL;
        Query query = Query.of(pattern)
                .between(Instant.now().minus(Duration.ofMinutes(minutes)), null)
                .within(LONGEST)
                .by(read)
                .where(stored -> {
                    trial.ask(stored);
                    return false; // the trial keeps what it needs
                });
        try {
            return history.newestFirst(query).next() == 0;
        } catch (MatchTooSlowException e) {
            return false;
        }
    }

    private static int number(JsonNode body, String name, int absent, int most) {
        JsonNode written = body.path(name);
        if (written.isMissingNode() || written.isNull()) {
            return absent;
        }
        if (!written.isIntegralNumber()
                || !written.canConvertToInt()
                || written.intValue() < 1
                || written.intValue() > most) {
            throw ApiException.bad(name + " is " + written + "; write a whole number from 1 to " + most);
        }
        return written.intValue();
    }
}
