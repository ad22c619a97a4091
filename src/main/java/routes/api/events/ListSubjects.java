package routes.api.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import routes.api.rest.Answer;
import routes.api.rest.ApiRequest;
import routes.api.rest.HistoryOperation;
import routes.nats.history.EventHistory;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;

/** Operation {@code listSubjects}: the subjects on which there are events. */
@Component("listSubjects")
final class ListSubjects extends HistoryOperation {

    private final EventHistory history;

    ListSubjects(HistoryReads reads, EventHistory history) {
        super(reads);
        this.history = history;
    }

    @Override
    protected Answer answer(ApiRequest request, HistoryRead read) throws IOException {
        String search = request.query("search");
        long page = request.query("page", 1, 1, Integer.MAX_VALUE);
        long size = request.query("page_size", 10, 1, 10_000);
        List<String> subjects = history.subjects(search == null ? "" : search.toLowerCase(Locale.ROOT), read);
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        subjects.stream().skip((page - 1) * size).limit(size).forEach(list::add);
        ObjectNode data =
                JsonNodeFactory.instance.objectNode().put("page_size", size).put("page", page);
        data.set("list", list.isEmpty() ? null : list);
        return Answer.ok(
                data.put("total", subjects.size()).put("total_exact", true).putNull("next_cursor"));
    }
}
