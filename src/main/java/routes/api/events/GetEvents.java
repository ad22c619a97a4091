package routes.api.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.api.rest.HistoryOperation;
import routes.nats.history.EventHistory;
import routes.nats.history.HistoryPage;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;
import routes.nats.history.Query;
import routes.nats.history.Stored;

/** Operation {@code getEvents}: events on a pattern, the newest first. */
@Component("getEvents")
final class GetEvents extends HistoryOperation {

    private static final int MOST_SKIPPED = 100_000;

    private final EventHistory history;

    GetEvents(HistoryReads reads, EventHistory history) {
        super(reads);
        this.history = history;
    }

    @Override
    protected Answer answer(ApiRequest request, HistoryRead read) throws IOException {
        String pattern = EventFilter.pattern(request.path(1));
        EventFilter filter = EventFilter.of(request);
        long page = request.query("page", 1, 1, Integer.MAX_VALUE);
        int size = (int) request.query("page_size", 10, 1, 10_000);
        long most = request.query("max_length", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        EventCursor start = request.query("cursor") == null
                ? EventCursor.ofPage(page, size)
                : EventCursor.parse(request.query("cursor"));
        if (start.skip() > MOST_SKIPPED) {
            throw ApiException.bad("page " + page + " is more than " + MOST_SKIPPED
                    + " events away; go on with next_cursor of the answer before as cursor");
        }
        int limit = (int) Math.max(0, Math.min(size, most - start.given() - start.skip()));
        Query query = Query.of(pattern)
                .before(start.before())
                .between(from(request), request.time("to"))
                .skip(start.skip())
                .limit(Math.max(1, limit))
                .by(read)
                .where(filter.isAll() ? null : event -> filter.matches(event.event()));
        ObjectNode data =
                JsonNodeFactory.instance.objectNode().put("page_size", size).put("page", page);
        HistoryPage found = history.newestFirst(query);
        return Answer.ok(fill(data, found, start, limit, most, filter.isAll() && found.exact()));
    }

    private static Instant from(ApiRequest request) {
        Instant from = request.time("from");
        return from == null ? request.time("start_time") : from;
    }

    private static ObjectNode fill(
            ObjectNode data, HistoryPage found, EventCursor start, int limit, long most, boolean all) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Stored event :
                found.events().subList(0, Math.min(limit, found.events().size()))) {
            list.add(EventRow.of(event.event(), event.sequence(), event.stored()));
        }
        long given = start.given() + found.skipped() + list.size();
        boolean more = found.next() > 0 && given < most;
        data.set("list", list.isEmpty() ? null : list);
        return data.put("total", all ? Math.min(most, found.matching()) : more ? given + 1 : given)
                .put("total_exact", all || !more && found.skipped() == start.skip())
                .put(
                        "next_cursor",
                        more ? new EventCursor(found.next(), given, start.skip() - found.skipped()).toString() : null)
                .put("stopped_at", found.stopped() == null ? null : (Long) found.next())
                .put("stopped_by", found.stopped());
    }
}
