package routes.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.StreamSupport;

/** The HTTP API of an opsbus process, with a token that allows everything. */
final class Api {

    private static final String TOKEN = "a-token-for-tests-only";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final OpsbusProcess opsbus;

    private Api(OpsbusProcess opsbus) {
        this.opsbus = opsbus;
    }

    /** To be called before it starts. */
    static Api of(OpsbusProcess opsbus) {
        opsbus.environment("OPSBUS_CONSOLE_PASSWORD", TOKEN);
        return new Api(opsbus);
    }

    OpsbusProcess.Answer get(String path) throws IOException, InterruptedException {
        return send(path, HttpRequest.newBuilder().GET());
    }

    OpsbusProcess.Answer post(String path) throws IOException, InterruptedException {
        return send(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()));
    }

    private OpsbusProcess.Answer send(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        request.uri(URI.create("http://127.0.0.1:" + opsbus.port() + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(("opsbus:" + TOKEN).getBytes(StandardCharsets.UTF_8)));
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new OpsbusProcess.Answer(response.statusCode(), response.body());
    }

    /** As {@code GET /api/v1/hooks} lists it, a missing node when it does not. */
    JsonNode hook(String id) throws IOException, InterruptedException {
        return row(get("/api/v1/hooks").json().at("/data/list"), "id", id);
    }

    OpsbusProcess.Answer explain(String event) throws IOException, InterruptedException {
        return get("/api/v1/explain?event=" + URLEncoder.encode(event, StandardCharsets.UTF_8));
    }

    /** What explain says of one hook. */
    JsonNode explained(String event, String hook) throws IOException, InterruptedException {
        return row(explain(event).json().at("/data/hooks"), "hook", hook);
    }

    private static JsonNode row(JsonNode list, String key, String value) {
        return StreamSupport.stream(list.spliterator(), false).filter(row -> row.path(key).asText().equals(value)).findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }
}
