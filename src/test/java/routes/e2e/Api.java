package routes.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;

/** What the HTTP API of an opsbus process says of hooks. */
final class Api {

    private final OpsbusProcess opsbus;

    Api(OpsbusProcess opsbus) {
        this.opsbus = opsbus;
    }

    OpsbusProcess.Answer get(String path) throws InterruptedException {
        return opsbus.get(path);
    }

    OpsbusProcess.Answer post(String path) throws InterruptedException {
        return opsbus.post(path, "");
    }

    /** As {@code GET /api/v1/hooks} lists it, a missing node when it does not. */
    JsonNode hook(String id) throws InterruptedException {
        return row(get("/api/v1/hooks").json().at("/data/list"), "id", id);
    }

    /** The plain Camel route, a missing node when there is none. */
    JsonNode route(String id) throws InterruptedException {
        return row(get("/api/v1/hooks").json().at("/data/routes"), "id", id);
    }

    OpsbusProcess.Answer explain(String event) throws InterruptedException {
        return get("/api/v1/explain?event=" + URLEncoder.encode(event, StandardCharsets.UTF_8));
    }

    /** What explain says of one hook. */
    JsonNode explained(String event, String hook) throws InterruptedException {
        return row(explain(event).json().at("/data/hooks"), "hook", hook);
    }

    private static JsonNode row(JsonNode list, String key, String value) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(row -> row.path(key).asText().equals(value))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }
}
