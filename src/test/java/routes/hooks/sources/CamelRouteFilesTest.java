package routes.hooks.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import routes.hooks.spec.HookProblem;

/**
 * All that a file of Camel's YAML may hold comes, changes and goes with the file, and without a trace; what may not
 * says why.
 */
@ExtendWith(OutputCaptureExtension.class)
class CamelRouteFilesTest {

    /** Stands in for opsbus: one of everything that a file could take for its own. */
    private static final String OPSBUS = """
            - routeConfiguration: {id: own-errors, errorHandler: {noErrorHandler: {}}}
            - dataFormats: [{json: {id: own-format}}]
            - routeTemplate: {id: own-template, from: {uri: direct:never, steps: [{log: x}]}}
            - rest: {id: own-rest, path: /own, get: [{path: /x, to: direct:own}]}
            - route: {id: own-route, routeConfigurationId: own-errors, from: {uri: direct:own, steps: [{throwException: {exceptionType: java.lang.IllegalStateException, message: own}}]}}
            """;

    private static final String SEEN = "[{setBody: {constant: VALUE}}, {process: {ref: seen}}]";
    private static final String PROBE = "- route: {id: probe, from: {uri: direct:probe, steps: " + SEEN + "}}\n";
    private static final String FAILS =
            "- route: {id: probe, from: {uri: direct:probe, steps: [{throwException: {exceptionType: java.lang.IllegalStateException, message: x}}]}}\n";
    private static final String CATCHES =
            "onException: {exception: [java.lang.IllegalStateException], handled: {constant: 'true'}, steps: " + SEEN
                    + "}";

    /**
     * A file for each element of a list of Camel's: what comes by {@code direct:probe} shows VALUE to the bean
     * {@code seen}.
     */
    private static final Map<String, String> SAMPLES = new TreeMap<>(Map.ofEntries(
            Map.entry("from", "- from: {uri: direct:probe, steps: " + SEEN + "}\n"),
            Map.entry("route", PROBE),
            Map.entry("beans", """
                    - beans: [{name: greeter, type: routes.hooks.sources.CamelRouteFilesTest$Greeter, destroyMethod: stop, properties: {word: VALUE}}]
                    - route: {id: probe, from: {uri: direct:probe, steps: [{bean: {ref: greeter, method: greet}}, {process: {ref: seen}}]}}
                    """),
            Map.entry("dataFormats", """
                    - dataFormats: [{json: {id: mine}}]
                    - route: {id: probe, from: {uri: direct:probe, steps: [{setBody: {constant: VALUE}}, {marshal: {custom: {ref: mine}}}, {process: {ref: seen}}]}}
                    """),
            Map.entry(
                    "errorHandler",
                    "- errorHandler: {deadLetterChannel: {deadLetterUri: 'direct:dead'}}\n- route: {id: dead, from: {uri: direct:dead, steps: "
                            + SEEN + "}}\n" + FAILS),
            Map.entry(
                    "intercept",
                    "- intercept: {steps: " + SEEN
                            + "}\n- route: {id: probe, from: {uri: direct:probe, steps: [{log: x}]}}\n"),
            Map.entry(
                    "interceptFrom",
                    "- interceptFrom: {uri: 'direct:probe', steps: " + SEEN
                            + "}\n- route: {id: probe, from: {uri: direct:probe, steps: [{log: x}]}}\n"),
            Map.entry(
                    "onCompletion",
                    "- onCompletion: {steps: " + SEEN
                            + "}\n- route: {id: probe, from: {uri: direct:probe, steps: [{log: x}]}}\n"),
            Map.entry("onException", "- " + CATCHES + "\n" + FAILS),
            Map.entry("routeConfiguration", "- routeConfiguration: {onException: [{" + CATCHES + "}]}\n" + FAILS),
            Map.entry("routeTemplate", """
                    - routeTemplate: {id: greeting, parameters: [{name: word}], from: {uri: direct:probe, steps: [{setBody: {simple: '{{word}}'}}, {process: {ref: seen}}]}}
                    - templatedRoute: {routeTemplateRef: greeting, parameters: [{name: word, value: VALUE}]}
                    """),
            Map.entry("templatedRoute", "- routeConfiguration: {onException: [{" + CATCHES + "}]}\n" + """
                    - routeTemplate: {id: failing, from: {uri: direct:probe, steps: [{throwException: {exceptionType: java.lang.IllegalStateException, message: x}}]}}
                    - templatedRoute: {routeTemplateRef: failing, routeId: probe}
                    """),
            Map.entry("rest", "- rest: {id: mine, path: /mine, get: [{path: /VALUE, to: direct:probe}]}\n" + PROBE)));

    private static final Queue SEEN_VALUES = new Queue();
    private static final Semaphore STUCK = new Semaphore(0);
    private static final Set<String> PATHS = new ConcurrentSkipListSet<>();
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path types;

    private static ProducerTemplate producer;
    private static Map<String, Object> untouched;

    private final AtomicLong clock = new AtomicLong();
    private final CamelRouteFiles files = new CamelRouteFiles(CAMEL, Duration.ofSeconds(1), clock::get);
    private final Map<String, String> texts = new TreeMap<>();

    private static final class Queue extends ConcurrentLinkedQueue<String> implements Processor {
        @Override
        public void process(Exchange exchange) {
            add(exchange.getMessage().getBody(String.class));
        }
    }

    /** A bean of a file. */
    public static final class Greeter {
        static final Set<String> STOPPED = new TreeSet<>();
        private String word;

        public void setWord(String word) {
            this.word = word;
        }

        public String greet() {
            return word;
        }

        public void stop() {
            STOPPED.add(word);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        CAMEL.disableJMX();
        CAMEL.getRegistry().bind("seen", SEEN_VALUES);
        CAMEL.getRegistry().bind("stuck", (Processor) exchange -> STUCK.acquire());
        CAMEL.getRegistry().bind("platform-http-engine", (PlatformHttpEngine) Paths::new);
        CAMEL.getRestConfiguration().setComponent("platform-http");
        CAMEL.getRestConfiguration().setInlineRoutes(false);
        CAMEL.getComponent("kamelet", KameletComponent.class).setLocation("file:" + types);
        CAMEL.getComponent("kamelet", KameletComponent.class).setBlock(false);
        CAMEL.getComponent("direct", DirectComponent.class).setBlock(false);
        CAMEL.start();
        PluginHelper.getRoutesLoader(CAMEL).loadRoutes(ResourceHelper.fromString("opsbus.yaml", OPSBUS));
        producer = CAMEL.createProducerTemplate();
        producer.start();
        untouched = fingerprint();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    /** The paths that are served. */
    private static final class Paths extends DefaultConsumer implements PlatformHttpConsumer {
        private Paths(PlatformHttpEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
        }

        @Override
        public PlatformHttpEndpoint getEndpoint() {
            return (PlatformHttpEndpoint) super.getEndpoint();
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            PATHS.add(getEndpoint().getPath());
        }

        @Override
        protected void doStop() throws Exception {
            PATHS.remove(getEndpoint().getPath());
            super.doStop();
        }
    }

    private static Map<String, Object> fingerprint() {
        Model model = CAMEL.getCamelContextExtension().getContextPlugin(Model.class);
        Map<String, Object> all = new TreeMap<>();
        all.put(
                "routes",
                CAMEL.getRoutes().stream()
                        .map(route -> route.getRouteId() + " "
                                + CAMEL.getRouteController().getRouteStatus(route.getRouteId()))
                        .sorted()
                        .toList());
        all.put(
                "definitions",
                model.getRouteDefinitions().stream()
                        .map(route -> route.getRouteId())
                        .sorted()
                        .toList());
        all.put(
                "templates",
                model.getRouteTemplateDefinitions().stream()
                        .map(template -> template.getId())
                        .sorted()
                        .toList());
        all.put(
                "configurations",
                model.getRouteConfigurationDefinitions().stream()
                        .map(configuration -> String.valueOf(configuration.getId()))
                        .sorted()
                        .toList());
        all.put(
                "rests",
                model.getRestDefinitions().stream()
                        .map(rest -> String.valueOf(rest.getId()))
                        .sorted()
                        .toList());
        all.put("formats", new TreeSet<>(model.getDataFormats().keySet()));
        all.put(
                "model's beans",
                model.getCustomBeans().stream().map(bean -> bean.getName()).toList());
        all.put(
                "beans",
                new TreeSet<>(
                        ((SimpleRegistry) ((DefaultRegistry) CAMEL.getRegistry()).getFallbackRegistry()).keySet()));
        all.put(
                "endpoints",
                CAMEL.getEndpoints().stream()
                        .map(endpoint -> endpoint.getEndpointUri())
                        .sorted()
                        .toList());
        all.put("rest services", CAMEL.getRestRegistry().size());
        all.put("paths", Set.copyOf(PATHS));
        return all;
    }

    @AfterEach
    void nothingIsLeft() {
        texts.clear();
        apply();
        assertThat(fingerprint()).isEqualTo(untouched);
        SEEN_VALUES.clear();
    }

    /** Changes what the folder holds; the problems are told without the file's name. */
    private List<String> write(String file, String text) {
        texts.put(file, text);
        return apply();
    }

    private List<String> apply() {
        return files.apply(texts, Set.of(), Set.of("webhook", "shout"), Set.of()).stream()
                .map(HookProblem::toString)
                .toList();
    }

    private static void probe(String value) {
        SEEN_VALUES.clear();
        try {
            producer.sendBody("direct:probe", "x");
        } catch (CamelExecutionException e) {
            throw new AssertionError(value, e);
        }
        await(value).until(() -> SEEN_VALUES.stream().anyMatch(seen -> seen.contains(value)));
    }

    @TestFactory
    Stream<DynamicTest> eachElementOfCamelsYamlComesChangesAndGoesWithItsFileOrSaysWhyNot() throws Exception {
        JsonNode schema;
        try (InputStream text = CAMEL.getClassResolver().loadResourceAsStream("schema/camelYamlDsl.json")) {
            schema = JSON.readTree(text);
        }
        List<String> elements = new ArrayList<>();
        schema.at("/items/properties").fieldNames().forEachRemaining(elements::add);
        assertThat(elements).hasSizeGreaterThan(10).contains("route", "rest");
        assertThat(CamelYaml.ELEMENTS).isEqualTo(SAMPLES.keySet());
        return elements.stream()
                .flatMap(element -> Stream.of(
                        DynamicTest.dynamicTest(element, () -> comesChangesAndGoes(element, text -> text)),
                        DynamicTest.dynamicTest(
                                element + " in an Integration",
                                () -> comesChangesAndGoes(element, CamelRouteFilesTest::integration))));
    }

    private static String integration(String list) {
        return "apiVersion: camel.apache.org/v1\nkind: Integration\nmetadata: {name: x}\nspec:\n  flows:\n"
                + list.indent(2);
    }

    private void comesChangesAndGoes(String element, java.util.function.UnaryOperator<String> as) {
        try {
            if (CamelYaml.REFUSED.containsKey(element)) {
                assertThat(write("a.yaml", as.apply("- " + element + ": {}\n" + PROBE)))
                        .singleElement()
                        .asString()
                        .endsWith(element + ": " + CamelYaml.REFUSED.get(element));
                return;
            }
            String sample = as.apply(SAMPLES.get(element));
            assertThat(write("a.yaml", sample.replace("VALUE", "first"))).isEmpty();
            probe("first");
            assertThat(element.equals("rest") == PATHS.contains("/mine/first")).isTrue();
            assertThat(write("a.yaml", sample.replace("VALUE", "second"))).isEmpty();
            probe("second");
            assertThat(PATHS).doesNotContain("/mine/first");
            Map<String, Object> runs = fingerprint();
            assertThat(write(
                            "a.yaml",
                            sample.replace("VALUE", "third")
                                            .replace("setBody", "setBodi")
                                            .replace("name: greeter, ", "")
                                            .replace("$Greeter", "$Nobody")
                                            .replace("simple: '{{word}}'", "simple: '{{wordless}}'")
                                    + (sample.contains("setBody") || sample.contains("beans") ? "" : "- nosuch: {}\n")))
                    .singleElement()
                    .asString()
                    .endsWith("; what ran before keeps running");
            probe("second");
            assertThat(fingerprint()).isEqualTo(runs);
            texts.clear();
            assertThat(apply()).isEmpty();
            assertThat(fingerprint()).isEqualTo(untouched);
        } finally {
            texts.clear();
            apply();
        }
    }

    /** Camel's own parser is content with these; what is wrong comes out when they are to run. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            - route: {id: probe, from: {uri: direct:probe, steps: [{to: nosuch:x}]}}
            - beans: [{name: b, type: no.such.Type}]
            - beans: [{name: greeter, type: routes.hooks.sources.CamelRouteFilesTest$Greeter, properties: {nosuch: x}}]
            - rest: {path: /mine, get: [{path: /x, to: nosuch:x}]}
            - rest: {path: /mine, get: [{path: /x, to: direct:x}, {path: /x, to: direct:x}]}
            - routeTemplate: {id: t, from: {uri: nosuch:x, steps: [{log: x}]}}\\n- templatedRoute: {routeTemplateRef: t}
            - routeConfiguration: {onException: [{onException: {exception: [no.such.Exception]}}]}\\n- from: {uri: direct:x, steps: [{log: x}]}
            """)
    void whatCamelRefusesWhenItIsToRunLeavesWhatRanBefore(String text) {
        String list = text.replace("\\n", "\n") + "\n";
        for (String sample :
                List.of("beans", "dataFormats", "onException", "routeConfiguration", "routeTemplate", "rest")) {
            assertThat(write("a.yaml", SAMPLES.get(sample).replace("VALUE", "first")))
                    .isEmpty();
            Map<String, Object> runs = fingerprint();
            assertThat(write("a.yaml", list))
                    .as(sample)
                    .singleElement()
                    .asString()
                    .startsWith("a.yaml")
                    .endsWith("; what ran before keeps running");
            assertThat(fingerprint()).as(sample).isEqualTo(runs);
            List<Route> running = CAMEL.getRoutes();
            assertThat(write("a.yaml", list)).as(sample).hasSize(1);
            assertThat(CAMEL.getRoutes())
                    .as("to try again at once would stop them")
                    .isEqualTo(running);
            probe("first");
        }
        texts.remove("a.yaml");
        apply();
        assertThat(write("b.yaml", list))
                .singleElement()
                .asString()
                .startsWith("b.yaml")
                .doesNotContain("keeps running");
        assertThat(fingerprint()).isEqualTo(untouched);
    }

    /** The hook, whose route comes later or is there, would go with the file, or could not come. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            - route: {id: 'hook:default/late', from: {uri: 'direct:x', steps: [{log: x}]}}            | a.yaml:1:15 a route with the id hook:default/late may be one of a hook: ids that begin with
            - route: {id: type-webhook, from: {uri: 'direct:x', steps: [{log: x}]}}                   | a.yaml:1:15 a route with the id type-webhook may be one of a hook
            - route: {id: hook-default.late, from: {uri: 'direct:x', steps: [{log: x}]}}              | a.yaml:1:15 a route with the id hook-default.late may be one of a hook
            - rest: {path: /mine, get: [{path: /x, id: 'hook:a/b', routeId: 'hook:a/b', to: 'direct:x'}]} | may be one of a hook
            - routeTemplate: {id: t, from: {uri: 'direct:x', steps: [{log: x}]}}\\n- templatedRoute: {routeTemplateRef: t, routeId: 'hook:a/b'} | a.yaml:2:50 a route with the id hook:a/b may be one of a hook
            - routeTemplate: {id: t, parameters: [{name: n}], from: {uri: 'direct:{{n}}', steps: [{log: x}]}}\\n- templatedRoute: {routeTemplateRef: t, parameters: [{name: n, value: 'hook:a/b'}]} | route a-1 listens on direct://hook:a/b: what begins with direct:hook: is the hooks' own
            - route: {id: mine, from: {uri: 'direct:hook:default/late', steps: [{log: x}]}}           | a.yaml:1:1 route mine listens on direct://hook:default/late: what begins with direct:hook: is the hooks' own; give it another name
            - route: {id: mine, from: {uri: 'direct://hook:default/late?block=false', steps: [{log: x}]}} | route mine listens on
            - route: {id: mine, from: {uri: 'direct:hook%3Adefault/late', steps: [{log: x}]}}         | route mine listens on
            - route: {id: mine, from: {uri: direct, parameters: {name: 'hook:default/late'}, steps: [{log: x}]}} | route mine listens on
            - route: {id: mine, from: {uri: 'direct:mine', steps: [{to: 'kamelet:shout/type-shout'}]}} | a route with the id type-shout may be one of a hook
            - route: {id: mine, from: {uri: 'direct:mine', steps: [{to: 'kamelet:shout/hook-a.b'}]}}  | a route with the id hook-a.b may be one of a hook
            """)
    void whatMayBeOneOfAHookIsRefused(String text, String problem) throws Exception {
        Files.writeString(types.resolve("shout.kamelet.yaml"), SHOUT);
        assertThat(write("a.yaml", text.replace("\\n", "\n")))
                .singleElement()
                .asString()
                .contains(problem);
        texts.clear();
        apply();
        CAMEL.removeRouteTemplates("shout");
    }

    @Test
    void whatIsNoneOfAHookRunsUnderSuchAName() {
        assertThat(write(
                        "hook-a.yaml",
                        "- from: {uri: 'direct:hooks.x', steps: [{log: x}]}\n"
                                + "- route: {id: hooks-b.c, from: {uri: 'direct:y', steps: [{log: x}]}}"))
                .isEmpty();
        assertThat(files.states()).extracting(CamelRouteState::id).containsExactly("hook-a-1", "hooks-b.c");
    }

    /** They would keep hooks waiting, a patience for each. */
    @Test
    void routesThatAreStuckAreWaitedForTogetherAndOneFileARound() throws Exception {
        List<String> all = new ArrayList<>();
        try {
            for (String file : List.of("a", "b", "c")) {
                StringBuilder list = new StringBuilder();
                for (int i = 0; i < 6; i++) {
                    list.append("- from: {uri: 'direct:FILEI', steps: [{process: {ref: stuck}}]}\n"
                            .replace("FILE", file)
                            .replace("I", "" + i));
                    all.add("direct:" + file + i);
                }
                assertThat(write(file + ".yaml", list.toString())).isEmpty();
            }
            for (String uri : all) {
                new Thread(() -> producer.send(uri, exchange -> {})).start();
            }
            await().until(() -> STUCK.getQueueLength() == all.size());
            texts.put("a.yaml", SAMPLES.get("route").replace("VALUE", "first"));
            texts.remove("b.yaml");
            texts.put("c.yaml", SAMPLES.get("route").replace("probe", "other").replace("VALUE", "first"));
            for (int round = 1; round <= 3; round++) {
                texts.put("new" + round + ".yaml", "- from: {uri: 'direct:new" + round + "', steps: [{log: x}]}");
                long began = System.nanoTime();
                assertThat(apply()).isEmpty();
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
                assertThat(files.isUnfinished()).isEqualTo(round < 3);
                assertThat(CAMEL.getRoute("new" + round + "-1"))
                        .as("what is new waits for nobody")
                        .isNotNull();
                assertThat(files.states())
                        .filteredOn(state -> state.id().matches("[abc]-\\d"))
                        .hasSize(18 - 6 * round);
            }
            probe("first");
        } finally {
            STUCK.release(all.size());
        }
        await().until(() -> STUCK.availablePermits() == 0);
    }

    @Test
    void anEditThatCamelRefusesIsTriedAgainWithPatienceWhateverHappensToOtherFiles() {
        assertThat(write("a.yaml", SAMPLES.get("route").replace("VALUE", "first")))
                .isEmpty();
        Route before = CAMEL.getRoute("probe");
        assertThat(
                        write(
                                "a.yaml",
                                "- route: {id: probe, from: {uri: direct:probe, steps: [{bean: {ref: greeter, method: greet}}, {process: {ref: seen}}]}}"))
                .singleElement()
                .asString()
                .endsWith("; what ran before keeps running");
        Route tried = CAMEL.getRoute("probe");
        assertThat(tried).isNotSameAs(before);
        String other = "- from: {uri: 'direct:b', steps: [{log: N}]}\n";
        for (int i = 0; i < 5; i++) {
            assertThat(write("b.yaml", other.replace("N", "" + i))).hasSize(1);
            texts.remove("b.yaml");
            assertThat(apply()).hasSize(1);
            assertThat(CAMEL.getRoute("probe")).isSameAs(tried);
            clock.addAndGet(1_500_000_000);
        }
        for (int seconds : List.of(11, 21, 41)) { // nothing comes: less and less often
            clock.addAndGet(seconds * 1_000_000_000L);
            assertThat(apply()).hasSize(1);
            assertThat(CAMEL.getRoute("probe")).isNotSameAs(tried);
            tried = CAMEL.getRoute("probe");
            clock.addAndGet(seconds * 1_000_000_000L);
            assertThat(apply()).hasSize(1);
            assertThat(CAMEL.getRoute("probe")).isSameAs(tried);
        }
        String bean = SAMPLES.get("beans").lines().findFirst().orElseThrow().replace("VALUE", "second");
        assertThat(write("b.yaml", bean)).as("what it waited for comes").isEmpty();
        probe("second");
    }

    /** For these nothing is stopped: they are looked at in each round. */
    @Test
    void anEditWhoseNameIsTakenRunsWhenTheNameIsFree() {
        assertThat(write("a.yaml", SAMPLES.get("route").replace("VALUE", "first")))
                .isEmpty();
        assertThat(write("b.yaml", SAMPLES.get("route").replace("probe", "b"))).isEmpty();
        Route before = CAMEL.getRoute("probe");
        texts.put("a.yaml", SAMPLES.get("route").replace("id: probe", "id: b").replace("VALUE", "second"));
        assertThat(apply()).hasSize(1);
        assertThat(apply()).hasSize(1);
        assertThat(CAMEL.getRoute("probe")).isSameAs(before);
        texts.remove("b.yaml");
        assertThat(apply()).isEmpty();
        probe("second");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            route with the id          | id   | own-route    | - route: {id: ID, from: {uri: 'direct:FILE', steps: [{log: x}]}}
            bean named                 | name | seen         | - beans: [{name: ID, type: java.util.Date}]
            data format with the id    | id   | own-format   | - dataFormats: [{json: {id: ID}}]
            route template with the id | id   | own-template | - routeTemplate: {id: ID, from: {uri: direct:x, steps: [{log: x}]}}
            route configuration with the id | id | own-errors | - routeConfiguration: {id: ID, errorHandler: {noErrorHandler: {}}}\\n- from: {uri: 'direct:FILE', steps: [{log: x}]}
            rest with the id           | id   | own-rest     | - rest: {id: ID, path: '/FILE', get: [{path: /x, to: direct:x}]}
            """)
    void whatTwoFilesOrOpsbusCallAlikeIsRefusedOfTheSecond(String kind, String word, String own, String text) {
        String sample = text.replace("\\n", "\n");
        assertThat(write("hooks/b.yaml", sample.replace("FILE", "b").replace("ID", "mine")))
                .isEmpty();
        Map<String, Object> runs = fingerprint();
        assertThat(write("hooks/a.yaml", sample.replace("FILE", "a").replace("ID", "mine")))
                .singleElement()
                .asString()
                .matches("hooks/a.yaml:1:[1-9]\\d* a " + kind
                        + " mine exists already, in hooks/b.yaml; give this one another " + word);
        assertThat(write("hooks/a.yaml", sample.replace("FILE", "a").replace("ID", own)))
                .singleElement()
                .asString()
                .endsWith(
                        "a " + kind + " " + own + " exists already, and is opsbus' own; give this one another " + word);
        assertThat(fingerprint()).isEqualTo(runs);
        assertThat(write("hooks/a.yaml", sample.replace("FILE", "a").replace("ID", "another")))
                .isEmpty();
        // the name is free again with its file
        texts.remove("hooks/b.yaml");
        assertThat(apply()).isEmpty();
        assertThat(write("hooks/a.yaml", sample.replace("FILE", "a").replace("ID", "mine")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- routeTemplate: {id: webhook, from: {uri: 'direct:x', steps: [{log: x}]}}",
                "- beans: [{name: http, type: java.util.Date}]",
                "- beans: [{name: simple, type: java.util.Date}]",
                "- dataFormats: [{json: {id: jackson}}]",
                "- routeConfiguration: {id: OWN-ERRORS, errorHandler: {noErrorHandler: {}}}\n- from: {uri: 'direct:x', steps: [{log: x}]}"
            })
    void whatCamelWouldTakeForOneOfItsOwnIsRefused(String text) {
        assertThat(write("a.yaml", text))
                .singleElement()
                .asString()
                .contains(" exists already, and is opsbus' own; give this one another ");
    }

    /** Camel resolves an id when the route comes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "- route: {id: '{{no.such:ID}}', from: {uri: direct:probe, steps: " + SEEN + "}}\n",
                "- routeTemplate: {id: greeting, from: {uri: direct:probe, steps: " + SEEN
                        + "}}\n- templatedRoute: {routeTemplateRef: greeting, routeId: '{{no.such:ID}}'}\n"
            })
    void anIdWithAPlaceholderIsTheIdThatItSays(String text) {
        String sample = text.replace("VALUE", "there");
        assertThat(write("a.yaml", sample.replace("ID", "own-route")))
                .singleElement()
                .asString()
                .contains("a route with the id own-route exists already, and is opsbus' own");
        assertThat(write("a.yaml", sample.replace("ID", "type-webhook")))
                .singleElement()
                .asString()
                .contains("may be one of a hook");
        assertThat(write("a.yaml", sample.replace("ID", "mine"))).isEmpty();
        probe("there");
        assertThat(files.states()).extracting(CamelRouteState::id).containsExactly("mine");
    }

    @Test
    void theClausesOfAFileHoldForItsOwnRoutesOnly() {
        String other = FAILS.replace("probe", "other");
        for (String clauses :
                List.of("onException", "errorHandler", "intercept", "onCompletion", "routeConfiguration")) {
            String file = SAMPLES.get(clauses).replace("VALUE", "caught");
            for (String configured :
                    List.of(file, file.replace("- routeConfiguration: {", "- routeConfiguration: {id: '*', "))) {
                assertThat(write("a.yaml", configured)).isEmpty();
                assertThat(write("b.yaml", other)).isEmpty();
                texts.remove("b.yaml");
                apply();
                assertThat(write("b.yaml", other)).isEmpty();
                SEEN_VALUES.clear();
                for (String route : List.of("direct:own", "direct:other")) {
                    assertThat(CAMEL.createProducerTemplate()
                                    .send(route, exchange -> {})
                                    .isFailed())
                            .as("%s for %s", clauses, route)
                            .isTrue();
                }
                probe("caught");
                assertThat(SEEN_VALUES).as(clauses).isNotEmpty();
                SEEN_VALUES.clear();
                CAMEL.createProducerTemplate().send("direct:own", exchange -> {});
                CAMEL.createProducerTemplate().send("direct:other", exchange -> {});
                assertThat(SEEN_VALUES).as(clauses).isEmpty();
            }
        }
        assertThat(write(
                        "a.yaml",
                        "- routeConfiguration: {id: shared, onException: [{" + CATCHES.replace("VALUE", "caught")
                                + "}]}\n" + FAILS.replace("id: probe", "id: probe, routeConfigurationId: 'sh*'")))
                .isEmpty();
        probe("caught");
        assertThat(write("b.yaml", other.replace("id: other", "id: other, routeConfigurationId: shared")))
                .singleElement()
                .asString()
                .contains(
                        "routeConfigurationId: there is no routeConfiguration shared in this file; it holds for the routes of its own file only");
        assertThat(write("b.yaml", other.replace("id: other", "id: other, routeConfigurationId: own-errors")))
                .as("opsbus' own may be used")
                .isEmpty();
    }

    @Test
    void theBeansOfAFileAreStoppedWithIt() {
        Greeter.STOPPED.clear();
        write("a.yaml", SAMPLES.get("beans").replace("VALUE", "first"));
        write("a.yaml", SAMPLES.get("beans").replace("VALUE", "second"));
        assertThat(Greeter.STOPPED).containsExactly("first");
        texts.clear();
        apply();
        assertThat(Greeter.STOPPED).containsExactly("first", "second");
    }

    @Test
    void aRestAndTheRouteItCallsStayTwoRoutes() {
        assertThat(write("a.yaml", "- rest: {path: /mine, get: [{path: /x, to: direct:own}]}\n"))
                .isEmpty();
        assertThat(CAMEL.getRoute("own-route")).isNotNull();
        assertThat(files.states()).extracting(CamelRouteState::id).containsExactly("a-1");
        texts.clear();
        apply();
        assertThat(CAMEL.getRoute("own-route")).isNotNull();
    }

    private static final String SHOUT = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: {name: shout}
            spec:
              definition: {title: Shout}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setBody: {simple: "${body} LOUD"}
            """;
    private static final String PIPE = """
            apiVersion: camel.apache.org/v1
            kind: Pipe
            metadata:
              name: my-pipe
              annotations: {trait.camel.apache.org/camel.properties: "a=b"}
            spec:
              source: {uri: "direct:probe"}
              steps:
                - ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: shout}
              sink: {uri: "bean:seen"}
            """;

    @Test
    void aPipeRunsItsKameletsAndTheirEdits(CapturedOutput log) throws Exception {
        Files.writeString(types.resolve("shout.kamelet.yaml"), SHOUT.replace("LOUD", "HEY"));
        assertThat(write("hooks/a.yaml", PIPE)).isEmpty();
        assertThat(files.states()).extracting(CamelRouteState::id).containsExactly("my-pipe");
        probe("x HEY");
        assertThat(log.getAll())
                .containsOnlyOnce("hooks/a.yaml: [trait.camel.apache.org/camel.properties] mean nothing here");
        assertThat(write("hooks/b.yaml", SAMPLES.get("from").replace("direct:probe", "direct:b")))
                .isEmpty();
        assertThat(log.getAll())
                .containsOnlyOnce("hooks/a.yaml: [trait.camel.apache.org/camel.properties] mean nothing here");
        Files.writeString(types.resolve("shout.kamelet.yaml"), SHOUT.replace("LOUD", "HO"));
        CAMEL.removeRouteTemplates("shout"); // as HookRoutes does
        assertThat(files.apply(texts, Set.of(), Set.of("shout"), Set.of("shout")))
                .isEmpty();
        probe("x HO");
        assertThat(write("hooks/a.yaml", PIPE.replace("name: shout", "name: nosuch")))
                .singleElement()
                .asString()
                .contains("there is no Kamelet nosuch")
                .endsWith("what ran before keeps running");
        probe("x HO");
        texts.clear();
        apply();
        CAMEL.removeRouteTemplates("shout");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                  | a.yaml holds no route; a list of Camel routes begins with - route: or - from:
            - log: x                                            | a.yaml:1:3 log: is unknown; known: beans, dataFormats, errorHandler, from
            - routes: x                                         | a.yaml:1:3 routes: is unknown; did you mean route?
            - on-exception: {}                                  | a.yaml:1:3 on-exception: is unknown; did you mean onException?
            - {route: {}, from: {}}                             | a.yaml:1:3 each entry of a list of Camel's has one name
            - words                                             | a.yaml:1:3 each entry of a list of Camel's has one name
            - beans: {a: b}                                     | a.yaml:1:10 beans: is not a list
            - beans: [{name: a}]                                | a.yaml:1:11 a bean needs a name and a type
            - beans: [{name: a, type: b}, {name: a, type: b}]   | a.yaml:1:31 a bean named a is written above
            - beans: [{name: a, typ: b}]                        | a.yaml:1:
            - dataFormats: [{json: {}}]                         | a.yaml:1:17 a data format needs an id
            - dataFormats: [{route: {id: a}}]                   | a.yaml:1:18 route: is unknown; known: asn1
            - dataFormats: [{nosuch: {id: a}}]                  | a.yaml:1:18 nosuch: is unknown; known: asn1
            - dataFormats: [{jso: {id: a}}]                     | a.yaml:1:18 jso: is unknown; did you mean json?
            - from: {uri: 'direct:x', steps: [{logg: x}]}       | a.yaml:1:35 logg: is unknown; did you mean log?
            - from: {uri: 'direct:x', steps: [{zzzzzzzzzz: x}]} | a.yaml:1:35 zzzzzzzzzz: is unknown; known: aggregate, bean
            - from: {uri: 'direct:x', steps: [{log: {mesage: x}}]} | mesage: is unknown here; did you mean message?
            - from: {uri: 'direct:x', stepps: []}               | stepps: is unknown here; did you mean steps?
            - routeConfiguration: [{onException: []}]           | a.yaml:1:23 routeConfiguration: is a list; write its keys indented below it, without -
            - from: {uri: 'direct:x', steps: {log: x}}          | from.steps: is a map; write a list, of which each entry begins with -
            - route: [x]                                        | a.yaml:1:10 route: is a list; write its keys indented below it, without -
            - from: {uri: 'direct:x', steps: [{setBody: [x]}]}  | from.steps[0].setBody: is a list; write its keys indented below it, without -
            - from: {uri: 'direct:x', steps: [[log]]}           | from.steps[0]: is a list
            - beans: [{name: bb, type: no.such.Klass}]          | the bean bb of type no.such.Klass can't be made: there is no class no.such.Klass here; check its spelling, or put its jar and those it needs into lib/ (docs/components.md says how)
            - onException: {exception: [java.lang.Exception]}   | a.yaml holds no route: exception clauses, error handlers, interceptors and route configurations hold for the routes of their own file only
            - errorHandler: {noErrorHandler: {}}                | a.yaml holds no route: exception clauses, error handlers
            - routeConfiguration: {id: x}                       | a.yaml holds no route: exception clauses, error handlers
            - templatedRoute: {routeTemplateRef: x}             | a.yaml templatedRoute: there is no routeTemplate with the id x in this file
            - routeConfiguration: {interceptSendToEndpoint: [{interceptSendToEndpoint: {uri: 'x:y'}}]}\\n- from: {uri: 'direct:x', steps: [{log: x}]} | to Camel it holds for all routes there are
            - routeConfiguration: {id: 'a.*'}\\n- from: {uri: 'direct:x', steps: [{log: x}]}      | has other characters than letters
            - onException: {exception: [java.lang.Exception]}\\n- routeTemplate: {id: t, from: {uri: 'direct:x', steps: [{log: x}]}}\\n- templatedRoute: {routeTemplateRef: t} | do not hold for a templatedRoute
            - from: {uri: 'direct:x', steps: [{log: x}]}\\n- onException: {exception: [java.lang.Exception]} | onException must be defined before any routes
            kind: Integration                                   | a.yaml:1:1 apiVersion: is required; write apiVersion: camel.apache.org/v1
            {apiVersion: v1, kind: Integration}                 | a.yaml:1:1 apiVersion: is v1; write apiVersion: camel.apache.org/v1
            {apiVersion: camel.apache.org/v1, kind: Integration} | a.yaml:1:1 spec: is required
            {apiVersion: camel.apache.org/v1, kind: Integration, spec: {flow: []}} | a.yaml:1:61 spec.flow: is unknown; did you mean flows?
            {apiVersion: camel.apache.org/v1, kind: Integration, spec: {dependencies: []}} | a.yaml:1:60 spec.flows: is required
            {apiVersion: camel.apache.org/v1, kind: Integration, spec: {flows: x}} | a.yaml:1:68 spec.flows: is not a list
            {apiVersion: camel.apache.org/v1, kind: Integration, spec: {sources: [{name: a.java}], flows: []}} | spec.sources: source code is not run here
            {apiVersion: camel.apache.org/v1, kind: Integration, spec: {flows: []}, more: 1} | more: is unknown; known: apiVersion, kind, metadata, spec, status
            {apiVersion: camel.apache.org/v1, kind: Integration, spec: {flows: [{restConfiguration: {}}]}} | a.yaml:1:70 restConfiguration: holds for all of opsbus
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {source: {uri: 'direct:x'}}} | spec.sink: is required, with a uri or a ref
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {sink: {uri: 'log:x'}}}      | spec.source: is required, with a uri or a ref
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {source: {uri: 'direct:x'}, sink: {uri: 'log:x'}, step: []}} | spec.step: is unknown; did you mean steps?
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {source: {uri: 'direct:x'}, sink: {}}}           | spec.sink: needs a uri or a ref, and not both
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {source: {uri: 'direct:x'}, sink: {ref: {kind: Secret, name: x}}}} | spec.sink.ref: kind: Secret: is unknown; known: Broker
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {source: {uri: 'direct:x'}, sink: {ref: {kind: Kamelet}}}}         | spec.sink.ref: needs a name
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {source: {uri: 'direct:x'}, steps: [{to: x}], sink: {uri: 'log:x'}}} | spec.steps[0].to: is unknown
            {apiVersion: camel.apache.org/v1, kind: Pipe, spec: {source: {uri: 'direct:x'}, sink: {uri: 'log:x'}, errorHandler: {bean: {}}}} | spec.errorHandler.bean: is unknown; known: log, none, sink
            {apiVersion: camel.apache.org/v1alpha1, kind: KameletBinding, spec: {}} | a.yaml:1:1 kind: KameletBinding is the old name of Pipe; write apiVersion: camel.apache.org/v1 and kind: Pipe
            """)
    void whatIsUnknownOrCanNotBeSaysWhyAndWhatIsKnown(String text, String problem) {
        assertThat(write("a.yaml", text.replace("\\n", "\n")))
                .singleElement()
                .asString()
                .contains(problem);
        assertThat(fingerprint()).isEqualTo(untouched);
    }

    @Test
    void theExamplesOfThePageRunAndItNamesEachElement() throws Exception {
        String page = Files.readString(Path.of("docs/hooks.md"));
        String section =
                page.substring(page.indexOf("## Plain Camel routes"), page.indexOf("## When something is wrong"));
        List<String> examples = Pattern.compile("(?s)```yaml\n(.*?)```")
                .matcher(section)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
        for (int i = 0; i < examples.size(); i++) {
            assertThat(write("example-" + i + ".yaml", examples.get(i)))
                    .as(examples.get(i))
                    .isEmpty();
        }
        assertThat(files.states())
                .extracting(CamelRouteState::id)
                .contains("incident-room", "example-1-1", "heartbeat", "room");
        producer.sendBody("direct:hooks.blue", "x");
        assertThat(section)
                .contains(Stream.concat(CamelYaml.ELEMENTS.stream(), CamelYaml.REFUSED.keySet().stream())
                        .map("`%s`"::formatted)
                        .toList());
    }
}
