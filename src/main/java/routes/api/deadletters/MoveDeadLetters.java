package routes.api.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.Principal;
import routes.api.rest.Answer;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;
import routes.hooks.delivery.DeadLetterChoice;
import routes.hooks.delivery.DeadLetters.Outcome;

/**
 * An operation on chosen dead letters. The answer says how many it met, which stay and why, and where to go on when
 * time was up.
 */
abstract class MoveDeadLetters extends ApiOperation {

    abstract Outcome move(DeadLetterChoice choice, long before, String who) throws IOException;

    @Override
    protected final Answer answer(ApiRequest request) throws IOException {
        JsonNode body = request.json();
        Principal who = request.servletRequest().getUserPrincipal();
        Outcome outcome =
                move(ChoiceReader.read(body), ChoiceReader.before(body), who == null ? "anyone" : who.getName());
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("count", outcome.count());
        ArrayNode skipped = data.putArray("skipped");
        outcome.skipped()
                .forEach(one ->
                        skipped.addObject().put("sequence", one.sequence()).put("why", one.why()));
        return Answer.ok(data.put("skipped_total", outcome.skippedTotal())
                .put("complete", outcome.next() == 0)
                .put("next", outcome.next() == 0 ? null : (Long) outcome.next()));
    }
}
