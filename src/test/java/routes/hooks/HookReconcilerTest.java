package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.sources.CamelRouteFiles;
import routes.hooks.sources.HookFiles;
import routes.hooks.sources.HookResources;
import routes.hooks.sources.WrittenHooks;
import routes.hooks.spec.EndpointRules;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookTypes;
import routes.hooks.spec.Hooks;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** What is written, and what runs of it, with Camel's own word on each route. */
@ExtendWith(OutputCaptureExtension.class)
class HookReconcilerTest {

    private static final String CLOSED = "http://closed.example/";
    private static final String PICKY = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: {name: picky}
            spec:
              definition:
                title: Test
                properties:
                  level: {type: string}
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - to: "log:picky?level={{level}}"
            """;

    /** The resources of a cluster, and what their authors are told. */
    private static final class Cluster implements HookResources {
        private final Map<String, String> json = new HashMap<>();
        private final Map<String, String> told = new HashMap<>();

        @Override
        public Optional<Map<String, String>> current() {
            return Optional.of(Map.copyOf(json));
        }

        @Override
        public void report(String id, List<HookProblem> problems, boolean runs) {
            told.put(id, problems + " " + runs);
        }
    }

    @TempDir
    static Path natsFolder;

    private static NatsServer server;
    private static NatsBus bus;

    @TempDir
    Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final HookRegistry registry = new HookRegistry();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Cluster cluster = new Cluster();
    private HookReconciler reconciler;
    private HookStates states;

    @BeforeAll
    static void startNats() throws Exception {
        server = new NatsServer(natsFolder);
        bus = server.bus();
    }

    @AfterAll
    static void stopNats() throws Exception {
        bus.close();
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("types"));
        Files.writeString(folder.resolve("types/picky.kamelet.yaml"), PICKY);
        camel.disableJMX();
        camel.getComponent("kamelet", KameletComponent.class)
                .setLocation("classpath:camel/types,file:" + folder.resolve("types"));
        camel.start();
        CamelRouteFiles routeFiles = new CamelRouteFiles(camel);
        reconciler = new HookReconciler(
                new HookFiles(folder, Duration.ZERO, System::nanoTime),
                cluster,
                new WrittenHooks(
                        HookTypes.builtIn(),
                        EndpointRules.defaults(),
                        hook -> Optional.of("spec.url: closed here")
                                .filter(closed -> hook.url().equals(CLOSED)),
                        name -> null),
                registry,
                new HookRoutes(camel),
                routeFiles,
                id -> new HookReconciler.HookBirth(new HookMetrics(metrics, id), () -> false));
        states = new HookStates(registry, new PausedHooks(null, bus), metrics, routeFiles);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void reconcile() {
        assertThat(reconciler.reconcile(() -> {}, () -> {})).isTrue();
    }

    private void picky(String name, String level) throws Exception {
        Files.writeString(
                folder.resolve(name + ".yaml"),
                Hooks.file("type: picky", "options: {level: " + level + "}").replace("name: a", "name: " + name));
    }

    /** In Hawtio's tree and tables, and in the route's source. */
    @Test
    void aHooksRouteSaysWhatTheHookWantsAlsoAfterAnEdit() throws Exception {
        Path file = folder.resolve("a.yaml");
        Files.writeString(
                file, Hooks.file("type: webhook", "keywords: {include: [OOMKilled, BackOff], exclude: [test]}"));
        reconcile();
        Route route = camel.getRoute("hook:default/a");
        String subject = registry.current().byId().get("default/a").spec().subject();
        assertThat(route.getDescription())
                .isEqualTo("webhook on " + subject
                        + " when the text contains any of OOMKilled | BackOff and none of test");
        Files.writeString(
                file,
                Hooks.file("type: webhook", "keywords: {exclude: ['" + "x".repeat(300) + "'], matchType: REGEX}"));
        reconcile();
        assertThat(camel.getRoute("hook:default/a")).isSameAs(route);
        assertThat(route.getDescription())
                .isEqualTo("webhook on " + subject + " when the text matches none of " + "x".repeat(200) + "...");
        assertThat(camel.getRouteDefinition("hook:default/a").getDescriptionText())
                .isEqualTo(route.getDescription());
        Files.writeString(file, Hooks.file("type: webhook"));
        reconcile();
        assertThat(route.getDescription()).isEqualTo("webhook on " + subject);
    }

    private HookState state(String id) {
        return states.list().stream()
                .filter(state -> state.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aHookThatCamelRefusesDoesNotRunAndSaysSoEverywhere(CapturedOutput log) throws Exception {
        picky("good", "WARN");
        picky("bad", "loud");
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("default/good");
        assertThat(registry.current().rejected()).containsExactly("default/bad");
        assertThat(registry.rejected()).isEqualTo(1);
        assertThat(state("default/bad").accepted()).isFalse();
        assertThat(state("default/bad").problem()).startsWith(folder.resolve("bad.yaml") + ":1:1 Camel can't run it: ");
        assertThat(state("default/good").accepted()).isTrue();
        assertThat(log.getAll())
                .contains("rejected: " + folder.resolve("bad.yaml"), "hook default/good runs: ")
                .doesNotContain("hook default/bad runs");
        picky("bad", "INFO");
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("default/bad", "default/good");
        assertThat(registry.current().rejected()).isEmpty();
        assertThat(state("default/bad").problem()).isNull();
        assertThat(log.getAll()).contains("hook default/bad runs: ");
    }

    @Test
    void aHookThatIsPutAsideDoesNotRunUntilItIsWrittenOtherwise(CapturedOutput log) {
        cluster.json.put("ops/slow", resource("slow", "(.{0,999}q){4}Z"));
        cluster.json.put("ops/other", resource("other", "evicted"));
        reconcile();
        EventHook slow = registry.current().byId().get("ops/slow").spec();
        registry.putAside(slow, new HookProblem(slow.origin(), slow.id(), "spec.keywords: the hook is put aside"));
        assertThat(registry.current().index().matching("ops.x", () -> "evicted"))
                .as("at once")
                .extracting(EventHook::id)
                .containsExactly("ops/other");
        reconcile();
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("ops/other");
        assertThat(registry.current().mayExist("ops/slow"))
                .as("what waits for it waits on")
                .isTrue();
        assertThat(registry.aside()).isEqualTo(1);
        assertThat(state("ops/slow").accepted()).isFalse();
        assertThat(state("ops/slow").problem()).isEqualTo("EventHooks ops/slow spec.keywords: the hook is put aside");
        assertThat(cluster.told)
                .containsEntry("ops/slow", "[EventHooks ops/slow spec.keywords: the hook is put aside] false")
                .containsEntry("ops/other", "[] true");
        assertThat(log.getAll()).containsOnlyOnce("rejected: EventHooks ops/slow spec.keywords: the hook is put aside");

        cluster.json.put("ops/another", resource("another", "OOM"));
        reconcile();
        assertThat(registry.current().byId()).as("others come and go").containsOnlyKeys("ops/other", "ops/another");
        cluster.json.put("ops/slow", resource("slow", "OOMKilled"));
        reconcile();
        assertThat(registry.current().byId()).containsKey("ops/slow");
        assertThat(registry.aside()).isZero();
        assertThat(state("ops/slow").problem()).isNull();
    }

    private static String resource(String name, String expression) {
        return """
                {"apiVersion": "crd.chenshaowen.com/v1", "kind": "EventHooks", "metadata": {"namespace": "ops", "name": "%s"},
                 "spec": {"type": "webhook", "subject": "ops.>", "url": "http://example.com/", "keywords": {"matchType": "REGEX", "include": ["%s"]}}}
                """.formatted(name, expression);
    }

    /** Each hook whose type takes parameters has a Kamelet of its own, whatever the two are called. */
    @Test
    void noTwoHooksShareAKameletOfTheirOwn() throws Exception {
        Files.writeString(folder.resolve("types/picky-x.kamelet.yaml"), PICKY.replace("name: picky", "name: picky-x"));
        Files.writeString(
                folder.resolve("one.yaml"),
                Hooks.file("type: picky", "options: {level: WARN}").replace("name: a", "name: n\n  namespace: x-ns"));
        Files.writeString(
                folder.resolve("two.yaml"),
                Hooks.file("type: picky-x", "options: {level: INFO}").replace("name: a", "name: n\n  namespace: ns"));
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("x-ns/n", "ns/n");
        assertThat(registry.current().byId().values())
                .extracting(HookRoutes::instance)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(camel.getRoute(id)).isNotNull());
    }

    @Test
    void anEditThatCamelRefusesLeavesTheVersionBeforeRunning(CapturedOutput log) throws Exception {
        picky("edited", "WARN");
        reconcile();
        picky("edited", "loud");
        reconcile();
        assertThat(registry.current().byId().get("default/edited").routeIsComing())
                .isFalse();
        assertThat(camel.getRoute("hook:default/edited")).isNotNull();
        assertThat(state("default/edited").hook().options()).containsEntry("level", "WARN");
        assertThat(state("default/edited").problem())
                .contains("Camel can't run it: ")
                .endsWith("; its version before keeps running");
        assertThat(log.getAll()).doesNotContain("runs in its new version");
        // another hook's change is no reason to try again
        Object route = camel.getRoute("hook:default/edited");
        picky("another", "WARN");
        reconcile();
        assertThat(camel.getRoute("hook:default/edited")).isSameAs(route);
        assertThat(state("default/edited").problem()).endsWith("; its version before keeps running");
        picky("edited", "ERROR");
        reconcile();
        assertThat(state("default/edited").hook().options()).containsEntry("level", "ERROR");
        assertThat(state("default/edited").problem()).isNull();
        assertThat(log.getAll()).contains("hook default/edited runs in its new version");
    }

    @Test
    void theLogSaysWhenTheVersionBeforeKeepsRunning(CapturedOutput log) throws Exception {
        String kept = "; the version before keeps running";
        Files.writeString(folder.resolve("one.yaml"), Hooks.file().replace("name: a", "name: one"));
        Files.writeString(folder.resolve("two.yaml"), Hooks.file().replace("name: a", "name: two"));
        Files.writeString(folder.resolve("new.yaml"), Hooks.file("type: nope").replace("name: a", "name: new"));
        reconcile();
        assertThat(log.getAll())
                .contains("rejected: " + folder.resolve("new.yaml") + ":")
                .doesNotContain(kept);
        Files.writeString(folder.resolve("one.yaml"), Hooks.file("type: nope").replace("name: a", "name: one"));
        Files.writeString(folder.resolve("two.yaml"), "kind: [");
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("default/one", "default/two");
        assertThat(log.getAll().lines().filter(line -> line.contains("rejected: ") && line.endsWith(kept)))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains(folder.resolve("one.yaml") + ":"),
                        line -> assertThat(line).contains(folder.resolve("two.yaml") + ":"));
    }

    @Test
    void aTypeWhoseNewTemplateCamelRefusesTakesItsHooksWithIt(CapturedOutput log) throws Exception {
        picky("one", "WARN");
        Files.writeString(folder.resolve("two.yaml"), Hooks.file().replace("name: a", "name: two"));
        reconcile();
        Files.writeString(folder.resolve("types/picky.kamelet.yaml"), PICKY.replace("log:picky", "nosuch:picky"));
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("default/two");
        assertThat(state("default/one").accepted()).isFalse();
        Files.writeString(folder.resolve("types/picky.kamelet.yaml"), PICKY);
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("default/one", "default/two");
        assertThat(log.getAll().lines().filter(line -> line.contains("hook default/one runs")))
                .hasSize(2);
    }

    @Test
    void aResourceThatIsRejectedDoesNotRunAndItsAuthorIsTold(CapturedOutput log) throws Exception {
        cluster.json.put("ops/bad", resource("bad", "picky", "http://localhost/", "loud"));
        cluster.json.put("ops/camel", resource("camel", "camel", "log:x", null));
        cluster.json.put("ops/good", resource("good", "picky", "http://localhost/", "WARN"));
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("ops/good");
        assertThat(cluster.told.get("ops/bad")).contains("Camel can't run it").endsWith(" false");
        assertThat(cluster.told.get("ops/camel"))
                .contains("opsbus.hooks.resource-endpoints=true")
                .endsWith(" false");
        assertThat(cluster.told.get("ops/good")).isEqualTo("[] true");
        assertThat(log.getAll()).doesNotContain("hook ops/bad runs", "hook ops/camel runs");
        cluster.json.put("ops/good", resource("good", "picky", "http://localhost/", "loud"));
        reconcile();
        assertThat(cluster.told.get("ops/good"))
                .contains("its version before keeps running")
                .endsWith(" true");
    }

    @Test
    void aHookThatMayNotSendThereDoesNotRunAndAnEditLeavesTheVersionBeforeRunning(CapturedOutput log) throws Exception {
        cluster.json.put("ops/closed", resource("closed", "webhook", CLOSED, null));
        cluster.json.put("ops/open", resource("open", "webhook", "http://open.example/", null));
        reconcile();
        assertThat(registry.current().byId()).containsOnlyKeys("ops/open");
        assertThat(cluster.told.get("ops/closed"))
                .contains("spec.url: closed here")
                .endsWith(" false");
        assertThat(log.getAll()).contains("hook ops/open runs: ").doesNotContain("hook ops/closed runs");
        cluster.json.put("ops/open", resource("open", "webhook", CLOSED, null));
        reconcile();
        assertThat(registry.current().byId().get("ops/open").spec().url()).isEqualTo("http://open.example/");
        assertThat(cluster.told.get("ops/open"))
                .contains("spec.url: closed here")
                .endsWith(" true");
        assertThat(log.getAll()).doesNotContain("runs in its new version");
    }

    private static String resource(String name, String type, String url, String level) {
        return """
                {"apiVersion":"crd.chenshaowen.com/v1","kind":"EventHooks","metadata":{"name":"%s","namespace":"ops"},
                "spec":{"type":"%s","subject":"ops.>","url":"%s"%s}}""".formatted(name, type, url, level == null ? "" : ",\"options\":{\"level\":\"" + level + "\"}");
    }

    /**
     * The rule over all of them: what is said to run has a route, and what is said to be rejected has none or an older
     * one.
     */
    @Test
    void nothingIsEverBothRejectedAndSaidToRun(CapturedOutput log) throws Exception {
        List<String> levels = new ArrayList<>(List.of("WARN", "loud", "INFO", "shrill", "ERROR"));
        for (int round = 0; round < levels.size() * 2; round++) {
            for (int i = 0; i < 5; i++) {
                picky("h" + i, levels.get((round * (i + 1) + i) % levels.size()));
            }
            String before = log.getAll();
            reconcile();
            String said = log.getAll().substring(before.length());
            for (int i = 0; i < 5; i++) {
                String id = "default/h" + i;
                boolean rejected = registry.problems().stream().anyMatch(problem -> id.equals(problem.hookId()));
                assertThat(rejected && said.contains("hook " + id + " runs"))
                        .as("%s in round %d", id, round)
                        .isFalse();
                Optional<Hook> hook = registry.current().find(id);
                assertThat(hook.isPresent()).isEqualTo(camel.getRoute("hook:" + id) != null);
                assertThat(hook.isPresent() || rejected).isTrue();
                assertThat(hook.stream())
                        .allMatch(running -> Stream.of("WARN", "INFO", "ERROR")
                                .anyMatch(running.spec().options().get("level")::equals));
            }
        }
    }

    private String problemOf(String file, String text) throws Exception {
        Files.writeString(folder.resolve(file), text);
        reconcile();
        return registry.problems().stream()
                .map(HookProblem::toString)
                .filter(problem -> problem.startsWith(folder.resolve(file).toString()))
                .map(problem ->
                        problem.substring(folder.resolve(file).toString().length()))
                .findFirst()
                .orElse("");
    }

    @Test
    void whatIsWrongInARouteFileHasItsLineAndItsMend() throws Exception {
        String missing =
                " here; check its spelling, or put its jar and those it needs into lib/ (docs/components.md says how)";
        assertThat(problemOf("a.yaml", """
                - from:
                    uri: direct:a
                    steps:
                      - setBody: {constant: x}
                      - to: nosuch:there
                """)).isEqualTo(":5:1 there is no Camel component nosuch" + missing);
        assertThat(problemOf("b.yaml", """
                - route:
                    id: b
                    from:
                      uri: nosuch:here
                      steps:
                        - log: x
                """)).startsWith(":").endsWith(" there is no Camel component nosuch" + missing);
        assertThat(problemOf("c.yaml", """
                - from:
                    uri: direct:c
                    steps:
                      - filter:
                          language: {language: groovy, expression: "true"}
                          steps:
                            - log: x
                """)).endsWith(" there is no Camel language groovy" + missing);
        assertThat(problemOf("d.yaml", """
                - from:
                    uri: direct:d
                    steps:
                      - nosuchstep: x
                """)).startsWith(":4:").doesNotContain("keeps running");
        assertThat(problemOf("e.yaml", """
                - from:
                    uri: direct:e
                    steps:
                      - choice:
                          when:
                            - simple: "${body} == 'x"
                              steps:
                                - to: log:x?level=nosuch
                """)).matches("(?s):[1-9].*");
        assertThat(problemOf("f.yaml", "- from:\n    uri: direct:f\n    steps: [\n"))
                .matches(":[34]:1 .*");
    }

    @Test
    void onlyWhatRanBeforeKeepsRunning() throws Exception {
        String good = "- from: {uri: 'direct:a', steps: [{log: x}]}\n";
        assertThat(problemOf("a.yaml", good.replace("log:", "nosuchstep:")))
                .isNotEmpty()
                .doesNotContain("keeps running");
        assertThat(problemOf("a.yaml", good)).isEmpty();
        assertThat(problemOf("a.yaml", good.replace("log:", "nosuchstep:")))
                .endsWith("; what ran before keeps running");
        assertThat(camel.getRoutes()).hasSize(1);
    }

    private static final String ROUTES = """
            # two
            - route:
                id: "a-route"
                from:
                  uri: direct:a
                  steps: [{log: x}]
            - from: {uri: "direct:b", steps: [{setBody: {constant: "b"}}]}
            """;

    private static final String HOOK = Hooks.file("type: webhook", "keywords: {include: [x]}");

    /** Whatever a file is changed to: what is rejected changes nothing, be it in the reader's eyes or in Camel's. */
    @Test
    void whateverIsRejectedLeavesWhatRanOfTheFile() throws Exception {
        Map<String, byte[]> edits = new TreeMap<>();
        for (String text : List.of(ROUTES, HOOK)) {
            for (int cut = 1; cut < text.length(); cut += 11) {
                edits.put("cut at " + cut + " of " + text.length(), bytes(text.substring(0, cut)));
            }
            Random random = new Random(11);
            for (int i = 0; i < 15; i++) {
                StringBuilder edited = new StringBuilder(text);
                edited.setCharAt(
                        random.nextInt(text.length()), "[]{}:-#&*!|>'\"%@` \n\t\0x".charAt(random.nextInt(22)));
                edits.put("letter " + i + " of " + text.length(), bytes(edited.toString()));
            }
            edits.put("two documents of " + text.length(), bytes(text + "---\n" + ROUTES));
            edits.put(
                    "a hook that is wrong beside " + text.length(),
                    bytes(text + "---\n" + HOOK.replace("url:", "ur:")));
        }
        edits.put("no UTF-8", new byte[] {'-', ' ', (byte) 0xff});
        edits.put("no bytes", new byte[0]);
        edits.put("too large", bytes("- |\n" + "  xxxxx\n".repeat(450_000)));
        edits.put("deep", bytes("- ".repeat(5_000) + "x"));
        String bomb = IntStream.range(1, 60)
                .mapToObj(i -> "- &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n")
                .collect(Collectors.joining());
        edits.put("aliases of aliases", bytes("- &a0 [x]\n" + bomb));
        for (String text : List.of(
                "[]",
                "5",
                "- &a [*a]",
                "- route: &r {id: x, from: {uri: 'direct:x', steps: [{choice: &c {when: [*c]}}]}}",
                "- from: {uri: 'direct:x', steps: &s [{filter: {simple: x, steps: *s}}]}",
                "- beans: &b [{name: x, type: no.such.Type, properties: {x: *b}}]\n- from: {uri: 'direct:x', steps: [{log: x}]}",
                "- beans: [{name: x, type: routes.hooks.HookReconcilerTest$Unfit}]\n- from: {uri: 'direct:x', steps: [{log: x}]}",
                "&m {apiVersion: crd.chenshaowen.com/v1, kind: EventHooks, metadata: *m, spec: *m}",
                "&m {apiVersion: camel.apache.org/v1, kind: Integration, metadata: *m, spec: *m}",
                "{apiVersion: camel.apache.org/v1, kind: Integration, spec: {flows: []}}",
                "{apiVersion: camel.apache.org/v1, kind: KameletBinding, spec: {}}",
                "{apiVersion: v1, kind: Secret}",
                "- from: {uri: 'nosuch:x', steps: [{log: x}]}",
                "- " + HOOK.indent(2).strip(),
                HOOK.replaceAll("url: .*", "url: " + CLOSED),
                Hooks.file("type: picky", "options: {level: loud}"),
                "apiVersion: v1\nkind: List\nitems:\n- "
                        + HOOK.replace("url:", "ur:").indent(2).strip())) {
            edits.put(text.lines().findFirst().orElseThrow() + " " + text.hashCode(), bytes(text));
        }
        for (String before : List.of(ROUTES, HOOK)) {
            for (Map.Entry<String, byte[]> edit : edits.entrySet()) {
                rejectedLeavesWhatRan(before, edit.getKey(), edit.getValue());
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void rejectedLeavesWhatRan(String before, String edit, byte[] bytes) throws Exception {
        Path file = folder.resolve("a.yaml");
        Files.writeString(file, before);
        reconcile();
        reconcile();
        assertThat(registry.problems()).isEmpty();
        List<String> ran = running();
        assertThat(ran).hasSize(2);
        Files.write(file, bytes);
        reconcile();
        reconcile();
        if (!registry.problems().isEmpty()) {
            assertThat(running()).as("%s: %s", edit, registry.problems()).containsAll(ran);
        }
    }

    private List<String> running() {
        return Stream.concat(
                        camel.getRoutes().stream()
                                .filter(route -> camel.getRouteController()
                                        .getRouteStatus(route.getRouteId())
                                        .isStarted())
                                .map(Route::getRouteId)
                                .filter(id -> !id.startsWith("type-")),
                        registry.current().byId().keySet().stream())
                .toList();
    }

    /** A bean whose class can't be had. */
    public static final class Unfit {
        static {
            fail();
        }

        private static void fail() {
            throw new IllegalStateException("unfit");
        }
    }

    @Test
    void onlyAFileThatIsGoneOrIsSomethingElseRemovesItsRoutes(CapturedOutput log) throws Exception {
        Path file = folder.resolve("a.yaml");
        List<String> others = List.of("", "# nothing any more\n", HOOK, "---\n---\n");
        for (String other : others) {
            assertThat(problemOf("a.yaml", ROUTES)).isEmpty();
            assertThat(running()).contains("a-route", "a-2");
            assertThat(problemOf("a.yaml", ROUTES + "}]")).isNotEmpty();
            assertThat(running()).contains("a-route", "a-2");
            if (other.isEmpty()) {
                Files.delete(file);
                reconcile();
            } else {
                problemOf("a.yaml", other);
            }
            reconcile();
            assertThat(registry.problems()).isEmpty();
            assertThat(running()).doesNotContain("a-route", "a-2");
        }
        assertThat(log.getAll().lines().filter(line -> line.contains("rejected: ") && line.contains("is not YAML")))
                .isNotEmpty()
                .allMatch(line -> line.endsWith("; the version before keeps running"));
        // and the other way round
        problemOf("a.yaml", HOOK);
        assertThat(running()).contains("default/a");
        assertThat(problemOf("a.yaml", ROUTES)).isEmpty();
        reconcile();
        assertThat(running()).containsExactlyInAnyOrder("a-route", "a-2");
    }

    /** Camel would put another in the place of the instance that hooks run by. */
    @Test
    void aPlainRouteTakesNoInstanceOfAKameletFromTheHooks() throws Exception {
        Files.writeString(folder.resolve("one.yaml"), Hooks.file("type: webhook"));
        picky("two", "WARN");
        reconcile();
        for (String instance : List.of("webhook/type-webhook", "picky/hook-default.two")) {
            String id = instance.replaceFirst(".*/", "");
            String type = instance.replaceFirst("/.*", "");
            Route before = camel.getRoute(id);
            assertThat(before).isNotNull();
            for (String step : List.of(
                    "to: 'kamelet:" + instance + "?level=INFO'",
                    "wireTap: {uri: 'kamelet://" + instance + "'}",
                    "kamelet: " + instance,
                    "kamelet: {name: " + instance + ", parameters: {level: INFO}}",
                    "to: 'kamelet:" + type + "?level=INFO&routeId=" + id + "'",
                    "to: {uri: kamelet, parameters: {templateId: " + type + ", routeId: " + id + ", level: INFO}}",
                    "kamelet: {name: " + type + ", parameters: {level: INFO, routeId: " + id + "}}",
                    "to: 'kamelet:" + type + "/{{no.such:" + id + "}}?level=INFO'")) {
                assertThat(problemOf("plain.yaml", "- from: {uri: 'direct:plain', steps: [{" + step + "}]}\n"))
                        .as(step)
                        .contains(" may be one of a hook: ");
                assertThat(camel.getRoute(id)).as(step).isSameAs(before);
            }
            Files.delete(folder.resolve("plain.yaml"));
            reconcile();
            assertThat(camel.getRoute(id)).isSameAs(before);
        }
    }

    @Test
    void aFileThatNobodyReadsIsNamed() throws Exception {
        assertThat(problemOf("a.json", "{}"))
                .isEqualTo(
                        " is not read: hooks and routes are written in files whose names end with .yaml or .yml; rename it (JSON is YAML too), or move it elsewhere");
        assertThat(problemOf("A.YAML", "")).startsWith(" is not read: ");
        assertThat(problemOf("b.yaml.txt", "")).startsWith(" is not read: ");
        assertThat(problemOf("types/chat.yaml", ""))
                .startsWith(" is not read: a hook type is written in a file named {name}.kamelet.yaml");
        assertThat(problemOf("README.md", "")).isEmpty();
        assertThat(problemOf(".hidden.json", "")).isEmpty();
        assertThat(problemOf("a.yaml~", "")).isEmpty();
        // unlike a hook file that can't be read it leaves no doubt about which hooks there are
        assertThat(registry.current().blind()).isFalse();
    }

    /** Camel would take the one for the other. */
    @Test
    void aHookTypeAndARouteTemplateMayNotBeCalledAlike() throws Exception {
        String template = "- routeTemplate: {id: %s, from: {uri: 'direct:x', steps: [{log: x}]}}\n";
        assertThat(problemOf("a.yaml", template.formatted("picky")))
                .isEqualTo(
                        ":1:23 a route template with the id picky exists already, and is opsbus' own; give this one another id");
        assertThat(problemOf("a.yaml", template.formatted("webhook"))).contains("exists already, and is opsbus' own");
        assertThat(problemOf("a.yaml", template.formatted("fussy"))).isEmpty();
        assertThat(problemOf("types/fussy.kamelet.yaml", PICKY.replace("name: picky", "name: fussy")))
                .endsWith("metadata.name: a route template with the id fussy exists already, in "
                        + folder.resolve("a.yaml") + "; give one of them another name");
        Files.delete(folder.resolve("a.yaml"));
        reconcile();
        reconcile();
        assertThat(registry.problems()).isEmpty();
    }

    @Test
    void whatAFileBringsIsThereBesideTheHooksAndGoesWithIt() throws Exception {
        assertThat(problemOf("a.yaml", """
                apiVersion: camel.apache.org/v1
                kind: Pipe
                metadata: {name: piped}
                spec:
                  source: {uri: "direct:piped"}
                  steps: [{ref: {kind: Kamelet, name: picky}, properties: {level: WARN}}]
                  sink: {uri: "log:piped"}
                """)).isEmpty();
        assertThat(states.routes())
                .singleElement()
                .satisfies(route -> assertThat(route.id()).isEqualTo("piped"));
        picky("hooked", "WARN");
        reconcile();
        Files.writeString(folder.resolve("types/picky.kamelet.yaml"), PICKY.replace("log:picky", "log:pickier"));
        reconcile();
        assertThat(camel.getEndpoints())
                .extracting(Object::toString)
                .anyMatch(uri -> uri.startsWith("log://pickier"))
                .noneMatch(uri -> uri.startsWith("log://picky"));
        Files.delete(folder.resolve("a.yaml"));
        Files.delete(folder.resolve("hooked.yaml"));
        reconcile();
        assertThat(camel.getRouteDefinitions()).isEmpty();
        assertThat(camel.getRoutes()).isEmpty();
    }
}
