package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import routes.e2e.OpsbusProcess;

/**
 * The methods that a path takes are the contract's, with HEAD where GET is and OPTIONS everywhere, whoever answers:
 * Camel, Spring or the door of the live tail.
 */
class MethodsTest extends RunningApi {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    /** By path, with something in place of its parameters. */
    static Set<Map.Entry<String, Set<String>>> paths() throws IOException {
        JsonNode contract = new YAMLMapper().readTree(MethodsTest.class.getResourceAsStream("/openapi.yaml"));
        Map<String, Set<String>> paths = new TreeMap<>();
        contract.path("paths").fields().forEachRemaining(path -> {
            Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
            path.getValue().fieldNames().forEachRemaining(method -> methods.add(method.toUpperCase(Locale.ROOT)));
            methods.retainAll(List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
            if (methods.contains("GET")
                    && !path.getKey().endsWith("/stream")) { // of a stream without end there is no length to tell
                methods.add("HEAD");
            }
            paths.put(path.getKey().replace("{subjectPattern}", "ops.nothing.>").replaceAll("\\{.*?}", "x"), methods);
        });
        assertThat(paths).hasSizeGreaterThan(10);
        return paths.entrySet();
    }

    private static HttpResponse<String> send(String method, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + opsbus.port() + "/api/v1" + path.replace(">", "%3E")))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Authorization", "Bearer " + OpsbusProcess.TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Set<String> allowed(HttpResponse<String> answer) {
        return new TreeSet<>(
                List.of(answer.headers().firstValue("Allow").orElse("").split(",\\s*")));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void aPathTakesWhatTheContractSaysAndSaysSo(Map.Entry<String, Set<String>> path) throws Exception {
        assertThat(send("OPTIONS", path.getKey()))
                .satisfies(
                        answer -> assertThat(answer.statusCode()).isEqualTo(200),
                        answer -> assertThat(allowed(answer)).isEqualTo(path.getValue()));
        for (String method : METHODS.stream()
                .filter(method -> !path.getValue().contains(method))
                .toList()) {
            HttpResponse<String> answer = send(method, path.getKey());
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(allowed(answer)).as(method).isEqualTo(path.getValue());
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            if (!method.equals("HEAD")) {
                assertThat(new ObjectMapper()
                                .readTree(answer.body())
                                .path("code")
                                .asInt())
                        .isEqualTo(-1);
            }
        }
        if (path.getValue().contains("HEAD")) {
            HttpResponse<String> get = send("GET", path.getKey());
            HttpResponse<String> head = send("HEAD", path.getKey());
            assertThat(head.statusCode()).isEqualTo(get.statusCode()).isIn(200, 400);
            assertThat(head.headers().firstValue("Content-Type"))
                    .isEqualTo(get.headers().firstValue("Content-Type"));
            assertThat(head.body()).isEmpty();
        }
    }
}
