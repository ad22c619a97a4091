package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The real server with the real application.properties; the rest of opsbus is not needed to open or shut a door. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "opsbus.security.tokens[0].token=" + ConsoleTest.TOKEN,
            "opsbus.security.tokens[1].name=reader",
            "opsbus.security.tokens[1].token=" + ConsoleTest.READER,
            "opsbus.security.tokens[1].roles=read",
            "camel.main.routes-include-pattern=classpath:camel/failures.yaml,classpath:camel/http-post.yaml",
            "management.endpoint.health.group.readiness.include=readinessState"
        })
@AutoConfigureObservability
@DirtiesContext
class ConsoleTest {

    static final String TOKEN = "correct-horse-battery";
    static final String READER = "staple-for-reading-only";
    private static final ObjectMapper JSON = new ObjectMapper();

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ConfigurationPropertiesScan({"routes.api.security", "routes.hooks.http"})
    @ComponentScan(
            basePackages = {"routes.api.security", "routes.hooks.http"},
            excludeFilters =
                    @ComponentScan.Filter(
                            type = FilterType.CUSTOM,
                            classes = TypeExcludeFilter.class)) // other tests' configurations
    @Import({JolokiaAccess.class, JmxConfig.class})
    static class Doors {

        @Bean
        RouteBuilder aHook() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:hook:ns/name")
                            .routeId("hook:ns/name")
                            .routeGroup("hooks")
                            .to("log:x");
                }
            };
        }

        @RestController
        static class Inbox {
            @PostMapping("/demo/inbox/chat")
            String chat() {
                return "thanks";
            }
        }
    }

    private static final String ROUTE_IN_PATH = "org.apache.camel:context=opsbus,name=%22hook:ns!/name%22,type=routes";

    @LocalServerPort
    private int port;

    @Autowired
    private CamelContext camel;

    private final HttpClient anonymous = HttpClient.newHttpClient();

    private HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpRequest.Builder withToken(String path) {
        return to(path).header("Authorization", "Bearer " + TOKEN);
    }

    private JsonNode jolokia(String request) throws Exception {
        return jolokia(request, TOKEN);
    }

    private JsonNode jolokia(String request, String token) throws Exception {
        HttpResponse<String> answer = send(
                anonymous,
                to("/actuator/jolokia")
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(request)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness", "/actuator/health/liveness"})
    void probesAreOpen(String path) throws Exception {
        assertThat(send(anonymous, to(path)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/info",
                "/actuator/prometheus",
                "/actuator",
                "/actuator/env",
                "/actuator/hawtio",
                "/actuator/hawtio/",
                "/actuator/hawtio/index.html",
                "/actuator/hawtio/jolokia/version",
                "/actuator/jolokia/version",
                "/actuator/jolokia/list",
                "/actuator/jolokia?p=version"
            })
    void nothingElseIs(String path) throws Exception {
        HttpResponse<String> answer = send(anonymous, to(path));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("Hawtio", "jolokia", "agent");
        // a challenge to Basic would make browsers keep the token and send it with other people's requests
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/info",
                "/actuator/prometheus",
                "/actuator/hawtio/index.html",
                "/actuator/hawtio/jolokia/version",
                "/actuator/jolokia/version"
            })
    void aTokenThatReadsOpensThem(String path) throws Exception {
        assertThat(send(anonymous, to(path).header("Authorization", "Bearer " + READER))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBrowserLogsInAndUsesTheConsole() throws Exception {
        CookieManager cookies = new CookieManager();
        HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(cookies)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpResponse<String> login = send(browser, to("/actuator/hawtio/").header("Accept", "text/html"));
        assertThat(login.uri()).hasPath("/login").hasQuery("to=hawtio");
        Matcher token = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(login.body());
        assertThat(token.find()).isTrue();

        HttpResponse<String> console = send(
                browser,
                to("/login")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("to=hawtio&token=" + TOKEN + "&_csrf="
                                + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8))));
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(console.uri().getPath()).startsWith("/actuator/hawtio");
        assertThat(console.body()).containsIgnoringCase("<title>hawtio");

        // its Jolokia, as the page calls it: the cookie, and the CSRF token from the other cookie as a header
        String read = "{\"type\":\"search\",\"mbean\":\"org.apache.camel:type=routes,*\"}";
        assertThat(send(browser, to("/actuator/hawtio/jolokia").POST(HttpRequest.BodyPublishers.ofString(read)))
                        .statusCode())
                .isEqualTo(403);
        String xsrf = cookies.getCookieStore().getCookies().stream()
                .filter(c -> c.getName().equals("XSRF-TOKEN"))
                .findFirst()
                .orElseThrow()
                .getValue();
        HttpResponse<String> routes = send(
                browser,
                to("/actuator/hawtio/jolokia")
                        .header("X-XSRF-TOKEN", xsrf)
                        .POST(HttpRequest.BodyPublishers.ofString(read)));
        assertThat(routes.statusCode()).isEqualTo(200);
        assertThat(routes.body()).contains("hook:ns");

        // a link on somebody else's page changes nothing, even if the browser sent the cookie
        for (String stop : new String[] {
            "/jolokia/exec/" + ROUTE_IN_PATH + "/stop()", "/jolokia?p=exec/" + ROUTE_IN_PATH + "/stop()"
        }) {
            for (String root : new String[] {"/actuator", "/actuator/hawtio"}) {
                assertThat(JSON.readTree(send(browser, to(root + stop)).body())
                                .path("status")
                                .asInt())
                        .as(root + stop)
                        .isEqualTo(403);
            }
        }
        assertThat(camel.getRouteController().getRouteStatus("hook:ns/name")).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void withoutADemoTheInboxIsNotOpen() throws Exception {
        assertThat(send(anonymous, to("/demo/inbox/chat").POST(HttpRequest.BodyPublishers.ofString("hi")))
                        .statusCode())
                .isEqualTo(401);
    }

    /** All MBeans that there are, and all that they offer, against the rule in words. */
    @Test
    void ofAllMBeansATokenThatOperatesGetsRoutesHooksAndFiguresOnly() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ArrayNode refused = JSON.createArrayNode();
        int operations = 0;
        for (ObjectName name : server.queryNames(null, null)) {
            boolean camels = name.getDomain().equals("org.apache.camel");
            MBeanInfo info = server.getMBeanInfo(name);
            for (MBeanOperationInfo operation : info.getOperations()) {
                boolean ofARoute = camels
                        && "routes".equals(name.getKeyProperty("type"))
                        && Set.of("start", "stop", "suspend", "resume").contains(operation.getName());
                if (!ofARoute && !(camels && operation.getName().startsWith("dump"))) {
                    String signature = Stream.of(operation.getSignature())
                            .map(MBeanParameterInfo::getType)
                            .collect(Collectors.joining(",", "(", ")"));
                    ArrayNode arguments = refused.addObject()
                            .put("type", "exec")
                            .put("mbean", name.toString())
                            .put("operation", operation.getName() + signature)
                            .putArray("arguments");
                    Stream.of(operation.getSignature()).forEach(argument -> arguments.addNull());
                    operations++;
                }
            }
            for (MBeanAttributeInfo attribute : info.getAttributes()) {
                refused.addObject()
                        .put("type", "write")
                        .put("mbean", name.toString())
                        .put("attribute", attribute.getName())
                        .putNull("value");
                if (!camels && !name.getDomain().equals("java.lang")) {
                    refused.addObject()
                            .put("type", "read")
                            .put("mbean", name.toString())
                            .put("attribute", attribute.getName());
                }
            }
        }
        assertThat(operations).isGreaterThan(100);
        List<JsonNode> answers = new ArrayList<>();
        for (int from = 0; from < refused.size(); from += 100) { // more are not taken at once
            ArrayNode some = JSON.createArrayNode();
            for (int i = from; i < Math.min(from + 100, refused.size()); i++) {
                some.add(refused.get(i));
            }
            jolokia(some.toString()).forEach(answers::add);
        }
        assertThat(answers).hasSize(refused.size());
        for (int i = 0; i < refused.size(); i++) {
            assertThat(answers.get(i).path("status").asInt())
                    .as(refused.get(i).toString())
                    .isIn(403, 404); // hidden, or not allowed
        }
        String all = jolokia("{\"type\":\"read\",\"mbean\":\"*:*\",\"config\":{\"ignoreErrors\":true}}")
                .toString();
        assertThat(all).doesNotContain(TOKEN, READER, "HotSpotDiagnostic", "DiagnosticCommand");
        String figures = jolokia("{\"type\":\"read\",\"mbean\":\"java.lang:*\",\"config\":{\"ignoreErrors\":true}}")
                .toString();
        assertThat(figures).contains("HeapMemoryUsage").doesNotContain(TOKEN, READER, "java.home");
    }

    @ParameterizedTest
    @ValueSource(strings = {"register", "list", "add", "remove", "ping", "open", "unregister"})
    void nobodyRegistersForNotifications(String command) throws Exception {
        for (String token : List.of(TOKEN, READER)) {
            String request = "{\"type\":\"notification\",\"command\":\"" + command
                    + "\",\"client\":\"a\",\"mode\":\"pull\",\"handle\":\"h\",\"mbean\":\"JMImplementation:type=MBeanServerDelegate\"}";
            assertThat(jolokia(request, token).path("status").asInt()).isNotEqualTo(200);
            HttpResponse<String> byGet = send(
                    anonymous,
                    to("/actuator/hawtio/jolokia/notification/" + command + "/a")
                            .header("Authorization", "Bearer " + token));
            assertThat(JSON.readTree(byGet.body()).path("status").asInt()).isNotEqualTo(200);
        }
    }

    @Test
    void whoMayOnlyReadStopsNothing() throws Exception {
        String stop =
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"hook:ns/name\\\"\",\"operation\":\"stop()\"}";
        assertThat(jolokia(stop, READER).path("status").asInt()).isEqualTo(403);
        assertThat(camel.getRouteController().getRouteStatus("hook:ns/name")).isEqualTo(ServiceStatus.Started);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"hook:ns/name\\\"\",\"operation\":\"dumpRouteAsXml()\"}",
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=context,name=\\\"opsbus\\\"\",\"operation\":\"dumpRoutesAsXml()\"}",
                "{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=opsbus,type=endpoints,name=*\"}",
                "{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=opsbus,type=processors,name=*\"}",
                "{\"type\":\"read\",\"mbean\":\"org.apache.camel:*\",\"config\":{\"ignoreErrors\":true}}",
                "{\"type\":\"search\",\"mbean\":\"org.apache.camel:type=endpoints,*\"}",
                "{\"type\":\"list\"}"
            })
    void whoMayOnlyReadSeesNoEndpointsAddress(String request) throws Exception {
        assertThat(jolokia(request).toString()).containsAnyOf("log:x", "log://x");
        assertThat(jolokia(request, READER).toString()).doesNotContain("log:x", "log://x");
    }

    @Test
    void jolokiaShowsEveryHooksRouteAndItsFigures() throws Exception {
        camel.createProducerTemplate().sendBody("direct:hook:ns/name", "x");

        JsonNode route = jolokia(
                        "{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"hook:ns/name\\\"\"}")
                .path("value");

        assertThat(route.path("RouteId").asText()).isEqualTo("hook:ns/name");
        assertThat(route.path("RouteGroup").asText()).isEqualTo("hooks");
        assertThat(route.path("ExchangesTotal").asLong()).isPositive();
        assertThat(jolokia(
                                "{\"type\":\"read\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"http-post\\\"\","
                                        + "\"attribute\":[\"RouteId\",\"ExchangesTotal\"]}")
                        .path("value")
                        .toString())
                .isEqualTo("{\"RouteId\":\"http-post\",\"ExchangesTotal\":0}");
    }

    @Test
    void routesShareOneDescription() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        MBeanInfo one =
                server.getMBeanInfo(new ObjectName("org.apache.camel:context=opsbus,type=routes,name=\"http-post\""));
        MBeanInfo other = server.getMBeanInfo(
                new ObjectName("org.apache.camel:context=opsbus,type=routes,name=\"hook:ns/name\""));
        assertThat(one.getOperations()[0]).isSameAs(other.getOperations()[0]);
    }

    @Test
    void jolokiaStopsAndStartsARoute() throws Exception {
        String mbean = "\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"hook:ns/name\\\"\"";
        assertThat(jolokia("{\"type\":\"exec\"," + mbean + ",\"operation\":\"stop()\"}")
                        .path("status")
                        .asInt())
                .isEqualTo(200);
        assertThat(camel.getRouteController().getRouteStatus("hook:ns/name")).isEqualTo(ServiceStatus.Stopped);
        assertThat(jolokia("{\"type\":\"exec\"," + mbean + ",\"operation\":\"start()\"}")
                        .path("status")
                        .asInt())
                .isEqualTo(200);
        assertThat(camel.getRouteController().getRouteStatus("hook:ns/name")).isEqualTo(ServiceStatus.Started);
        assertThat(jolokia("{\"type\":\"exec\"," + mbean + ",\"operation\":\"dumpRouteAsXml()\"}")
                        .path("value")
                        .asText())
                .contains("hook:ns/name", "log:x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"http-post\\\"\",\"operation\":\"updateRouteFromXml\",\"arguments\":[\"\"]}",
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=routes,name=\\\"http-post\\\"\",\"operation\":\"remove()\"}",
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=context,name=\\\"opsbus\\\"\",\"operation\":\"stop()\"}",
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=opsbus,type=context,name=\\\"opsbus\\\"\",\"operation\":\"sendBody\",\"arguments\":[\"file:/tmp/x\",\"y\"]}",
                "{\"type\":\"write\",\"mbean\":\"org.apache.camel:context=opsbus,type=context,name=\\\"opsbus\\\"\",\"attribute\":\"Tracing\",\"value\":true}",
                "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":\"gc\"}",
                "{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"attribute\":\"SystemProperties\"}",
                "{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"attribute\":\"InputArguments\"}",
                "{\"type\":\"exec\",\"mbean\":\"com.sun.management:type=DiagnosticCommand\",\"operation\":\"gcClassHistogram\",\"arguments\":[\"\"]}",
                "{\"type\":\"exec\",\"mbean\":\"JMImplementation:type=MBeanServerDelegate\",\"operation\":\"x\"}",
                "{\"type\":\"read\",\"mbean\":\"com.sun.management:type=HotSpotDiagnostic\"}"
            })
    void jolokiaDoesNothingElse(String request) throws Exception {
        assertThat(jolokia(request).path("status").asInt()).isNotEqualTo(200);
        assertThat(camel.isStarted()).isTrue();
        assertThat(camel.getRoute("http-post")).isNotNull();
    }

    @Test
    void jolokiaListsCamelAndTheJvmOnly() throws Exception {
        JsonNode domains =
                jolokia("{\"type\":\"list\",\"config\":{\"maxDepth\":1}}").path("value");
        assertThat(domains.fieldNames()).toIterable().containsExactlyInAnyOrder("org.apache.camel", "java.lang");
    }

    @Test
    void otherOriginsGetNoAnswerTheyCouldRead() throws Exception {
        HttpResponse<String> answer =
                send(anonymous, withToken("/actuator/jolokia/version").header("Origin", "http://evil.example"));
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void hawtiosProxyIsShut() throws Exception {
        assertThat(send(anonymous, withToken("/actuator/hawtio/proxy/http/127.0.0.1/" + port + "/actuator/info"))
                        .statusCode())
                .isEqualTo(403);
    }
}
