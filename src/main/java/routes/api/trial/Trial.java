package routes.api.trial;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import routes.event.OpsEvent;
import routes.hooks.HookMatcher;
import routes.hooks.HookMatcher.Verdict;
import routes.nats.EventHistory.Stored;

/** One trial: asks the matcher about events in any order, counts, and keeps the newest of those that fire, within a number and a size. */
final class Trial {

    private static final int MOST_TEXT = 16 << 20;

    private final HookMatcher matcher;
    private final int limit;
    private final TreeMap<Long, ObjectNode> firing = new TreeMap<>();
    private long examined;
    private long fired;
    private long size;

    /** @param limit most events that are kept, at least 1 */
    Trial(HookMatcher matcher, int limit) {
        this.matcher = matcher;
        this.limit = limit;
    }

    void ask(Stored stored) {
        OpsEvent event = stored.event();
        Verdict verdict = matcher.decide(event.subject(), event.text());
        examined++;
        if (verdict.fires()) {
            fired++;
            keep(stored, event, verdict);
        }
    }

    private void keep(Stored stored, OpsEvent event, Verdict verdict) {
        firing.put(stored.sequence(), JsonNodeFactory.instance.objectNode().put("sequence", stored.sequence()).put("id", event.id()).put("subject", event.subject())
                .put("time", stored.stored().toString()).put("text", event.text()).put("fires", true).put("why", verdict.why()));
        size += event.text().length();
        while (firing.size() > limit || size > MOST_TEXT && firing.size() > 1) {
            Map.Entry<Long, ObjectNode> oldest = firing.pollFirstEntry();
            size -= oldest.getValue().path("text").textValue().length();
        }
    }

    /** @param complete whether it was asked about all events of the time */
    ObjectNode answer(boolean complete) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("examined", examined).put("fired", fired).put("complete", complete);
        ArrayNode list = answer.putArray("list");
        firing.descendingMap().values().forEach(list::add);
        return answer;
    }
}
