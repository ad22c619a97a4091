package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import routes.nats.WireHeaders;

/**
 * The main path with everything real: nats-server, opsbus as a process, an HTTP server. Each test has its own hooks and
 * subjects.
 */
class HooksEndToEndTest extends EndToEnd {

    private static final String SECRET = "s3cr3t-of-the-environment";

    @BeforeAll
    static void start() throws Exception {
        opsbus.with(
                        "--opsbus.delivery.retry-levels=200ms,500ms,1s",
                        "--opsbus.hooks.settle=100ms",
                        "--opsbus.hooks.poll=50ms",
                        "--opsbus.hooks.nats-subjects=audit")
                .environment("MY_SECRET", SECRET)
                .start();
    }

    static String hook(String name, String type, String subject, String url, String more) {
        return """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata:
                  name: %s
                  namespace: e2e
                spec:
                  type: %s
                  subject: %s
                  url: %s
                %s""".formatted(name, type, subject, url, more.indent(2));
    }

    private void runHook(String name, String yaml) throws Exception {
        opsbus.hook(name + ".yaml", yaml);
        await().atMost(Duration.ofSeconds(20)).until(() -> opsbus.logText().contains("hook e2e/" + name + " runs: "));
    }

    private void publish(String id, String subject, String message) {
        Events.publish(bus, id, subject, "Reason", message).join();
    }

    @Test
    void anEventReachesTheEndpointOfEachHookThatWantsIt() throws Exception {
        runHook(
                "first",
                hook(
                        "first",
                        "webhook",
                        "ops.clusters.*.nodes.*.firsts",
                        inbox.url("/first"),
                        "additional: 'action: cordon-node'\nkeywords: {include: [wanted]}"));
        publish("first-1", "ops.clusters.test.nodes.n1.firsts", "this is wanted");
        publish("first-2", "ops.clusters.test.nodes.n1.firsts", "this is not");
        await().until(() -> inbox.taken("/first").size() == 1);
        Inbox.Request request = inbox.taken("/first").get(0);
        assertThat(request.body())
                .startsWith("cluster: test \nnode: n1 \n")
                .endsWith("message: this is wanted \naction: cordon-node");
        assertThat(request.headers())
                .containsEntry("webhook-id", "first-1/e2e/first")
                .containsEntry("Opsbus-Hook", "e2e/first")
                .containsEntry("Opsbus-Subject", "ops.clusters.test.nodes.n1.firsts")
                .containsEntry("Opsbus-Attempt", "1")
                .containsEntry("Content-Type", "application/json");
        assertThat(Long.parseLong(request.headers().get("webhook-timestamp")))
                .isBetween(1_700_000_000L, 4_000_000_000L);
    }

    @Test
    void aHookOfTypeEventTurnsEventsIntoAlertsForOtherHooks() throws Exception {
        runHook(
                "forward",
                hook("forward", "event", "ops.clusters.*.nodes.*.forward", "ops.clusters.*.nodes.*.forwarded", ""));
        runHook(
                "alerts",
                hook(
                        "alerts",
                        "webhook",
                        "ops.clusters.*.nodes.*.forwarded",
                        inbox.url("/alerts"),
                        "options: {format: cloudevents}"));
        publish("forward-1", "ops.clusters.test.nodes.n1.forward", "m");
        await().until(() -> inbox.taken("/alerts").size() == 1);
        assertThat(inbox.taken("/alerts").get(0).body())
                .contains("\"id\":\"forward-1/e2e/forward\"")
                .contains("ops.clusters.test.nodes.n1.forwarded");
    }

    @Test
    void aForwardThatWouldReachItselfEndsInTheDeadLetters() throws Exception {
        runHook("circle", hook("circle", "event", "ops.circle.>", "again", ""));
        publish("circle-1", "ops.circle.x.events", "m");
        await().until(() -> deadLetters("circle").equals(List.of("loop")));
    }

    /** It would fail in the same way for a day. */
    @Test
    void aForwardThatNatsWillNeverTakeIsADeadLetterAtOnce() throws Exception {
        runHook("larger", hook("larger", "event", "ops.larger.x", "ops.larger." + "y".repeat(500), ""));
        StreamConfiguration shape = bus.management().getStreamInfo("ops").getConfiguration();
        bus.management()
                .updateStream(StreamConfiguration.builder(shape)
                        .maximumMessageSize(10_000)
                        .build());
        try {
            publish("larger-1", "ops.larger.x", "m".repeat(9_500));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> deadLetters("larger").equals(List.of("too-large")));
            MessageInfo letter = DeadLetters.of(bus, "e2e.larger").get(0);
            assertThat(letter.getHeaders().getFirst("Opsbus-Attempt")).isEqualTo("1");
            assertThat(WireHeaders.decode(letter.getHeaders().getFirst("Opsbus-Detail")))
                    .startsWith("MessageTooLargeException: a message of 10");
        } finally {
            bus.management().updateStream(shape);
        }
    }

    private List<String> deadLetters(String hook) throws Exception {
        return DeadLetters.reasons(bus, "e2e." + hook);
    }

    @Test
    void aRefusedDeliveryIsADeadLetterWithItsReason() throws Exception {
        inbox.on("/gone", Inbox.Behaviour.status(404));
        inbox.on("/moved", Inbox.Behaviour.status(302, "Location: /first"));
        runHook("gone", hook("gone", "webhook", "ops.refused.x", inbox.url("/gone"), ""));
        runHook("moved", hook("moved", "webhook", "ops.refused.x", inbox.url("/moved"), ""));
        publish("refused-1", "ops.refused.x", "m");
        await().until(() -> deadLetters("gone").equals(List.of("http-404"))
                && deadLetters("moved").equals(List.of("http-302")));
        assertThat(inbox.refused("/gone")).hasSize(1);
        assertThat(inbox.refused("/moved")).hasSize(1);
        await().until(() ->
                opsbus.metric("opsbus_hook_dead_lettered_total", "hook=\"e2e/gone\"", "reason=\"http-404\"") == 1);
    }

    @Test
    void aFailingEndpointGetsTheSameDeliveryAgainUntilItTakesIt() throws Exception {
        int[] calls = new int[1];
        inbox.on("/flaky", request -> calls[0]++ < 3 ? Inbox.Behaviour.status(500) : Inbox.Behaviour.ok());
        runHook("flaky", hook("flaky", "webhook", "ops.flaky.x", inbox.url("/flaky"), ""));
        publish("flaky-1", "ops.flaky.x", "m");
        await().atMost(Duration.ofSeconds(20)).until(() -> inbox.taken("/flaky").size() == 1);
        assertThat(inbox.refused("/flaky"))
                .extracting(Inbox.Request::id)
                .containsOnly("flaky-1/e2e/flaky")
                .hasSize(3);
        assertThat(inbox.taken("/flaky").get(0).headers()).containsEntry("Opsbus-Attempt", "4");
    }

    @Test
    void aRegexOfAThousandTrapsCostsNothing() throws Exception {
        runHook(
                "trap",
                hook(
                        "trap",
                        "webhook",
                        "ops.trap.x",
                        inbox.url("/trap"),
                        "keywords: {include: ['(a+)+$'], matchType: REGEX}"));
        publish("trap-1", "ops.trap.x", "a".repeat(10_000));
        publish("trap-2", "ops.trap.x", "end");
        await().until(() -> opsbus.metric("opsbus_hook_matched_total", "hook=\"e2e/trap\"") >= 0 && lagOfRouter() == 0);
    }

    private int lagOfRouter() throws Exception {
        return (int) (bus.management().getConsumerInfo("ops", "opsbus-router").getNumPending()
                + bus.management().getConsumerInfo("ops", "opsbus-router").getNumAckPending());
    }

    @Test
    void anythingOnTheBusIsMatchedOnItsRawTextAndStopsNothing() throws Exception {
        runHook("raw", hook("raw", "webhook", "ops.raw.>", inbox.url("/raw"), "keywords: {include: [needle]}"));
        byte[] large = ("needle " + "x".repeat(1_048_000)).getBytes(StandardCharsets.UTF_8);
        Events.raw(bus, "raw-1", "ops.raw.text", "a needle in plain text".getBytes(StandardCharsets.UTF_8))
                .join();
        Events.raw(bus, "raw-2", "ops.raw.empty", new byte[0]).join();
        Events.raw(bus, "raw-3", "ops.raw.large", large).join();
        Events.raw(bus, "raw-4", "ops.raw.broken", "{\"specversion\":\"1.0\",\"needle".getBytes(StandardCharsets.UTF_8))
                .join();
        Events.raw(bus, "raw-5", "ops.raw.binary", new byte[] {(byte) 0xff, 0, (byte) 0xfe})
                .join();
        await().until(() -> inbox.taken("/raw").size() == 3);
        assertThat(inbox.taken("/raw"))
                .extracting(request -> request.body().length())
                .contains(22, large.length);
    }

    @Test
    void headersOfTheWireNeverSteer() throws Exception {
        runHook("steer", hook("steer", "webhook", "ops.steer.x", inbox.url("/steer"), ""));
        io.nats.client.impl.Headers headers = new io.nats.client.impl.Headers();
        headers.put("CamelHttpUri", inbox.url("/attacker"));
        headers.put("CamelNatsSubject", "ops.attacker");
        headers.put("Opsbus-Hook", "e2e/first");
        bus.publish(
                        "ops.steer.x",
                        headers,
                        Events.json("steer-1", "ops.steer.x", "R", "m").getBytes(StandardCharsets.UTF_8))
                .join();
        await().until(() -> inbox.taken("/steer").size() == 1);
        assertThat(inbox.taken("/attacker")).isEmpty();
    }

    @Test
    void aBrokenEditKeepsTheRunningVersionAndSaysWhy() throws Exception {
        runHook("edit", hook("edit", "webhook", "ops.edit.x", inbox.url("/edit"), ""));
        opsbus.hook("edit.yaml", hook("edit", "webhook", "ops.edit.*x", inbox.url("/nonsense"), "matchmode: ANY"));
        await().atMost(Duration.ofSeconds(20)).until(() -> opsbus.logText().contains("hooks/edit.yaml:8"));
        publish("edit-1", "ops.edit.x", "m");
        await().until(() -> inbox.taken("/edit").size() == 1);
        opsbus.hook("edit.yaml", hook("edit", "webhook", "ops.edited.x", inbox.url("/edited"), ""));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText().contains("hook e2e/edit runs in its new version"));
        publish("edit-2", "ops.edit.x", "m");
        publish("edit-3", "ops.edited.x", "m");
        await().until(() -> inbox.taken("/edited").size() == 1);
        assertThat(inbox.taken("/edit")).hasSize(1);
    }

    @Test
    void whatWaitedForARemovedHookIsInTheDeadLetters() throws Exception {
        inbox.on("/removed", Inbox.Behaviour.status(503, "Retry-After: 3600"));
        runHook("removed", hook("removed", "webhook", "ops.removed.x", inbox.url("/removed"), ""));
        publish("removed-1", "ops.removed.x", "m");
        await().until(() -> inbox.refused("/removed").size() == 1);
        Files.delete(home.resolve("hooks/removed.yaml"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> deadLetters("removed").equals(List.of("hook-removed")));
        publish("removed-2", "ops.removed.x", "m");
        await().until(() -> lagOfRouter() == 0);
        assertThat(inbox.refused("/removed")).hasSize(1);
    }

    @Test
    void aPausedHooksDeliveriesComeBackOnResume() throws Exception {
        runHook("pause", hook("pause", "webhook", "ops.pause.x", inbox.url("/pause"), "paused: true"));
        publish("pause-1", "ops.pause.x", "m");
        await().until(() ->
                bus.management().getStreamInfo("opsbus-parked").getStreamState().getMsgCount() == 1);
        assertThat(inbox.taken("/pause")).isEmpty();
        opsbus.hook("pause.yaml", hook("pause", "webhook", "ops.pause.x", inbox.url("/pause"), ""));
        await().atMost(Duration.ofSeconds(20)).until(() -> inbox.taken("/pause").size() == 1);
    }

    @Test
    void aPlainCamelRouteComesChangesAndGoesWithItsFile() throws Exception {
        String route = """
                - route:
                    id: %s
                    from:
                      uri: nats:ops.plain.x
                      steps:
                        - removeHeaders: {pattern: "*"}
                        - to: %s
                """;
        opsbus.hook("plain-route.yaml", route.formatted("plain", inbox.url("/plain")));
        await().atMost(Duration.ofSeconds(20)).until(() -> opsbus.logText().contains("plain-route.yaml: runs [plain]"));
        await().until(() -> {
            publish(null, "ops.plain.x", "m");
            return !inbox.taken("/plain").isEmpty();
        });
        opsbus.hook("plain-route.yaml", route.formatted("event-router", inbox.url("/plain")));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText().contains("a route with the id event-router exists already"));
        opsbus.hook("plain-route.yaml", route.formatted("plain-2", inbox.url("/plain-2")));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText().contains("plain-route.yaml: runs [plain-2]"));
        int before = inbox.taken("/plain").size();
        await().until(() -> {
            publish(null, "ops.plain.x", "m");
            return !inbox.taken("/plain-2").isEmpty();
        });
        assertThat(inbox.taken("/plain")).hasSize(before);
        Files.delete(home.resolve("hooks/plain-route.yaml"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText().contains("plain-route.yaml: its routes are removed"));
    }

    @Test
    void aHookWhoseRouteIsStoppedInTheConsoleIsPausedUntilItIsStarted() throws Exception {
        runHook("jmx", hook("jmx", "webhook", "ops.jmx.x", inbox.url("/jmx"), ""));
        assertThat(routeOperation("jmx", "stop")).contains("\"status\":200");
        publish("jmx-1", "ops.jmx.x", "m");
        await().until(() -> lagOfRouter() == 0 && opsbus.metric("opsbus_hook_pending", "hook=\"e2e/jmx\"") == 1);
        assertThat(inbox.taken("/jmx")).isEmpty();
        assertThat(routeOperation("jmx", "start")).contains("\"status\":200");
        await().atMost(Duration.ofSeconds(20)).until(() -> inbox.taken("/jmx").size() == 1);
    }

    private static String routeOperation(String hook, String operation) throws Exception {
        return opsbus.get("/actuator/jolokia/exec/org.apache.camel:context=opsbus,name=%22hook:e2e!/" + hook
                        + "%22,type=routes/" + operation + "()")
                .body();
    }

    @Test
    void aTypeDroppedInTypesIsUsedByItsHooksAndCanBeEdited() throws Exception {
        String kamelet = """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata: {name: shout}
                spec:
                  definition:
                    title: Shout
                    properties:
                      mark: {title: Mark, type: string, default: "!"}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - setBody:
                            simple: "%s ${variable.subject}${variable.mark}"
                        - to: direct:http-post
                """;
        Files.createDirectories(home.resolve("hooks/types"));
        opsbus.hook("types/shout.kamelet.yaml", kamelet.formatted("HEY"));
        opsbus.hook("shout.yaml", hook("shout", "shout", "ops.shout.x", inbox.url("/shout"), "options: {mark: '?'}"));
        await().atMost(Duration.ofSeconds(20)).until(() -> opsbus.logText().contains("hook e2e/shout runs: "));
        publish("shout-1", "ops.shout.x", "m");
        await().until(() -> inbox.taken("/shout").stream()
                .anyMatch(request -> request.body().equals("HEY ops.shout.x?")));
        opsbus.hook("types/shout.kamelet.yaml", kamelet.formatted("HO"));
        int[] n = {1};
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            publish("shout-" + ++n[0], "ops.shout.x", "m");
            return inbox.taken("/shout").stream()
                    .anyMatch(request -> request.body().equals("HO ops.shout.x?"));
        });
    }

    @Test
    void theSameNameTwiceIsAnErrorOnTheSecond() throws Exception {
        runHook("twice", hook("twice", "webhook", "ops.twice.x", inbox.url("/twice"), ""));
        opsbus.hook("a-second-twice.yaml", hook("twice", "webhook", "ops.twice.x", inbox.url("/second"), ""));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText()
                        .contains("a-second-twice.yaml:1:1 the hook e2e/twice is already written in hooks/twice.yaml"));
        publish("twice-1", "ops.twice.x", "m");
        await().until(() -> inbox.taken("/twice").size() == 1);
        assertThat(inbox.taken("/second")).isEmpty();
    }

    /** Each of these once ran: code, the account of NATS, the environment, opsbus' own routes. */
    @Test
    void whatTheAuthorOfAHookMayNotReachIsRejectedAndHasNoEffect() throws Exception {
        List<String> urls = List.of(
                "log:x?exchangeFormatter=#class:org.springframework.context.support.FileSystemXmlApplicationContext('"
                        + inbox.url("/bean.xml") + "')",
                "nats:$JS.API.STREAM.PURGE.ops",
                "nats:$KV.opsbus.token/admin",
                "nats:$KV.opsbus.paused.e2e.first",
                "nats:opsbus.deliveries.e2e.first",
                "nats:ops.reach.again",
                "nats:elsewhere",
                "nats:audit?servers=127.0.0.1:1",
                inbox.url("/reach") + "?userAgent=#property:env:MY_SECRET",
                "direct:http-post",
                "direct:hook:e2e/reach-0",
                "file:" + home + "/out",
                "exec:touch");
        long before = stored();
        for (int i = 0; i < urls.size(); i++) {
            opsbus.hook(
                    "reach-" + i + ".yaml", hook("reach-" + i, "camel", "ops.reach.x", "\"" + urls.get(i) + "\"", ""));
        }
        runHook(
                "reach-allowed",
                hook("reach-allowed", "camel", "ops.reach.x", "nats:audit.reach", "options: {format: json}"));
        for (int i = 0; i < urls.size(); i++) {
            String rejected = "rejected: hooks/reach-" + i + ".yaml:9:8 spec.url: ";
            await(urls.get(i))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> opsbus.logText().contains(rejected));
            assertThat(opsbus.logText()).doesNotContain("hook e2e/reach-" + i + " runs");
        }
        var heard = bus.connection().subscribe("audit.>");
        bus.connection().flush(Duration.ofSeconds(5));
        publish("reach-1", "ops.reach.x", "m");
        assertThat(new String(heard.nextMessage(Duration.ofSeconds(10)).getData(), StandardCharsets.UTF_8))
                .contains("\"id\":\"reach-1\"");
        assertThat(stored()).isGreaterThan(before);
        assertThat(inbox.taken("/reach")).isEmpty();
        assertThat(inbox.taken("/bean.xml")).isEmpty();
        assertThat(home.resolve("out")).doesNotExist();
        assertThat(opsbus.logText()).doesNotContain(SECRET);
    }

    private static long stored() throws Exception {
        return bus.management().getStreamInfo("ops").getStreamState().getMsgCount();
    }

    @Test
    void aHookOfTypeCamelSpeaksHttpAsWebhooksDo() throws Exception {
        runHook("camel-http", hook("camel-http", "camel", "ops.camelhttp.x", inbox.url("/camel-http?a=b~c"), ""));
        publish("camel-http-1", "ops.camelhttp.x", "m");
        await().until(() -> inbox.taken("/camel-http?a=b~c").size() == 1);
        assertThat(inbox.taken("/camel-http?a=b~c").get(0).headers())
                .containsEntry("Opsbus-Hook", "e2e/camel-http")
                .containsEntry("Content-Type", "text/plain");
    }

    @Test
    void aPlainRouteThatSaysSoIsCalledAndNoEventWritesALineOfItsOwnIntoTheLog() throws Exception {
        opsbus.hook("room.yaml", """
                - route:
                    id: room
                    from:
                      uri: direct:hooks.room
                      steps:
                        - log: "in the room: ${body}"
                """);
        await().atMost(Duration.ofSeconds(20)).until(() -> opsbus.logText().contains("hooks/room.yaml: runs [room]"));
        runHook("to-room", hook("to-room", "camel", "ops.forged.x", "direct:hooks.room", ""));
        runHook("to-log", hook("to-log", "camel", "ops.forged.x", "log:incidents", ""));
        publish("forged-1", "ops.forged.x", "one\n2026-01-01T00:00:00.000Z INFO  token   forged\r\nnext\u001b[31m");
        await().until(() ->
                opsbus.logText().contains("in the room: ") && opsbus.logText().contains("INFO  incidents"));
        assertThat(opsbus.logText().lines())
                .noneMatch(line -> line.startsWith("2026-01-01T00:00:00.000Z") || line.startsWith("next"));
        assertThat(opsbus.logText()).doesNotContain("\u001b").contains("one\\n2026-01-01");
    }

    @Test
    void aRouteMayHaveAScheduleAndQuartzKeepsItsAccountToItself() throws Exception {
        opsbus.hook("ticks.yaml", """
                - route:
                    id: ticks
                    from:
                      uri: cron:ticks
                      parameters:
                        schedule: "0/1 * * * * ?"
                      steps:
                        - log: "tick"
                - route:
                    id: tocks
                    from:
                      uri: quartz:tocks
                      parameters:
                        cron: "0/1 * * * * ?"
                      steps:
                        - log: "tock"
                """);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText().contains("INFO  ticks")
                        && opsbus.logText().contains("INFO  tocks"));
        assertThat(opsbus.logText().lines().filter(line -> line.matches("(?i).*(quartz|schedul).*")))
                .isEmpty();
    }

    /** With the token of the tests, or without one. */
    private static void awaitStatus(int status, String path, String token) {
        await(path)
                .atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.get(path, token).status() == status);
    }

    @Test
    void thePathsOfAFileAskForATokenAndComeChangeAndGoWithIt() throws Exception {
        String file = """
                - rest:
                    path: /mine
                    get:
                      - path: /%s/{name}
                        to: direct:mine
                    post:
                      - path: /%s/{name}
                        to: direct:mine
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - setBody:
                            simple: "${header.name} ${header.q} ${body} token=${header.Authorization}${header.Cookie}"
                """;
        opsbus.hook("mine.yaml", file.formatted("first", "first"));
        awaitStatus(200, "/mine/first/you", OpsbusProcess.TOKEN);
        assertThat(opsbus.get("/mine/first/you", null).status()).isEqualTo(401);
        assertThat(opsbus.get("/mine/first/you", "wrong").status()).isEqualTo(401);
        assertThat(opsbus.get("/mine/first/you?q=1").body())
                .as("nothing of the token reaches a route, which could send it anywhere")
                .isEqualTo("you 1  token=");
        assertThat(opsbus.post("/mine/first/you", "[7]").body()).isEqualTo("you  [7] token=");
        assertThat(opsbus.get("/api/v1/hooks").json().at("/data/routes").findValuesAsText("id"))
                .contains("mine", "mine-2", "mine-3");

        opsbus.hook("mine.yaml", file.formatted("second", "second"));
        awaitStatus(200, "/mine/second/you", OpsbusProcess.TOKEN);
        awaitStatus(404, "/mine/first/you", OpsbusProcess.TOKEN);
        opsbus.hook("mine.yaml", file.formatted("third", "third").replace("direct:mine", "nosuch:mine"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText().contains("there is no Camel component nosuch here"));
        awaitStatus(200, "/mine/second/you", OpsbusProcess.TOKEN);

        opsbus.hook("theirs.yaml", "- from: {uri: 'platform-http:/mine/second/{name}', steps: [{log: x}]}");
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> opsbus.logText()
                                .contains(
                                        "the path /mine/second/{name} is that of route mine-2 already; give this one another path"));
        assertThat(opsbus.get("/mine/second/you").body()).startsWith("you");
        Files.delete(home.resolve("hooks/mine.yaml"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> opsbus.logText().contains("hooks/theirs.yaml: runs [theirs-1]")); // the path is free
        Files.delete(home.resolve("hooks/theirs.yaml"));
        awaitStatus(404, "/mine/second/you", OpsbusProcess.TOKEN);
    }

    @Test
    void noPathOfAFileIsOneOfOpsbusOrOneWithoutAToken() throws Exception {
        Files.createDirectories(home.resolve("hooks/types"));
        opsbus.hook("types/door.kamelet.yaml", """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata: {name: door}
                spec:
                  definition: {title: Door}
                  template:
                    from:
                      uri: platform-http:/login/kamelet
                      steps:
                        - to: kamelet:sink
                """);
        String route = "- route: {id: open-%d, from: {uri: '%s', steps: [{setBody: {constant: open}}]}}\n";
        List<String> files = List.of(
                route.formatted(0, "platform-http:/login/x"),
                route.formatted(1, "platform-http:/actuator/health/mine"),
                route.formatted(2, "platform-http:/api/v1/me"),
                route.formatted(3, "platform-http:/demo/inbox?matchOnUriPrefix=true"),
                route.formatted(4, "platform-http:/{any}/health/mine"),
                route.formatted(5, "platform-http:/?matchOnUriPrefix=true"),
                "- rest: {path: /login, get: [{path: /x, to: log:x}]}\n",
                "- rest: {path: /api/v1, get: [{path: /events, to: log:x}]}\n",
                "- rest: {get: [{path: '/{any}', to: log:x}]}\n",
                "- rest: {openApi: {specification: 'classpath:openapi.yaml', missingOperation: ignore}}\n",
                "- routeTemplate: {id: opens, parameters: [{name: path}], from: {uri: 'platform-http:{{path}}', steps: [{log: x}]}}\n"
                        + "- templatedRoute: {routeTemplateRef: opens, parameters: [{name: path, value: /login/templated}]}\n",
                "apiVersion: camel.apache.org/v1\nkind: Pipe\nmetadata: {name: piped}\nspec:\n  source: {ref: {kind: Kamelet, name: door}}\n  sink: {uri: 'log:x'}\n");
        for (int i = 0; i < files.size(); i++) {
            opsbus.hook("open-" + i + ".yaml", files.get(i));
        }
        for (int i = 0; i < files.size(); i++) {
            String rejected = "rejected: hooks/open-" + i + ".yaml";
            await(files.get(i))
                    .atMost(Duration.ofSeconds(20))
                    .until(
                            () -> opsbus.logText()
                                    .lines()
                                    .anyMatch(
                                            line -> line.contains(rejected)
                                                    && line.matches(
                                                            ".*(is for opsbus' own pages and API|could be one of opsbus' own|Multiple consumers).*")));
            assertThat(opsbus.logText()).doesNotContain("hooks/open-" + i + ".yaml: runs");
        }
        assertThat(opsbus.get("/login/x", null).status()).isEqualTo(401);
        assertThat(opsbus.get("/login", null).body()).contains("<form");
        assertThat(opsbus.get("/api/v1/me").json().path("code").asInt()).isZero();
        assertThat(opsbus.get("/api/v1/me", null).status()).isEqualTo(401);
        assertThat(opsbus.get("/api/v1/events/ops.none").status()).isEqualTo(200);
        assertThat(opsbus.get("/actuator/health", null).status()).isIn(200, 503);
        for (int i = 0; i < files.size(); i++) {
            Files.delete(home.resolve("hooks/open-" + i + ".yaml"));
        }
        assertThat(opsbus.get("/api/v1/me").json().path("code").asInt()).isZero();
    }
}
