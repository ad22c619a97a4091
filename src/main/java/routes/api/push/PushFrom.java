package routes.api.push;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.api.events.PushedEvents;
import routes.api.events.PushedEvents.Pushed;
import routes.api.rest.Answer;
import routes.api.rest.ApiException;
import routes.api.rest.ApiOperation;
import routes.api.rest.ApiRequest;

/** Operation {@code pushFrom}: what another system sends, as events. All of it is read before the first one is stored. */
@Component("pushFrom")
final class PushFrom extends ApiOperation {

    /** Of all events of one push together: each repeats what their group has in common, so a small body could make a lot of them. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    /** Events that are stored together: less than {@link PushedEvents} takes, and than the client's queue holds. */
    private static final int AT_ONCE = 500;

    private final PushSources sources;
    private final PushedEvents pushed;

    PushFrom(PushSources sources, PushedEvents pushed) {
        this.sources = sources;
        this.pushed = pushed;
    }

    @Override
    protected Answer answer(ApiRequest request) throws IOException {
        List<Pushed> all = bounded(sources.named(request.path(1)).events(request).iterator());
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            pushed.store(all.subList(from, Math.min(from + AT_ONCE, all.size())), true).data().path("list").forEach(list::add);
        }
        return Answer.ok(JsonNodeFactory.instance.objectNode().set("list", list));
    }

    private static List<Pushed> bounded(Iterator<Pushed> events) {
        List<Pushed> all = new ArrayList<>();
        long bytes = 0;
        while (events.hasNext()) {
            Pushed next = events.next();
            bytes += next.event().payload().length;
            if (bytes > MAX_BYTES) {
                throw new ApiException(413, "event " + (all.size() + 1) + " of the body brings its events above " + MAX_BYTES
                        + " bytes, and none was stored; send fewer at once (Alertmanager: a finer group_by)");
            }
            all.add(next);
        }
        return all;
    }
}
