package routes.api.push;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.nats.NatsBus;

/**
 * Operation {@code pushFrom}: what another system sends, as events. All of it is read before the first one is stored.
 */
@Component("pushFrom")
final class PushFrom extends PushOperation {

    /**
     * Of all events of one push together: each repeats what their group has in common, so a small body could make a lot
     * of them.
     */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private final PushSources sources;

    PushFrom(PushSources sources, NatsBus bus) {
        super(bus);
        this.sources = sources;
    }

    @Override
    Push push(ApiRequest request) {
        return new Push(bounded(sources.named(request.path(1)).events(request).iterator()), true);
    }

    private static List<Pushed> bounded(Iterator<Pushed> events) {
        List<Pushed> all = new ArrayList<>();
        long bytes = 0;
        while (events.hasNext()) {
            Pushed next = events.next();
            bytes += next.event().payload().length;
            if (bytes > MAX_BYTES) {
                throw new ApiException(
                        413,
                        "event " + (all.size() + 1) + " of the body brings its events above " + MAX_BYTES
                                + " bytes, and none was stored; send fewer at once (Alertmanager: a finer group_by)");
            }
            all.add(next);
        }
        return all;
    }
}
