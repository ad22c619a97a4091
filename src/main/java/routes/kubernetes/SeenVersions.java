package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The resourceVersion that was last handed on of each event the API server still has. A new list shows all of them
 * again; without this a queue smaller than the list would be filled by the same ones for ever.
 */
final class SeenVersions {

    private final Map<String, String> versionByUid = new ConcurrentHashMap<>();

    boolean contains(Event event) {
        return event.getMetadata()
                .getResourceVersion()
                .equals(versionByUid.get(event.getMetadata().getUid()));
    }

    void add(Event event) {
        versionByUid.put(event.getMetadata().getUid(), event.getMetadata().getResourceVersion());
    }

    void remove(Event event) {
        versionByUid.remove(event.getMetadata().getUid());
    }

    /** @param uids asked for after a look at what is known, so that what comes in between is kept */
    void retain(Supplier<Collection<String>> uids) {
        Set<String> gone = new HashSet<>(versionByUid.keySet());
        gone.removeAll(new HashSet<>(uids.get()));
        versionByUid.keySet().removeAll(gone);
    }

    int size() {
        return versionByUid.size();
    }
}
