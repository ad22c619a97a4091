package routes.api.trial;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import routes.event.OpsEvent;
import routes.hooks.match.HookIndex;
import routes.hooks.match.HookMatcher.Verdict;
import routes.hooks.match.MatchLimit;
import routes.hooks.spec.EventHook;
import routes.nats.history.Stored;

/**
 * One trial: asks the hook about events in any order, counts, and keeps the newest of those that fire, within a number,
 * a size and a time.
 */
final class Trial {

    private static final int MOST_TEXT = 16 << 20;

    private final HookIndex index;
    private final MatchLimit time;
    private final int limit;
    private final TreeMap<Long, ObjectNode> firing = new TreeMap<>();
    private long examined;
    private long fired;
    private long size;

    /**
     * @param time how long its expressions may take in all
     * @param limit most events that are kept, at least 1
     */
    Trial(EventHook hook, MatchLimit time, int limit) {
        this.index = new HookIndex(List.of(hook));
        this.time = time;
        this.limit = limit;
    }

    /** @throws MatchTooSlowException when the time is up */
    void ask(Stored stored) {
        OpsEvent event = stored.event();
        index.explain(event.subject(), event.text(), time, (hook, asking) -> {
            Verdict verdict = asking.get();
            examined++;
            if (verdict.fires()) {
                fired++;
                keep(stored, event, verdict);
            }
        });
    }

    private void keep(Stored stored, OpsEvent event, Verdict verdict) {
        firing.put(
                stored.sequence(),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("sequence", stored.sequence())
                        .put("id", event.id())
                        .put("subject", event.subject())
                        .put("time", stored.stored().toString())
                        .put("text", event.text())
                        .put("fires", true)
                        .put("why", verdict.why()));
        size += event.text().length();
        while (firing.size() > limit || size > MOST_TEXT && firing.size() > 1) {
            Map.Entry<Long, ObjectNode> oldest = firing.pollFirstEntry();
            size -= oldest.getValue().path("text").textValue().length();
        }
    }

    /** @param complete whether it was asked about all events of the time */
    ObjectNode answer(boolean complete) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("examined", examined)
                .put("fired", fired)
                .put("complete", complete);
        ArrayNode list = answer.putArray("list");
        firing.descendingMap().values().forEach(list::add);
        return answer;
    }
}
