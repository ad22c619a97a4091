package routes.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import routes.event.OpsEvent;

/** One JSON object a line: {@code hook, file, event, fires, why, target, body}. */
record JsonAnswers(PrintWriter out) implements Answers {

    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public void write(OpsEvent event, List<Line> lines) {
        for (Line line : lines) {
            ObjectNode object = JsonNodeFactory.instance
                    .objectNode()
                    .put("hook", line.hook().id())
                    .put("file", line.hook().origin().source())
                    .put("event", event.id())
                    .put("fires", line.answer().fires())
                    .put("why", line.answer().why())
                    .put("target", line.answer().target())
                    .put("body", line.answer().body());
            out.print(json(object) + "\n");
        }
    }

    private static String json(ObjectNode object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }
}
