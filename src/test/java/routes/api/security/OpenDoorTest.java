package routes.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

/** Security switched off on purpose. */
@SpringBootTest(
        classes = AccessTest.App.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "opsbus.security.enabled=false",
            "camel.main.routes-include-pattern=classpath:none/*.yaml",
            "management.endpoint.health.group.readiness.include=readinessState"
        })
@AutoConfigureObservability
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class OpenDoorTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    private HttpRequest.Builder to(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
    }

    private static int status(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/",
        "GET,/api/v1/me",
        "GET,/actuator/prometheus",
        "GET,/actuator/hawtio/index.html",
        "POST,/api/v1/namespaces/n/events/e",
        "POST,/api/v1/hooks/n/h/pause"
    })
    void everybodyMayDoEverything(String method, String path) throws Exception {
        assertThat(status(to(method, path))).isEqualTo(200);
        assertThat(status(to(method, path).header("Authorization", "Bearer any")))
                .isEqualTo(200);
    }

    @Test
    void butPagesOfOthersMayNotUseAPersonsBrowserForIt() throws Exception {
        assertThat(status(to("POST", "/api/v1/hooks/n/h/pause").header("Origin", "https://evil.example")))
                .isEqualTo(403);
        assertThat(status(to("POST", "/api/v1/hooks/n/h/pause")
                        .header("Origin", "http://127.0.0.1")
                        .header("Cookie", "XSRF-TOKEN=a")
                        .header("X-XSRF-TOKEN", "a")))
                .isEqualTo(200);
    }

    @Test
    void hawtiosProxyStaysShut() throws Exception {
        assertThat(status(to("GET", "/actuator/hawtio/proxy/http/127.0.0.1/1"))).isEqualTo(403);
    }

    @Test
    void theLogWarns(CapturedOutput log) {
        assertThat(log).contains("WARN").contains("everybody who reaches this port may do everything");
    }
}
