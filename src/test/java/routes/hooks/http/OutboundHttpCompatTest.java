package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import routes.compat.Recorded;

/** The requests that the original was seen to send. */
class OutboundHttpCompatTest {

    private static final String TEXT = "cluster: c \nnode: n \ntype: Warning \nreason: R \nmessage: a <b> & 中文 \n";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The recording has the requests only; what each hook was given follows from them. */
    private static final List<Map<String, String>> GIVEN = List.of(
            Map.of("additional", "action: cordon-node"),
            Map.of(),
            Map.of("additional", "action: x"),
            Map.of("text", "{\"msgtype\":\"markdown\",\"markdown\":{\"text\":\"hi\"}}", "additional", "dropped"),
            Map.of("text", "{\"a\":1}"),
            Map.of("username", "u", "password", "p"),
            Map.of("index", "ops-{date}"),
            Map.of("index", "i-{YYYYMMDD}", "id", "9"),
            Map.of(),
            Map.of());

    @TestFactory
    Stream<DynamicTest> theSameRequestsAsTheOriginal() {
        JsonNode cases = Recorded.json("outbound-http.json");
        assertThat(cases).hasSameSizeAs(GIVEN);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            JsonNode expected = cases.get(i);
            Map<String, String> given = GIVEN.get(i);
            tests.add(DynamicTest.dynamicTest(
                    i + " " + expected.path("Hook").asText() + " "
                            + expected.path("Path").asText(),
                    () -> check(expected, given)));
        }
        return tests.stream();
    }

    private static void check(JsonNode expected, Map<String, String> given) throws Exception {
        try (HookCall hooks = new HookCall(HookCall.QUICK);
                RecordingEndpoint endpoint = new RecordingEndpoint()) {
            if (expected.path("Path").asText().startsWith("/500")) {
                endpoint.answers("500 Internal Server Error", "", "");
            }
            hooks.call(
                    expected.path("Hook").asText(),
                    variables(endpoint.url(expected.path("Url").asText()), given));
            RecordingEndpoint.Request request = endpoint.request();

            assertThat(request.method()).isEqualTo(expected.path("Method").asText());
            assertThat(request.target()).isEqualTo(expected.path("Path").asText());
            assertThat(request.headers().get("Content-Type")).isEqualTo(header(expected, "Content-Type"));
            assertThat(request.headers().get("Authorization")).isEqualTo(header(expected, "Authorization"));
            if (expected.path("Hook").asText().equals("elasticsearch")) {
                // the original sorts the document's keys; we send them as they came
                assertThat(JSON.readTree(request.body()))
                        .isEqualTo(JSON.readTree(expected.path("Body").asText()));
            } else {
                assertThat(request.body()).isEqualTo(expected.path("Body").asText());
            }
        }
    }

    private static Map<String, String> variables(String url, Map<String, String> given) throws Exception {
        Map<String, String> variables = new HashMap<>(given);
        String text = given.getOrDefault("text", TEXT);
        String message = text + given.getOrDefault("additional", "");
        variables.put("url", url);
        variables.put("text", text);
        variables.put("message", message);
        variables.put(
                "messageJson",
                JSON.writeValueAsString(message)
                        .replace("<", "\\u003c")
                        .replace(">", "\\u003e")
                        .replace("&", "\\u0026"));
        variables.put("data", "{\"type\":\"Warning\",\"reason\":\"R\"}");
        variables.put("time", "2025-12-23T02:03:04Z");
        return variables;
    }

    private static String header(JsonNode expected, String name) {
        JsonNode value = expected.path("Header").path(name).path(0);
        return value.isMissingNode() ? null : value.asText();
    }
}
