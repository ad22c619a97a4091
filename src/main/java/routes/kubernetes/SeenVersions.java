package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

    /** The others are gone. */
    void retain(Set<String> uids) {
        versionByUid.keySet().retainAll(uids);
    }
}
