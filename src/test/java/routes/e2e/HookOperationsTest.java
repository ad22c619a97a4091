package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nats.client.api.StreamInfoOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Hooks listed, paused, resumed, and one event explained, over HTTP and over JMX. Each test has its own hooks and
 * subjects.
 */
class HookOperationsTest extends EndToEnd {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String READER = "a-token-with-role-read";
    private static final String MBEAN = "org.apache.camel:context=opsbus,type=opsbus,name=Hooks";

    static Api api;

    private static int jmxPort;

    @BeforeAll
    static void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            jmxPort = free.getLocalPort();
        }
        opsbus.with(
                        "--opsbus.delivery.retry-levels=200ms,500ms,1s",
                        "--opsbus.hooks.settle=100ms",
                        "--opsbus.hooks.poll=50ms")
                .environment(
                        "JDK_JAVA_OPTIONS",
                        "-Dcom.sun.management.jmxremote.port=" + jmxPort + " -Dcom.sun.management.jmxremote.rmi.port="
                                + jmxPort
                                + " -Dcom.sun.management.jmxremote.host=127.0.0.1 -Djava.rmi.server.hostname=127.0.0.1"
                                + " -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false")
                .environment("OPSBUS_SECURITY_TOKENS_1_NAME", "reader")
                .environment("OPSBUS_SECURITY_TOKENS_1_TOKEN", READER)
                .environment("OPSBUS_SECURITY_TOKENS_1_ROLES", "read");
        api = new Api(opsbus);
        opsbus.start();
    }

    private static void write(String name, String type, String subject, String url, String more) throws IOException {
        opsbus.hook(name + ".yaml", HooksEndToEndTest.hook(name, type, subject, url, more));
    }

    private static void run(String name, String type, String subject, String url, String more) throws IOException {
        write(name, type, subject, url, more);
        await().atMost(LONG).until(() -> opsbus.logText().contains("hook e2e/" + name + " runs: "));
    }

    private static void publish(String id, String subject, String message) {
        Events.publish(bus, id, subject, "Reason", message).join();
    }

    private static JsonNode awaitState(String hook, String pointer, String value) {
        return await().atMost(LONG)
                .until(() -> api.hook(hook), row -> row.at(pointer).asText().equals(value));
    }

    @Test
    void aHookIsListedWithItsFiguresAndWithoutItsSecrets() throws Exception {
        run(
                "listed",
                "webhook",
                "ops.listed.>",
                inbox.url("/listed?key=secret"),
                "keywords: {include: [this], exclude: [that]}");
        publish("listed-1", "ops.listed.x", "this");
        JsonNode row = awaitState("e2e/listed", "/delivered", "1");
        assertThat(row.path("namespace").asText()).isEqualTo("e2e");
        assertThat(row.path("name").asText()).isEqualTo("listed");
        assertThat(row.path("type").asText()).isEqualTo("webhook");
        assertThat(row.path("subject").asText()).isEqualTo("ops.listed.>");
        assertThat(row.path("url").asText()).startsWith("http://127.0.0.1:").doesNotContain("secret");
        assertThat(row.path("keywords").toString())
                .isEqualTo(
                        "{\"include\":[\"this\"],\"exclude\":[\"that\"],\"matchMode\":\"ANY\",\"matchType\":\"CONTAINS\"}");
        assertThat(row.path("source").asText()).isEqualTo("hooks/listed.yaml:1:1");
        assertThat(row.path("accepted").asBoolean()).isTrue();
        assertThat(row.path("matched").asInt()).isEqualTo(1);
        for (String member : new String[] {"problem", "paused", "failing_since", "last_error"}) {
            assertThat(row.has(member) && row.path(member).isNull()).as(member).isTrue();
        }
    }

    @Test
    void anEditCountsForWhatWaitsInMemoryToo() throws Exception {
        inbox.on("/moved-from", Inbox.Behaviour.slow(1_000));
        run("moved", "webhook", "ops.moved.>", inbox.url("/moved-from"), "");
        for (int i = 0; i < 400; i++) {
            publish("moved-" + i, "ops.moved.x", "m");
        }
        await().atMost(LONG).until(() -> inbox.taken("/moved-from").size() >= 5);
        write("moved", "webhook", "ops.moved.>", inbox.url("/moved-to"), "");
        await().atMost(LONG)
                .until(() -> inbox.taken("/moved-from").size()
                                + inbox.taken("/moved-to").size()
                        >= 400);
        assertThat(inbox.taken("/moved-to")).hasSizeGreaterThan(100);
        assertThat(Stream.of("/moved-from", "/moved-to").flatMap(path -> inbox.taken(path).stream()))
                .extracting(Inbox.Request::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void aPauseInTheFileHoldsForWhatWaitsInMemoryToo() throws Exception {
        inbox.on("/halted", Inbox.Behaviour.slow(1_000));
        run("halted", "webhook", "ops.halted.>", inbox.url("/halted"), "");
        for (int i = 0; i < 400; i++) {
            publish("halted-" + i, "ops.halted.x", "m");
        }
        await().atMost(LONG).until(() -> inbox.taken("/halted").size() >= 5);
        write("halted", "webhook", "ops.halted.>", inbox.url("/halted"), "paused: true");
        await().atMost(LONG).until(() -> parked("e2e.halted") > 100);
        await().atMost(LONG)
                .until(() -> parked("e2e.halted") + inbox.taken("/halted").size() == 400);
        inbox.on("/halted", Inbox.Behaviour.ok());
        write("halted", "webhook", "ops.halted.>", inbox.url("/halted"), "");
        await().atMost(LONG).until(() -> inbox.taken("/halted").size() >= 400);
        assertThat(inbox.taken("/halted")).extracting(Inbox.Request::id).doesNotHaveDuplicates();
    }

    private static long parked(String hook) throws Exception {
        Map<String, Long> counts = bus.management()
                .getStreamInfo("opsbus-parked", StreamInfoOptions.filterSubjects("opsbus.parked." + hook))
                .getStreamState()
                .getSubjectMap();
        return counts == null ? 0 : counts.values().stream().mapToLong(n -> n).sum();
    }

    /** A hook that fails is attempted every second, and what waits for it is brought forward when it answers. */
    @Test
    void nobodyIsAskedAgainEarlierThanRetryAfterSays() throws Exception {
        Map<String, Long> refused = new ConcurrentHashMap<>();
        List<Long> waits = new CopyOnWriteArrayList<>();
        inbox.on("/later", request -> {
            Long before = refused.putIfAbsent(request.id(), System.nanoTime());
            if (before == null) {
                return Inbox.Behaviour.status(503, "Retry-After: 4");
            }
            waits.add(Duration.ofNanos(System.nanoTime() - before).toMillis());
            return Inbox.Behaviour.ok();
        });
        run("later", "webhook", "ops.later.>", inbox.url("/later"), "");
        for (int i = 0; i < 20; i++) {
            publish("later-" + i, "ops.later.x", "m");
        }
        await().atMost(LONG).until(() -> inbox.taken("/later").size() == 20);
        assertThat(waits).hasSize(20).allMatch(wait -> wait >= 3_900);
    }

    /** The endpoint may be a server that those who may read opsbus may not ask. */
    @Test
    void whatAnEndpointAnsweredIsShownToOperatorsAndItsStatusToReaders() throws Exception {
        HttpServer telling = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        telling.createContext("/refuses", exchange -> answer(exchange, 418, "s3cret answer"));
        telling.createContext(
                "/chat", exchange -> answer(exchange, 200, "{\"errcode\":310000,\"errmsg\":\"s3cret answer\"}"));
        telling.start();
        try {
            String url = "http://127.0.0.1:" + telling.getAddress().getPort();
            run("tells", "webhook", "ops.tells.x", url + "/refuses", "");
            run("tells-too", "xiezuo", "ops.tells.x", url + "/chat", "");
            publish("tells-1", "ops.tells.x", "this");
            for (String hook : List.of("e2e/tells", "e2e/tells-too")) {
                await().atMost(LONG)
                        .until(
                                () -> api.explained("tells-1", hook),
                                row -> row.path("state").asText().equals("dead"));
                for (String path :
                        List.of("/api/v1/hooks", "/api/v1/explain?event=tells-1", "/api/v1/deadletters?hook=" + hook)) {
                    String shown = opsbus.get(path, READER).body();
                    assertThat(shown).as(path).contains(hook).doesNotContain("s3cret");
                    assertThat(opsbus.get(path).body()).as(path).contains("s3cret answer");
                }
            }
            assertThat(opsbus.get("/api/v1/explain?event=tells-1", READER).body())
                    .contains("HTTP 418", "http-418", "chat-refused");
        } finally {
            telling.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    @Test
    void aRejectedHookIsListedWithThePlaceAndTheReason() throws Exception {
        write("wrong", "webhook", "ops.wrong.*x", inbox.url("/wrong"), "");
        JsonNode row = awaitState("e2e/wrong", "/accepted", "false");
        assertThat(row.path("problem").asText()).startsWith("hooks/wrong.yaml:8:12 spec.subject: ");
        assertThat(row.path("source").asText()).startsWith("hooks/wrong.yaml:8");
        opsbus.hook("no-yaml.yaml", "kind: [");
        assertThat(awaitState("hooks/no-yaml.yaml", "/accepted", "false")
                        .path("problem")
                        .asText())
                .startsWith("hooks/no-yaml.yaml:");
        write("refused", "camel", "ops.wrong.x", "log:x?noSuchOption=1", "");
        assertThat(awaitState("e2e/refused", "/accepted", "false")
                        .path("problem")
                        .asText())
                .startsWith("hooks/refused.yaml:9:8 spec.url: has a parameter that a hook can't set; ");
        assertThat(api.post("/api/v1/hooks/e2e/wrong/pause").body())
                .contains("does not run, it is rejected: hooks/wrong.yaml:8:12");
    }

    @Test
    void aHookWhoseNewestEditIsBrokenRunsAndSaysWhatIsWrong() throws Exception {
        run("edited", "webhook", "ops.edited.x", inbox.url("/edited"), "");
        write("edited", "webhook", "ops.edited.*x", inbox.url("/edited"), "");
        JsonNode row = await().atMost(LONG)
                .until(
                        () -> api.hook("e2e/edited"),
                        edited -> !edited.path("problem").isNull());
        assertThat(row.path("accepted").asBoolean()).isTrue();
        assertThat(row.path("subject").asText()).isEqualTo("ops.edited.x");
        assertThat(row.path("problem").asText()).startsWith("hooks/edited.yaml:8:12 ");
    }

    @Test
    void aFailingHookSaysSinceWhenAndWhyUntilItDeliversAgain() throws Exception {
        inbox.on("/failing", Inbox.Behaviour.status(503));
        run("failing", "webhook", "ops.failing.x", inbox.url("/failing"), "");
        Instant before = Instant.now();
        publish("failing-1", "ops.failing.x", "m");
        JsonNode row = await().atMost(LONG)
                .until(
                        () -> api.hook("e2e/failing"),
                        failing -> failing.path("failing_since").isTextual());
        assertThat(Instant.parse(row.path("failing_since").asText())).isBetween(before, Instant.now());
        assertThat(row.path("last_error").asText()).endsWith(" http-503: HTTP 503");
        assertThat(mbean("read", "/Failing").json().path("value").asInt()).isPositive();
        inbox.on("/failing", Inbox.Behaviour.ok());
        row = awaitState("e2e/failing", "/delivered", "1");
        assertThat(row.path("failing_since").isNull()).isTrue();
    }

    @Test
    void explainShowsEachAttemptWithItsStatus() throws Exception {
        int[] calls = new int[1];
        inbox.on("/flaky", request -> calls[0]++ < 1 ? Inbox.Behaviour.status(500) : Inbox.Behaviour.status(202));
        run("flaky", "webhook", "ops.explained.x", inbox.url("/flaky"), "keywords: {include: [this]}");
        publish("c/explained/1", "ops.explained.x", "this");
        JsonNode flaky = await().atMost(LONG)
                .until(
                        () -> api.explained("c/explained/1", "e2e/flaky"),
                        row -> row.path("state").asText().equals("delivered"));
        assertThat(flaky.path("fires").asBoolean()).isTrue();
        assertThat(flaky.path("why").asText()).isEqualTo("include: this");
        assertThat(flaky.path("target").asText()).isEqualTo(inbox.url("/…"));
        JsonNode attempts = flaky.path("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).path("attempt").asInt()).isEqualTo(1);
        assertThat(attempts.get(0).path("outcome").asText()).isEqualTo("http-500");
        assertThat(attempts.get(0).path("status").asInt()).isEqualTo(500);
        assertThat(attempts.get(1).path("attempt").asInt()).isEqualTo(2);
        assertThat(attempts.get(1).path("outcome").asText()).isEqualTo("delivered");
        assertThat(attempts.get(1).path("status").asInt()).isEqualTo(202);
        assertThat(Instant.parse(attempts.get(0).path("time").asText()))
                .isBefore(Instant.parse(attempts.get(1).path("time").asText()));
        assertThat(api.explain("c/explained/1").json().at("/data/event/subject").asText())
                .isEqualTo("ops.explained.x");
    }

    @Test
    void explainNamesTheClauseOfEveryHook() throws Exception {
        inbox.on("/refuses", Inbox.Behaviour.status(404));
        run("refuses", "webhook", "ops.every.*.events", inbox.url("/refuses"), "");
        run("excludes", "webhook", "ops.every.*.events", inbox.url("/excludes"), "keywords: {exclude: [cordon]}");
        run("elsewhere", "webhook", "ops.every.other.*", inbox.url("/elsewhere"), "");
        run("forwards", "event", "ops.every.*.events", "ops.everywhere.*.alerts", "");
        write("broken", "webhook", "ops.every.*.events", inbox.url("/broken"), "keywords: {matchMode: SOME}");
        awaitState("e2e/broken", "/accepted", "false");
        publish("every-1", "ops.every.n1.events", "cordon n1");

        JsonNode refuses = await().atMost(LONG)
                .until(
                        () -> api.explained("every-1", "e2e/refuses"),
                        row -> row.path("state").asText().equals("dead"));
        assertThat(refuses.path("why").asText()).isEqualTo("no keywords");
        assertThat(refuses.path("attempts").findValuesAsText("outcome")).containsExactly("http-404", "dead letter");
        assertThat(refuses.path("attempts").get(1).path("detail").asText()).startsWith("http-404: ");
        JsonNode forwards = api.explained("every-1", "e2e/forwards");
        assertThat(forwards.path("state").asText()).isEqualTo("delivered");
        assertThat(forwards.path("target").asText())
                .startsWith("ops.everywhere.")
                .endsWith(".alerts");
        JsonNode excludes = api.explained("every-1", "e2e/excludes");
        assertThat(excludes.path("fires").asBoolean()).isFalse();
        assertThat(excludes.path("why").asText()).isEqualTo("exclude: cordon");
        assertThat(excludes.path("state").asText()).isEqualTo("none");
        assertThat(api.explained("every-1", "e2e/elsewhere").path("why").asText())
                .isEqualTo("subject");
        assertThat(api.explained("every-1", "e2e/broken").path("why").asText())
                .startsWith("rejected: hooks/broken.yaml:");
    }

    @Test
    void anEventThatIsNotThereIsSaidToBeGone() throws Exception {
        publish("here-1", "ops.here.x", "m");
        OpsbusProcess.Answer answer = api.explain("nowhere/1");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("message").asText())
                .startsWith("there is no event nowhere/1 in stream ops, which reaches back to 20");
        assertThat(api.get("/api/v1/explain?event=here-1&sequence=1").status())
                .as("a wrong sequence does no harm")
                .isEqualTo(200);
    }

    @Test
    void aHookIsPausedAndResumedOverJmx() throws Exception {
        run("managed", "webhook", "ops.managed.x", inbox.url("/managed"), "");
        assertThat(mbean("exec", "/pause/e2e!/managed").json().path("status").asInt())
                .isEqualTo(200);
        assertThat(mbean("read", "/Paused").json().path("value").asInt()).isPositive();
        publish("managed-1", "ops.managed.x", "m");
        awaitState("e2e/managed", "/pending", "1");
        assertThat(api.explained("managed-1", "e2e/managed").path("why").asText())
                .isEqualTo("no keywords (paused)");
        assertThat(api.explained("managed-1", "e2e/managed").path("state").asText())
                .isEqualTo("pending");
        assertThat(inbox.taken("/managed")).isEmpty();
        assertThat(mbean("exec", "/resume/e2e!/managed").json().path("status").asInt())
                .isEqualTo(200);
        await().atMost(LONG).until(() -> inbox.taken("/managed").size() == 1);
        assertThat(mbean("exec", "/pause/e2e!/nobody").body()).contains("there is no hook e2e/nobody");
        assertThat(mbean("exec", "/register()").json().path("status").asInt())
                .as("nothing else may be called")
                .isNotEqualTo(200);
    }

    @Test
    void deadLettersAreReplayedOverJmx() throws Exception {
        inbox.on("/replayed", Inbox.Behaviour.status(404));
        run("replayed", "webhook", "ops.replayed.x", inbox.url("/replayed"), "");
        publish("replayed-1", "ops.replayed.x", "m");
        awaitState("e2e/replayed", "/dead", "1");
        inbox.on("/replayed", Inbox.Behaviour.ok());
        assertThat(mbean("exec", "/replay/e2e!/replayed").json().path("value").asText())
                .isEqualTo("1 are delivered again, 0 stay");
        await().atMost(LONG).until(() -> inbox.taken("/replayed").size() == 1);
        assertThat(await().atMost(LONG)
                        .until(
                                () -> api.explained("replayed-1", "e2e/replayed"),
                                row -> row.path("state").asText().equals("delivered"))
                        .path("attempts")
                        .findValuesAsText("outcome"))
                .containsExactly("http-404", "dead letter", "delivered");
    }

    private static OpsbusProcess.Answer mbean(String does, String what) throws Exception {
        return api.get("/actuator/jolokia/" + does + "/" + MBEAN + what);
    }

    /** A client over RMI has only the JDK's classes: any other in an answer is an UnmarshalException there. */
    @Test
    void overPlainJmxWhateverFailsIsOfTheJdk() throws Exception {
        run("by-author", "webhook", "ops.by-author.x", inbox.url("/by-author"), "paused: true");
        write("broken-jmx", "webhook", "ops.broken.*x", inbox.url("/x"), "");
        awaitState("e2e/broken-jmx", "/accepted", "false");
        Map<String, Throwable> thrown = new TreeMap<>();
        try (JMXConnector connector = JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + jmxPort + "/jmxrmi"))) {
            MBeanServerConnection client = connector.getMBeanServerConnection();
            ObjectName hooks = new ObjectName(MBEAN);
            for (MBeanAttributeInfo attribute : client.getMBeanInfo(hooks).getAttributes()) {
                assertThat(client.getAttribute(hooks, attribute.getName())).isInstanceOf(Long.class);
            }
            for (MBeanOperationInfo operation : client.getMBeanInfo(hooks).getOperations()) {
                if (operation.getSignature().length != 1) {
                    continue; // the getters
                }
                for (String hook : new String[] {
                    "e2e/nobody", "e2e/by-author", "e2e/broken-jmx", "nobody", "", "e2e/*", "\u0000 >", null
                }) {
                    try {
                        client.invoke(
                                hooks, operation.getName(), new Object[] {hook}, new String[] {String.class.getName()});
                    } catch (Exception e) {
                        thrown.put(operation.getName() + " " + hook, e);
                    }
                }
            }
        }
        assertThat(thrown).containsKeys("pause e2e/nobody", "resume e2e/nobody", "resume e2e/by-author");
        assertThat(deepest(thrown.get("pause e2e/nobody"))).hasMessageContaining("there is no hook e2e/nobody");
        thrown.forEach((call, failure) -> {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                assertThat(cause.getClass().getName())
                        .as(call)
                        .matches("(java|javax\\.management)\\..*")
                        .doesNotContain("Unmarshal");
            }
        });
    }

    private static Throwable deepest(Throwable failure) {
        return failure.getCause() == null ? failure : deepest(failure.getCause());
    }

    @Test
    void aPlainCamelRouteIsListedWithItsCounts() throws Exception {
        opsbus.hook("plain-route.yaml", """
                - route:
                    id: e2e-plain
                    description: Counts to three
                    from:
                      uri: timer:e2e-plain?repeatCount=3&period=10
                      steps:
                        - log: "tick"
                """);
        JsonNode row = await().atMost(LONG)
                .until(
                        () -> api.route("e2e-plain"),
                        route -> route.path("exchanges").asInt() == 3);
        assertThat(row.toString())
                .isEqualTo(
                        "{\"id\":\"e2e-plain\",\"source\":\"hooks/plain-route.yaml\",\"description\":\"Counts to three\",\"status\":\"started\","
                                + "\"exchanges\":3,\"completed\":3,\"failed\":0,\"inflight\":0}");
        assertThat(api.hook("e2e-plain").isMissingNode()).isTrue();
    }

    @Test
    void anEventAndWhatAHookPublishedForItKnowEachOther() throws Exception {
        run("republishes", "event", "ops.clusters.test.nodes.n9.events", "alerts", "");
        publish("c/forwarded/1", "ops.clusters.test.nodes.n9.events", "m");
        String published = await().atMost(LONG)
                .until(
                        () -> api.explained("c/forwarded/1", "e2e/republishes"),
                        row -> row.path("state").asText().equals("delivered"))
                .path("published")
                .asText();
        JsonNode alert = api.explain(published).json().at("/data/event");
        assertThat(alert.path("subject").asText()).isEqualTo("ops.clusters.test.nodes.n9.alerts");
        assertThat(alert.path("origin").asText()).isEqualTo("c/forwarded/1");
        JsonNode event = api.explain("c/forwarded/1").json().at("/data/event");
        assertThat(event.has("origin") && event.path("origin").isNull()).isTrue();
        for (String[] filter : new String[][] {
            {"forwarded=false", "c/forwarded/1"},
            {"forwarded=true", published},
            {"observation=alerts", published},
            {"observation=EVENTS", "c/forwarded/1"}
        }) {
            assertThat(api.get("/api/v1/events/ops.clusters.test.nodes.n9.%3E?" + filter[0])
                            .json()
                            .at("/data/list")
                            .findValues("event"))
                    .as(filter[0])
                    .extracting(found -> found.path("id").asText())
                    .containsExactly(filter[1]);
        }
        assertThat(api.get("/api/v1/events/ops.%3E?forwarded=maybe").status()).isEqualTo(400);
    }

    @Test
    void resumeStartsARouteThatWasStoppedInTheConsole() throws Exception {
        run("stopped", "webhook", "ops.stopped.x", inbox.url("/stopped"), "");
        assertThat(api.get(
                                "/actuator/jolokia/exec/org.apache.camel:context=opsbus,name=%22hook:e2e!/stopped%22,type=routes/stop()")
                        .status())
                .isEqualTo(200);
        assertThat(api.hook("e2e/stopped").path("paused").asText()).isEqualTo("stopped in Hawtio, this replica");
        await().atMost(LONG)
                .until(() ->
                        opsbus.logText().contains("hook e2e/stopped: its route was stopped in Hawtio or over JMX"));
        publish("stopped-1", "ops.stopped.x", "m");
        awaitState("e2e/stopped", "/pending", "1");
        assertThat(api.post("/api/v1/hooks/e2e/stopped/resume").status()).isEqualTo(200);
        await().atMost(LONG).until(() -> inbox.taken("/stopped").size() == 1);
        await().atMost(LONG).until(() -> opsbus.logText().contains("hook e2e/stopped: its route is started again"));
        assertThat(api.hook("e2e/stopped").path("paused").isNull()).isTrue();
    }

    @Test
    void whatItsAuthorPausedOnlyItsAuthorResumes() throws Exception {
        run("authors", "webhook", "ops.authors.x", inbox.url("/authors"), "paused: true");
        assertThat(api.hook("e2e/authors").path("paused").asText()).isEqualTo("author");
        OpsbusProcess.Answer answer = api.post("/api/v1/hooks/e2e/authors/resume");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("message").asText())
                .isEqualTo(
                        "the hook e2e/authors is paused by its author; take `paused: true` out of it (hooks/authors.yaml:1:1)");
        assertThat(api.post("/api/v1/hooks/e2e/nobody/pause").status()).isEqualTo(404);
        assertThat(api.post("/api/v1/hooks/e2e/nobody/resume").status()).isEqualTo(404);
    }
}
