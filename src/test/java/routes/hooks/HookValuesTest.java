package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spring.spi.ApplicationContextBeanRepository;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ProcessorEndpoint;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.type.filter.AssignableTypeFilter;
import routes.event.OpsEvent;
import routes.hooks.http.HookHttpClient;
import routes.hooks.http.OpenDoor;
import routes.hooks.spec.EndpointRules;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.HookType;
import routes.hooks.spec.HookTypes;
import routes.hooks.spec.Hooks;

/**
 * The rule that a value which a hook gives is never read by Camel as a reference, a property or an expression: every
 * field of a hook of every type, with every form that Camel has for them, through the reader, the routes, the Kamelets
 * and the HTTP client of the real thing.
 */
class HookValuesTest {

    /** Counts how often somebody made Camel use it. */
    public static final class Canary implements Processor {
        static final AtomicInteger USED = new AtomicInteger();

        public Canary() {
            USED.incrementAndGet();
        }

        public Canary(String argument) {
            this();
        }

        public String fire() {
            USED.incrementAndGet();
            return EVALUATED;
        }

        @Override
        public void process(Exchange exchange) {
            fire();
        }
    }

    private static final String EVALUATED = "e7a1uated";
    private static final String CLASS = "routes.hooks.HookValuesTest$Canary";
    private static final List<String> FORMS = List.of(
            "#class:" + CLASS,
            "#class:" + CLASS + "('x')",
            "#bean:canary",
            "#canary",
            "bean:canary?method=fire",
            "#type:" + CLASS,
            "#property:canary",
            "#valueAs(int):7",
            "{{canary}}",
            "{{env:PATH}}",
            "{{sys:canary}}",
            "{{?canary}}",
            "{{canary:x}}",
            "}}{{canary}}",
            "${sys.canary}",
            "${properties:canary}",
            "${bean:canary?method=fire}",
            "$simple{sys.canary}",
            "RAW(#bean:canary)",
            "RAW{#bean:canary}",
            ")&exchangeFormatter=#bean:canary&x=RAW(",
            "&exchangeFormatter=#bean:canary",
            "&x=1",
            "?x=1",
            "?exchangeFormatter=#bean:canary",
            "&userAgent=#property:canary",
            "\r\nX-Canary: 1",
            "\n",
            "%7B%7Bcanary%7D%7D");
    private static final String WITH_PARAMETER = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: {name: user}
            spec:
              definition:
                title: Test
                properties:
                  pasted: {type: string}
                  given: {type: string, default: "d"}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setBody: {simple: "${variable.pasted}|${variable.given}|${variable.message}"}
                    - setHeader: {name: X-Pasted, constant: "x{{pasted}}"}
                    - to: "log:routes.test?marker=x{{pasted}}"
                    - to: direct:http-post
            """;
    private static final EndpointRules RULES =
            new EndpointRules(Set.of("direct", "http", "https", "log", "nats", "seda"), Set.of("audit"), true);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Sent(String where, String headers, String body) {}

    private static final Map<String, Hook> RUNNING = new TreeMap<>();
    private static final Queue<Sent> SENT = new ConcurrentLinkedQueue<>();
    private static final GenericApplicationContext STEPS = new GenericApplicationContext();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static HttpServer server;
    private static HookHttpClient client;
    private static CamelContext camel;
    private static HookTypes types;

    private static final class NatsEnd extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.remove("jetstreamEnabled");
            return new ProcessorEndpoint(
                    uri,
                    getCamelContext(),
                    exchange -> SENT.add(new Sent(
                            "nats:" + remaining,
                            exchange.getMessage().getHeaders().toString(),
                            exchange.getMessage().getBody(String.class))));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("canary", EVALUATED);
        ((Logger) LoggerFactory.getLogger("org.apache.camel"))
                .setLevel(Level.WARN); // it tells of each of the thousands of routes
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(THREADS);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            SENT.add(new Sent(
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().entrySet().toString(),
                    body));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        client = OpenDoor.client();
        ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(STEPS, false);
        scanner.addIncludeFilter(new AssignableTypeFilter(Processor.class));
        scanner.getBeanDefinitionDefaults().setLazyInit(true);
        scanner.scan("routes.hooks.http");
        STEPS.refresh();
        camel = new DefaultCamelContext(new DefaultRegistry(new ApplicationContextBeanRepository(STEPS)));
        camel.disableJMX();
        Properties properties = new Properties();
        properties.setProperty("canary", EVALUATED);
        camel.getPropertiesComponent().setInitialProperties(properties);
        camel.getRegistry().bind("hookHttpClient", client);
        camel.getRegistry().bind("canary", new Canary());
        camel.addComponent("nats", new NatsEnd());
        camel.getComponent("kamelet", KameletComponent.class).setLocation("classpath:camel/types");
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(
                        ResourceHelper.resolveMandatoryResource(camel, "classpath:camel/failures.yaml"),
                        ResourceHelper.resolveMandatoryResource(camel, "classpath:camel/http-post.yaml"));
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("user.kamelet.yaml", WITH_PARAMETER));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:hooks.room")
                        .process(exchange -> SENT.add(new Sent(
                                "direct:hooks.room",
                                exchange.getMessage().getHeaders().toString(),
                                exchange.getMessage().getBody(String.class))));
            }
        });
        camel.start();
        types = HookTypes.builtIn()
                .plus(Map.of(Path.of("user.kamelet.yaml"), WITH_PARAMETER))
                .types();
    }

    @AfterAll
    static void stop() {
        camel.stop();
        client.destroy();
        STEPS.close();
        server.stop(0);
        THREADS.shutdownNow();
        System.clearProperty("canary");
        ((Logger) LoggerFactory.getLogger("org.apache.camel")).setLevel(null);
    }

    @AfterEach
    void clear() {
        SENT.clear();
    }

    private static String http() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/in";
    }

    static Stream<String> typesAndUrls() {
        return Stream.concat(
                HookTypes.builtIn().names().stream()
                        .map(type -> type + " "
                                + (type.equals("event") ? "alerts" : type.equals("camel") ? "log:x" : "HTTP")),
                Stream.of("user HTTP", "camel nats:audit", "camel direct:hooks.room", "camel seda:x", "camel HTTP"));
    }

    @ParameterizedTest
    @MethodSource("typesAndUrls")
    void noFieldOfAHookIsEverEvaluated(String typeAndUrl) throws Exception {
        String type = typeAndUrl.split(" ")[0];
        String url = typeAndUrl.split(" ")[1].replace("HTTP", http());
        int used = Canary.USED.get();
        AtomicInteger ran = new AtomicInteger();
        for (String field : fields(types.find(type).orElseThrow())) {
            for (int i = 0; i < FORMS.size(); i++) {
                List<String> values = List.of(FORMS.get(i), "a" + FORMS.get(i), "a" + FORMS.get(i) + "b");
                for (boolean isFile : new boolean[] {true, false}) { // each in another place of the value, in turn
                    String value = values.get((i + field.length() + (isFile ? 1 : 0)) % values.size());
                    ran.addAndGet(run(hook(type, url, field, value), field, value, isFile) ? 1 : 0);
                }
            }
        }
        assertThat(Canary.USED).as("uses of a bean or class that a hook named").hasValue(used);
        assertThat(ran.get()).as("hooks that ran").isGreaterThan(FORMS.size());
    }

    private static List<String> fields(HookType type) {
        List<String> fields =
                new ArrayList<>(List.of("subject", "url", "url-query", "additional", "include", "exclude"));
        fields.addAll(type.options());
        if (type.url() == HookType.UrlKind.HTTP) {
            fields.addAll(List.of("header.X-Given", "proxy"));
        }
        return fields;
    }

    private static ObjectNode hook(String type, String url, String field, String value) {
        ObjectNode hook = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", Hooks.API_VERSION)
                .put("kind", "EventHooks");
        hook.putObject("metadata").put("namespace", "ns").put("name", "h");
        ObjectNode spec =
                hook.putObject("spec").put("type", type).put("subject", "ops.>").put("url", url);
        switch (field) {
            case "subject" -> spec.put(field, "ops." + value);
            case "url" -> spec.put("url", url + value);
            case "url-query" -> spec.put("url", url + "?q=" + value);
            case "additional" -> spec.put(field, value);
            case "include", "exclude" ->
                spec.putObject("keywords").putArray(field).add(value);
            default -> spec.putObject("options").put(field, value);
        }
        return hook;
    }

    /** @return whether the hook was accepted and sent something */
    private static boolean run(JsonNode written, String field, String value, boolean isFile) throws Exception {
        HookReader reader = new HookReader(types, name -> null, RULES);
        String json = JSON.writeValueAsString(written);
        HookReader.Reading reading =
                isFile ? reader.read("a.yaml", json.replace("\u007f", "\\u007f")) : reader.readResource("ns/h", json);
        if (reading.hooks().isEmpty()) {
            assertThat(reading.problems())
                    .as(json)
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.hookId()).isEqualTo("ns/h"));
            return false;
        }
        EventHook spec = reading.hooks().get(0);
        String asWritten = isFile && !field.matches("subject|include|exclude") ? Hooks.expanded(value) : value;
        HookRoutes routes = new HookRoutes(camel);
        SENT.clear();
        // an edit of most types leaves the route as it is; the subject is in the route's description
        boolean sameRoute = HookRoutes.shares(types.find(spec.type()).orElseThrow()) && !field.equals("subject");
        Hook first = sameRoute ? RUNNING.get(spec.type()) : null;
        Hook hook = first != null
                ? first.edited(spec, first.type())
                : new Hook(spec, types.find(spec.type()).orElseThrow(), null, () -> false);
        if (first == null) {
            routes.add(hook);
        }
        if (sameRoute) {
            RUNNING.put(spec.type(), hook);
        }
        try {
            OpsEvent event =
                    OpsEvent.parse("ops.clusters.c1.nodes.n1.events", "text".getBytes(StandardCharsets.UTF_8), "e1");
            Exchange exchange = hook.call(event, "e1/ns/h", Instant.ofEpochSecond(1_700_000_000));
            Sent sent = SENT.poll();
            if (exchange.getException() != null) {
                assertThat(sent).as(json).isNull(); // refused where it was to be called: nothing left
                return false;
            }
            boolean local = spec.url().startsWith("log:") || spec.url().startsWith("seda:");
            assertThat(sent == null).as("%s", json).isEqualTo(local);
            if (sent != null) {
                assertThat(sent.where + sent.headers + sent.body).as(json).doesNotContain(EVALUATED);
                check(spec, field, asWritten, sent, json);
            }
            return true;
        } finally {
            if (!sameRoute) {
                routes.remove(List.of(hook));
                RUNNING.clear();
            }
        }
    }

    private static void check(EventHook spec, String field, String value, Sent sent, String json) throws Exception {
        assertThat(sent.headers).as(json).doesNotContain("X-Canary=");
        if (field.equals("additional") && !Set.of("event", "elasticsearch").contains(spec.type())) {
            String body = spec.type().matches("webhook|camel|user") ? sent.body : texts(JSON.readTree(sent.body));
            assertThat(body.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
                    .as(json)
                    .contains(value);
        }
        if (field.startsWith("url")
                && spec.url().startsWith("http")
                && !spec.type().equals("elasticsearch")
                && !spec.type().equals("dingtalk")) {
            String target = spec.url().substring(http().length() - "/in".length());
            assertThat(sent.where)
                    .as(json)
                    .isEqualTo(target.contains("#") ? target.substring(0, target.indexOf('#')) : target);
        }
        if (field.startsWith("header.")) {
            assertThat(sent.headers).as(json).contains("=[" + value + "]");
        }
        if (spec.type().equals("user")
                && types.find("user").orElseThrow().options().contains(field)) {
            assertThat(sent.body).as(json).contains(value);
        }
    }

    private static String texts(JsonNode node) {
        StringBuilder all = new StringBuilder();
        if (node.isValueNode()) {
            all.append(node.asText());
        }
        node.forEach(child -> all.append(texts(child)).append('\n'));
        return all.toString();
    }
}
