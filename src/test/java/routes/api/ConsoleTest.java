package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The real server with the real application.properties; the rest of opsbus is not needed to open or shut a door. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "opsbus.console.password=correct horse", "camel.main.routes-include-pattern=classpath:camel/http-post.yaml",
    "management.endpoint.health.group.readiness.include=readinessState"})
@AutoConfigureObservability
class ConsoleTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableConfigurationProperties(ConsoleProperties.class)
    @ConfigurationPropertiesScan("routes.hooks.http")
    @ComponentScan("routes.hooks.http")
    @Import({ConsoleSecurity.class, JolokiaAccess.class, JmxConfig.class})
    static class Doors {

        @Bean
        RouteBuilder aHook() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:hook:ns/name").routeId("hook:ns/name").routeGroup("hooks").to("log:x");
                }
            };
        }

        @RestController
        static class Inbox {
            @PostMapping("/demo/inbox/chat")
            String chat() {
                return "thanks";
            }

            @PostMapping("/elsewhere")
            String elsewhere() {
                return "never";
            }
        }
    }

    @LocalServerPort
    private int port;
    @Autowired
    private CamelContext camel;
    private final HttpClient anonymous = HttpClient.newHttpClient();

    private HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpRequest.Builder withPassword(String path) {
        return to(path).header("Authorization",
                "Basic " + Base64.getEncoder().encodeToString("opsbus:correct horse".getBytes(StandardCharsets.UTF_8)));
    }

    private JsonNode jolokia(String request) throws Exception {
        HttpResponse<String> answer = send(anonymous, withPassword("/actuator/jolokia").POST(HttpRequest.BodyPublishers.ofString(request)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness", "/actuator/health/liveness", "/actuator/info", "/actuator/prometheus"})
    void probesAndMetricsAreOpen(String path) throws Exception {
        assertThat(send(anonymous, to(path)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/actuator/hawtio,401", "/actuator/hawtio/,401", "/actuator/hawtio/index.html,401", "/actuator/hawtio/jolokia/version,401",
        "/actuator/jolokia/version,401", "/actuator/jolokia/list,401", "/actuator,404", "/actuator/env,401", "/,404", "/elsewhere,404", "/nothing,404"})
    void nothingElseIs(String path, int status) throws Exception {
        HttpResponse<String> answer = send(anonymous, to(path));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Hawtio", "jolokia", "agent");
        // a challenge would make browsers keep the password and send it with other people's requests
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void aWrongPasswordOpensNothing() throws Exception {
        HttpRequest.Builder request = to("/actuator/jolokia/version").header("Authorization",
                "Basic " + Base64.getEncoder().encodeToString("opsbus:wrong".getBytes(StandardCharsets.UTF_8)));
        assertThat(send(anonymous, request).statusCode()).isEqualTo(401);
    }

    @Test
    void aBrowserLogsInAndUsesTheConsole() throws Exception {
        CookieManager cookies = new CookieManager();
        HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).followRedirects(HttpClient.Redirect.NORMAL).build();
        HttpResponse<String> login = send(browser, to("/actuator/hawtio/").header("Accept", "text/html"));
        assertThat(login.uri().getPath()).isEqualTo("/login");
        Matcher token = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(login.body());
        assertThat(token.find()).isTrue();

        HttpResponse<String> console = send(browser, to("/login").header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("username=opsbus&password=correct+horse&_csrf="
                        + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8))));
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(console.uri().getPath()).startsWith("/actuator/hawtio");
        assertThat(console.body()).containsIgnoringCase("<title>hawtio");

        // its Jolokia, as the page calls it: the session, and the token from the cookie as a header
        String read = "{\"type\":\"search\",\"mbean\":\"org.apache.camel:type=routes,*\"}";
        assertThat(send(browser, to("/actuator/hawtio/jolokia").POST(HttpRequest.BodyPublishers.ofString(read))).statusCode()).isEqualTo(403);
        String xsrf = cookies.getCookieStore().getCookies().stream().filter(c -> c.getName().equals("XSRF-TOKEN")).findFirst().orElseThrow().getValue();
        HttpResponse<String> routes = send(browser, to("/actuator/hawtio/jolokia").header("X-XSRF-TOKEN", xsrf)
                .POST(HttpRequest.BodyPublishers.ofString(read)));
        assertThat(routes.statusCode()).isEqualTo(200);
        assertThat(routes.body()).contains("hook:ns");
    }

    @Test
    void theInboxTakesPostsFromAnybody() throws Exception {
        assertThat(send(anonymous, to("/demo/inbox/chat").POST(HttpRequest.BodyPublishers.ofString("hi"))).body()).isEqualTo("thanks");
        assertThat(send(anonymous, withPassword("/elsewhere").POST(HttpRequest.BodyPublishers.ofString("hi"))).statusCode()).isEqualTo(403);
    }

    @Test
    void jolokiaShowsEveryHooksRouteAndItsFigures() throws Exception {
        camel.createProducerTemplate().sendBody("direct:hook:ns/name", "x");

        JsonNode route = jolokia("{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"hook:ns/name\\\"\"}").path("value");

        assertThat(route.path("RouteId").asText()).isEqualTo("hook:ns/name");
        assertThat(route.path("RouteGroup").asText()).isEqualTo("hooks");
        assertThat(route.path("ExchangesTotal").asLong()).isPositive();
        assertThat(jolokia("{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"http-post\\\"\","
                + "\"attribute\":[\"RouteId\",\"ExchangesTotal\"]}").path("value").toString())
                .isEqualTo("{\"RouteId\":\"http-post\",\"ExchangesTotal\":0}");
    }

    @Test
    void routesShareOneDescription() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        MBeanInfo one = server.getMBeanInfo(new ObjectName("org.apache.camel:context=opsbus,type=routes,name=\"http-post\""));
        MBeanInfo other = server.getMBeanInfo(new ObjectName("org.apache.camel:context=opsbus,type=routes,name=\"hook:ns/name\""));
        assertThat(one.getOperations()[0]).isSameAs(other.getOperations()[0]);
    }

    @Test
    void jolokiaStopsAndStartsARoute() throws Exception {
        String mbean = "\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"hook:ns/name\\\"\"";
        assertThat(jolokia("{\"type\":\"exec\"," + mbean + ",\"operation\":\"stop()\"}").path("status").asInt()).isEqualTo(200);
        assertThat(camel.getRouteController().getRouteStatus("hook:ns/name")).isEqualTo(ServiceStatus.Stopped);
        assertThat(jolokia("{\"type\":\"exec\"," + mbean + ",\"operation\":\"start()\"}").path("status").asInt()).isEqualTo(200);
        assertThat(camel.getRouteController().getRouteStatus("hook:ns/name")).isEqualTo(ServiceStatus.Started);
        assertThat(jolokia("{\"type\":\"exec\"," + mbean + ",\"operation\":\"dumpRouteAsXml()\"}").path("value").asText()).contains("hook:ns/name", "log:x");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"http-post\\\"\",\"operation\":\"updateRouteFromXml\",\"arguments\":[\"\"]}",
        "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"http-post\\\"\",\"operation\":\"remove()\"}",
        "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=context,name=\\\"opsbus\\\"\",\"operation\":\"stop()\"}",
        "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=context,name=\\\"opsbus\\\"\",\"operation\":\"sendBody\",\"arguments\":[\"file:/tmp/x\",\"y\"]}",
        "{\"type\":\"write\",\"mbean\":\"org.apache.camel:context=opsbus,type=context,name=\\\"opsbus\\\"\",\"attribute\":\"Tracing\",\"value\":true}",
        "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":\"gc\"}",
        "{\"type\":\"exec\",\"mbean\":\"com.sun.management:type=DiagnosticCommand\",\"operation\":\"gcClassHistogram\",\"arguments\":[\"\"]}",
        "{\"type\":\"exec\",\"mbean\":\"JMImplementation:type=MBeanServerDelegate\",\"operation\":\"x\"}",
        "{\"type\":\"read\",\"mbean\":\"com.sun.management:type=HotSpotDiagnostic\"}"})
    void jolokiaDoesNothingElse(String request) throws Exception {
        assertThat(jolokia(request).path("status").asInt()).isNotEqualTo(200);
        assertThat(camel.isStarted()).isTrue();
        assertThat(camel.getRoute("http-post")).isNotNull();
    }

    @Test
    void jolokiaListsCamelAndTheJvmOnly() throws Exception {
        JsonNode domains = jolokia("{\"type\":\"list\",\"config\":{\"maxDepth\":1}}").path("value");
        assertThat(domains.fieldNames()).toIterable().containsExactlyInAnyOrder("org.apache.camel", "java.lang");
    }

    @Test
    void otherOriginsGetNoAnswerTheyCouldRead() throws Exception {
        HttpResponse<String> answer = send(anonymous, withPassword("/actuator/jolokia/version").header("Origin", "http://evil.example"));
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void hawtiosProxyIsShut() throws Exception {
        assertThat(send(anonymous, withPassword("/actuator/hawtio/proxy/http/127.0.0.1/" + port + "/actuator/info")).statusCode()).isEqualTo(403);
    }
}
