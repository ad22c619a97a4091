package routes.api.push;

import java.util.List;

/**
 * What one request pushes.
 *
 * @param batch whether it is a list, of one perhaps, and is answered by one
 */
record Push(List<Pushed> events, boolean batch) {

    /** What errors call one of the events. */
    String name(int index) {
        return batch && events.size() > 1 ? element(index) : "the event";
    }

    static String element(int index) {
        return "element " + index + " of the batch";
    }
}
