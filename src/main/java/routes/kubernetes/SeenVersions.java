package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Which versions of events were handed on, so that what a new list shows again is not handed on again. The versions of
 * a resource are numbers that grow, and a watch tells them in order: behind a list that was read to its end, the last
 * one says it all, however many events there are. Of a list that has not ended yet, what it showed is kept by uid, or
 * one that is broken off again and again would come to nothing. Where versions are no numbers, events are handed on
 * again, and NATS drops them.
 */
final class SeenVersions {

    private static final long NONE = -1;
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

    private final Map<String, String> listed = new ConcurrentHashMap<>();
    private volatile long upTo = NONE;

    boolean contains(Event event) {
        String version = event.getMetadata().getResourceVersion();
        long number = number(version);
        return number != NONE && number <= upTo
                || version.equals(listed.get(event.getMetadata().getUid()));
    }

    /** A list begins. One of before what was seen is of an API server that was set back, whose versions come again. */
    void listing(String version) {
        if (number(version) < upTo) {
            upTo = NONE;
        }
    }

    void listed(Event event) {
        listed.put(event.getMetadata().getUid(), event.getMetadata().getResourceVersion());
    }

    /** The list of this version was handed on to its end. */
    void listedAll(String version) {
        upTo = number(version);
        listed.clear();
    }

    /** By a watch that goes on from the list; from one without a version it tells what there is in any order. */
    void watched(Event event) {
        if (upTo != NONE) {
            upTo = Math.max(upTo, number(event.getMetadata().getResourceVersion()));
        }
    }

    /** Events that are kept one by one. */
    int kept() {
        return listed.size();
    }

    private static long number(String version) {
        return version != null && NUMBER.matcher(version).matches() ? Long.parseLong(version) : NONE;
    }
}
