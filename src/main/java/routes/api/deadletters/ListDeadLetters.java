package routes.api.deadletters;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.api.rest.HistoryOperation;
import routes.api.security.Caller;
import routes.hooks.delivery.DeadLetter;
import routes.hooks.delivery.DeadLetterChoice;
import routes.hooks.delivery.DeadLetters;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;

/** Operation {@code listDeadLetters}: a page of them, the newest first. */
@Component("listDeadLetters")
final class ListDeadLetters extends HistoryOperation {

    private static final int PAGE_SIZE = 10;
    private static final int MOST = 10_000;
    private static final int DEEPEST = 1_000_000;

    private final DeadLetters letters;

    ListDeadLetters(HistoryReads reads, DeadLetters letters) {
        super(reads);
        this.letters = letters;
    }

    @Override
    protected Answer answer(ApiRequest request, HistoryRead read) throws IOException {
        DeadLetterChoice choice =
                ChoiceReader.choice(null, request.query("hook"), request.query("reason"), request.query("event"));
        int size = (int) request.query("page_size", PAGE_SIZE, 1, MOST);
        long cursor = request.query("cursor", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        long page = cursor == Long.MAX_VALUE ? request.query("page", 1, 1, Integer.MAX_VALUE) : 1;
        long skip = (page - 1) * size;
        if (skip > DEEPEST) {
            throw ApiException.bad("page " + page + " is more than " + DEEPEST
                    + " dead letters away; page on with cursor, which has no such end");
        }
        DeadLetters.Page found = letters.list(choice, cursor, (int) skip, size, read);
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("page_size", size)
                .put("page", page)
                .put("total", found.total())
                .put("total_exact", found.totalExact())
                .put("next_cursor", found.next() == 0 ? null : Long.toString(found.next()))
                .put("stopped_at", found.stopped() == null ? null : (Long) found.next())
                .put("stopped_by", found.stopped());
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        boolean toOperator = Caller.isOperator(request.servletRequest());
        found.list().forEach(letter -> list.add(row(letter, toOperator)));
        data.set("list", list.isEmpty() ? JsonNodeFactory.instance.nullNode() : list);
        return Answer.ok(data);
    }

    private static ObjectNode row(DeadLetter letter, boolean toOperator) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("sequence", letter.sequence())
                .put("hook", letter.hook())
                .put("event", letter.event())
                .put("subject", letter.subject())
                .put("reason", letter.reason())
                .put("status", letter.status() == 0 ? null : (Integer) letter.status())
                .put("detail", toOperator ? letter.detail() : letter.detailForReaders())
                .put("attempts", letter.attempts())
                .put("time", letter.time().toString())
                .put("text", letter.text());
    }
}
