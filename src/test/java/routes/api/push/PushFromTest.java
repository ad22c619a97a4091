package routes.api.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static routes.api.push.PushServer.body;
import static routes.api.push.PushServer.sign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import routes.api.push.PushServer.Answer;
import routes.api.push.PushServer.Stored;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        classes = PushServer.Application.class,
        properties = {
            "camel.main.routes-include-pattern=classpath:camel/failures.yaml,classpath:camel/push.yaml,classpath:camel/rest.yaml",
            "management.endpoint.health.group.readiness.include=readinessState",
            "opsbus.api.max-body=8MB",
            "opsbus.push.github.secret=" + PushFromTest.SECRET,
            "opsbus.push.mappings.pager.id={$.incident.id}/{$.incident.state}",
            "opsbus.push.mappings.pager.channel={$.incident.service}",
            "opsbus.push.mappings.pager.severity={$.incident.urgency|none}",
            "opsbus.push.mappings.pager.type=Warning",
            "opsbus.push.mappings.pager.reason={$.event}",
            "opsbus.push.mappings.pager.message={$.incident.title}: {$.incident.url}",
            "opsbus.push.mappings.pager.time={$.incident.at}",
            "opsbus.push.mappings.hosts.each=$.hosts[*]",
            "opsbus.push.mappings.hosts.subject=ops.clusters.{$.cluster}.hosts.{$.zone}-{$.name}.Findings"
        })
@DirtiesContext
class PushFromTest {

    static final String SECRET = "It's a Secret to Everybody";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HOSTILE = List.of(
            "a.b.c",
            "*",
            ">",
            "a.>",
            "x\r\nPUB ops.injected 2\r\nhi",
            "two words\t",
            "节点-é-\uD83D\uDE00-İ",
            "$JS.API.STREAM.DELETE.ops",
            "\u0000\u001b[31m\u2028\u202e",
            "..",
            "a/../b",
            "{$.x} ${header.x} {{env:HOME}}",
            "\uD800",
            "x".repeat(5000));

    @TempDir
    static Path store;

    static NatsServer nats;

    @LocalServerPort
    private int port;

    @Autowired
    private NatsBus bus;

    @Autowired
    private CamelContext camel;

    private PushServer server;
    private long before;

    @BeforeAll
    static void startNats() throws Exception {
        nats = new NatsServer(store);
    }

    @AfterAll
    static void stopNats() throws Exception {
        nats.close();
    }

    @DynamicPropertySource
    static void url(DynamicPropertyRegistry registry) {
        registry.add("opsbus.nats.url", () -> nats.url());
    }

    @BeforeEach
    void connect() throws Exception {
        await().ignoreExceptions().until(() -> bus.management().getStreamInfo("ops") != null);
        server = new PushServer(port, bus);
        before = server.last();
    }

    private List<Stored> stored() throws Exception {
        return server.since(before);
    }

    private Answer github(String event, String delivery, String body) throws Exception {
        return server.post(
                "push/github",
                body,
                "X-GitHub-Event",
                event,
                "X-GitHub-Delivery",
                delivery,
                "X-Hub-Signature-256",
                sign(SECRET, body));
    }

    @Test
    void theRoutesAreCamels() {
        assertThat(camel.getRoute("api-push-from")).isNotNull();
        assertThat(camel.getRoute("api-post-notification")).isNotNull();
    }

    @Test
    void eachAlertOfAlertmanagerIsAnEvent() throws Exception {
        Answer answer = server.post("push/alertmanager", body("alertmanager.json"));

        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        List<Stored> events = stored();
        assertThat(events)
                .extracting(Stored::subject)
                .containsExactly(
                        "ops.notifications.providers.alertmanager.channels.team-shop.severities.critical",
                        "ops.notifications.providers.alertmanager.channels.team-shop.severities.none",
                        "ops.notifications.providers.alertmanager.channels.team-shop.severities.warning");
        assertThat(events)
                .extracting(Stored::messageId)
                .containsExactly(
                        "alertmanager/team-shop/2f0f1c2b5a4d9e01/firing/2026-11-20T08:14:03.217Z",
                        "alertmanager/team-shop/9b6f8a7c11d0e3f2/firing/2026-11-20T08:10:00Z",
                        "alertmanager/team-shop/00d1c5b7a9e8f342/resolved/2026-11-20T07:59:12Z/2026-11-20T08:13:27Z");
        assertThat(events).allSatisfy(stored -> assertThat(stored.event().id()).isEqualTo(stored.messageId()));
        assertThat(answer.data().path("list").findValuesAsText("sequence")).hasSize(3);
        assertThat(answer.data().path("list").findValuesAsText("subject"))
                .isEqualTo(events.stream().map(Stored::subject).toList());

        JsonNode firing = events.get(0).event().data();
        assertThat(firing.path("type").asText()).isEqualTo("Warning");
        assertThat(firing.path("reason").asText()).isEqualTo("KubePodCrashLooping");
        assertThat(firing.path("eventTime").asText()).isEqualTo("2026-11-20T08:14:03.217Z");
        assertThat(firing.path("from").asText()).isEqualTo("alertmanager");
        assertThat(firing.path("alert"))
                .isEqualTo(
                        JSON.readTree(body("alertmanager.json")).path("alerts").path(0));
        assertThat(firing.path("group").path("externalURL").asText()).isEqualTo("http://alertmanager.example.com");
        assertThat(firing.path("group").path("groupLabels").path("job").asText())
                .isEqualTo("kubernetes");
        assertThat(events.get(0).event().cluster()).isEqualTo("Prod-EU");
        assertThat(events.get(0).event().text()).isEqualTo("""
                alert: KubePodCrashLooping\s
                status: firing\s
                cluster: Prod-EU\s
                container: web\s
                namespace: shop\s
                pod: web-0\s
                severity: critical\s
                timestamp: %s\s
                from: alertmanager\s
                message: Pod is crash looping.
                Pod shop/web-0 (web) has restarted 5 times within 10 minutes.\s
                runbook: https://runbooks.example.com/KubePodCrashLooping\s
                source: http://prometheus.example.com/graph?g0.expr=increase%%28kube_pod_container_status_restarts_total%%5B10m%%5D%%29+%%3E+3&g0.tab=1\s
                """.formatted(local("2026-11-20T08:14:03.217Z")));
        assertThat(events.get(2).event().data().path("type").asText()).isEqualTo("Normal");
        assertThat(events.get(2).event().text())
                .contains("status: resolved \n", "timestamp: " + local("2026-11-20T08:13:27Z") + " \n");
    }

    private static String local(String rfc3339) {
        return java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                .format(java.time.Instant.parse(rfc3339).atZone(java.time.ZoneId.systemDefault()));
    }

    @Test
    void aRetryIsStoredOnceAndTheNextStateIsNew() throws Exception {
        String firing = body("alertmanager.json").replace("team-shop", "retried");
        assertThat(server.post("push/alertmanager", firing).data().path("list").findValuesAsText("duplicate"))
                .containsOnly("false");
        Answer again = server.post("push/alertmanager", firing);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.data().path("list").findValuesAsText("duplicate"))
                .hasSize(3)
                .containsOnly("true");
        assertThat(stored()).hasSize(3);

        ObjectNode resolved = (ObjectNode) JSON.readTree(firing);
        ((ObjectNode) resolved.path("alerts").path(0)).put("status", "resolved").put("endsAt", "2026-11-20T09:00:00Z");
        server.post("push/alertmanager", resolved.toString());
        assertThat(stored())
                .hasSize(4)
                .last()
                .satisfies(event ->
                        assertThat(event.event().text()).contains("alert: KubePodCrashLooping \nstatus: resolved \n"));

        ((ObjectNode) resolved.path("alerts").path(0)).put("status", "firing").put("startsAt", "2026-11-20T09:05:00Z");
        server.post("push/alertmanager", resolved.toString());
        assertThat(stored()).hasSize(5);
    }

    /** Go's zero time is what a program wrote that has none: such a line would only mislead. */
    @Test
    void aZeroTimeIsTheTimeOfReceipt() throws Exception {
        for (String zero : List.of("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", "0001-01-01T08:00:00+08:00")) {
            ObjectNode group =
                    (ObjectNode) JSON.readTree(body("alertmanager.json").replace("team-shop", "zero"));
            group.path("alerts")
                    .forEach(alert -> ((ObjectNode) alert).put("startsAt", zero).put("endsAt", zero));
            assertThat(server.post("push/alertmanager", group.toString()).status())
                    .isEqualTo(200);
            assertThat(server.post(
                                    "push/pager",
                                    "{\"incident\":{\"id\":4,\"state\":\"open\",\"service\":\"s\",\"at\":\"" + zero
                                            + "\"}}")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(stored()).hasSizeGreaterThan(4).allSatisfy(stored -> {
            assertThat(stored.event().text()).contains("timestamp: 20").doesNotContain("0001-01-01", "0000-12-31");
            assertThat(stored.event().data().path("eventTime").asText()).startsWith("20");
        });
    }

    @Test
    void anAlertForTwoReceiversIsStoredForBoth() throws Exception {
        server.post("push/alertmanager", body("alertmanager.json").replace("team-shop", "one"));
        server.post("push/alertmanager", body("alertmanager.json").replace("team-shop", "two"));
        assertThat(stored()).hasSize(6);
    }

    @Test
    void anAlertOfGrafanaHasItsValuesAndLinks() throws Exception {
        Answer answer = server.post("push/grafana", body("grafana.json"));

        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        assertThat(stored()).singleElement().satisfies(stored -> {
            assertThat(stored.subject())
                    .isEqualTo("ops.notifications.providers.grafana.channels.on-call_webhook.severities.warning");
            assertThat(stored.event().id())
                    .isEqualTo("grafana/On-Call Webhook/c6eadffa33fcdf37/firing/2026-11-20T09:30:00+01:00");
            assertThat(stored.event().data().path("group").path("orgId").asInt())
                    .isEqualTo(1);
            assertThat(stored.event().data().path("alert").path("valueString").asText())
                    .startsWith("[ var='A'");
            assertThat(stored.event().text()).isEqualTo("""
                    alert: High checkout latency\s
                    status: firing\s
                    grafana_folder: Shop\s
                    instance: checkout-7d4\s
                    severity: warning\s
                    values: A=2.31, C=1\s
                    timestamp: %s\s
                    from: grafana\s
                    message: Checkout is slow
                    p99 is above 2 s for 5 minutes\s
                    source: https://grafana.example.com/alerting/grafana/fe1k2j3/view?orgId=1\s
                    dashboard: https://grafana.example.com/d/shop?orgId=1\s
                    panel: https://grafana.example.com/d/shop?orgId=1&viewPanel=4\s
                    silence: https://grafana.example.com/alerting/silence/new?alertmanager=grafana&matcher=alertname%%3DHigh+checkout+latency\s
                    """.formatted(local("2026-11-20T08:30:00Z")));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                                 | the body has no list \"alerts\"",
                "{\"receiver\":\"r\"}                                               | the body has no list \"alerts\"",
                "{\"alerts\":[]}                                                    | the body has no \"receiver\"",
                "{\"receiver\":\"r\",\"alerts\":[3]}                                | alerts[0].status is \"\"",
                "{\"receiver\":\"r\",\"alerts\":[{\"status\":\"firing\"}]}          | alerts[0].startsAt is missing",
                "{\"receiver\":\"r\",\"alerts\":[{\"status\":\"firing\",\"startsAt\":\"now\"}]} | alerts[0].startsAt is \"now\"; write a time as",
                "{\"receiver\":\"r\",\"alerts\":[{\"status\":\"firing\",\"labels\":{},\"startsAt\":\"+999999999-12-31T23:59:59-18:00\"}]} | is none that an event could have",
                "{\"receiver\":\"r\",\"alerts\":[{\"status\":\"firing\",\"startsAt\":\"2026-01-01T00:00:00Z\"}]} | alerts[0].labels is missing",
                "{\"receiver\":\"r\",\"alerts\":[{\"status\":\"firing\",\"startsAt\":\"2026-01-01T00:00:00Z\",\"labels\":{}}]} | alerts[0].fingerprint is missing",
                "{                                                                  | the body is not JSON: line 1"
            })
    void whatIsNoAlertIsRefusedWithItsPlace(String body, String message) throws Exception {
        Answer answer = server.post("push/alertmanager", body.strip());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asInt()).isEqualTo(-1);
        assertThat(answer.message()).contains(message);
        assertThat(stored()).isEmpty();
    }

    @Test
    void oneBadAlertStoresNone() throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(body("alertmanager.json"));
        ((ObjectNode) body.path("alerts").path(2)).put("status", "unknown");
        Answer answer = server.post("push/alertmanager", body.toString());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).startsWith("alerts[2].status is \"unknown\"");
        assertThat(stored()).isEmpty();
    }

    @Test
    void aStormOfAlertsIsStoredWhole() throws Exception {
        assertThat(server.post("push/alertmanager", alerts(2500, 10)).status()).isEqualTo(200);
        assertThat(server.last() - before).isEqualTo(2500);
    }

    @Test
    void aSmallBodyCannotBecomeManyBytes() throws Exception {
        Answer answer = server.post("push/alertmanager", alerts(500, 100_000));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.message()).contains("none was stored", "group_by");
        assertThat(stored()).isEmpty();
    }

    private static String alerts(int count, int commonChars) throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(body("alertmanager.json"));
        JsonNode alert = body.path("alerts").path(0);
        ArrayNode alerts = body.putArray("alerts");
        for (int i = 0; i < count; i++) {
            alerts.add(((ObjectNode) alert.deepCopy()).put("fingerprint", commonChars + "-" + i));
        }
        body.putObject("commonAnnotations").put("x", "x".repeat(commonChars));
        return body.toString();
    }

    @Test
    void whatGitHubSignsIsStored() throws Exception {
        Answer run = github("workflow_run", "11111111-aaaa-4bbb-8ccc-000000000001", body("github-workflow-run.json"));
        Answer push = github("push", "11111111-aaaa-4bbb-8ccc-000000000002", body("github-push.json"));
        Answer ping = github("ping", "11111111-aaaa-4bbb-8ccc-000000000003", body("github-ping.json"));

        assertThat(List.of(run.status(), push.status(), ping.status()))
                .as(run.message())
                .containsOnly(200);
        List<Stored> events = stored();
        assertThat(events)
                .extracting(Stored::messageId)
                .containsExactly(
                        "github/11111111-aaaa-4bbb-8ccc-000000000001",
                        "github/11111111-aaaa-4bbb-8ccc-000000000002",
                        "github/11111111-aaaa-4bbb-8ccc-000000000003");
        assertThat(events)
                .extracting(Stored::subject)
                .containsExactly(
                        "ops.notifications.providers.github.channels.acme_shop_api.severities.warning",
                        "ops.notifications.providers.github.channels.acme_shop_api.severities.info",
                        "ops.notifications.providers.github.channels.acme_shop_api.severities.info");
        assertThat(events)
                .extracting(stored -> stored.event().data().path("reason").asText())
                .containsExactly("workflow_run.completed", "push", "ping");
        assertThat(events)
                .extracting(stored -> stored.event().data().path("type").asText())
                .containsExactly("Warning", "Normal", "Normal");
        assertThat(events.get(0).event().data().path("payload"))
                .isEqualTo(JSON.readTree(body("github-workflow-run.json")));
        assertThat(withoutTime(events.get(0))).isEqualTo("""
                repository: acme/shop.api\s
                event: workflow_run\s
                action: completed\s
                state: failure\s
                branch: main\s
                by: octocat\s
                from: github\s
                message: CI\s
                url: https://github.com/acme/shop.api/actions/runs/11987654321\s
                """);
        assertThat(withoutTime(events.get(1))).isEqualTo("""
                repository: acme/shop.api\s
                event: push\s
                branch: main\s
                by: octocat\s
                from: github\s
                message: Carts expire after a day\s
                url: https://github.com/acme/shop.api/compare/6113728f27ae...0d1a26e67d8f\s
                """);
        assertThat(withoutTime(events.get(2)))
                .contains("event: ping \n", "message: Responsive is better than fast. \n");
    }

    private static String withoutTime(Stored stored) {
        return stored.event().text().replaceFirst("timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \n", "");
    }

    @Test
    void aFormIsNoJson() throws Exception {
        String body = "payload=" + URLEncoder.encode(body("github-push.json"), StandardCharsets.UTF_8);
        Answer form = server.post(
                "push/github",
                body,
                "Content-Type",
                "application/x-www-form-urlencoded",
                "X-GitHub-Event",
                "push",
                "X-GitHub-Delivery",
                "form",
                "X-Hub-Signature-256",
                sign(SECRET, body));
        assertThat(form.status()).as(form.http().body()).isEqualTo(415);
        assertThat(form.message()).contains("choose Content type application/json");
        assertThat(stored()).isEmpty();

        assertThat(server.post(
                                "push/alertmanager",
                                body("alertmanager.json").replace("team-shop", "charset"),
                                "Content-Type",
                                "application/json; charset=utf-8")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aDeliveryOfGitHubThatIsSentAgainIsStoredOnce() throws Exception {
        github("push", "redelivered", body("github-push.json"));
        Answer again = github("push", "redelivered", body("github-push.json"));
        assertThat(again.data().path("list").path(0).path("duplicate").asBoolean())
                .isTrue();
        assertThat(stored()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret_scanning_alert | {\"action\":\"created\",\"alert\":{\"number\":1}} | critical",
                "secret_scanning_alert | {\"action\":\"resolved\",\"alert\":{\"number\":1}} | info",
                "dependabot_alert      | {\"action\":\"created\",\"alert\":{\"state\":\"open\",\"security_advisory\":{\"summary\":\"s\"}}} | warning",
                "deployment_status     | {\"action\":\"created\",\"deployment_status\":{\"state\":\"error\"},\"deployment\":{}} | warning",
                "status                | {\"state\":\"failure\",\"context\":\"ci\"} | warning",
                "check_run             | {\"action\":\"completed\",\"check_run\":{\"conclusion\":\"timed_out\"}} | warning",
                "workflow_run          | {\"action\":\"completed\",\"workflow_run\":{\"conclusion\":\"success\"}} | info",
                "star                  | {\"action\":\"created\"} | info"
            })
    void whatFailedOnGitHubIsSevere(String event, String body, String severity) throws Exception {
        assertThat(github(event, event + body.hashCode(), body).status()).isEqualTo(200);
        assertThat(stored())
                .singleElement()
                .satisfies(stored -> assertThat(stored.subject())
                        .isEqualTo("ops.notifications.providers.github.channels._.severities." + severity));
    }

    @Test
    void whatIsNotSignedIsRefused() throws Exception {
        String body = body("github-push.json");
        String good = sign(SECRET, body);
        assertThat(server.post("push/github", body, "X-GitHub-Event", "push", "X-GitHub-Delivery", "d"))
                .satisfies(answer -> {
                    assertThat(answer.status()).isEqualTo(401);
                    assertThat(answer.message()).contains("X-Hub-Signature-256 is missing");
                });
        for (String wrong : List.of(
                sign("another", body),
                sign(SECRET, body + " "),
                good.substring("sha256=".length()),
                good.substring(0, 20),
                good + "0",
                "sha256=",
                "sha1=" + good,
                "x")) {
            Answer answer = server.post(
                    "push/github",
                    body,
                    "X-GitHub-Event",
                    "push",
                    "X-GitHub-Delivery",
                    "d",
                    "X-Hub-Signature-256",
                    wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(401);
            assertThat(answer.message()).contains("does not fit the body");
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void withoutASecretNothingOfGitHubIsTaken() {
        GitHub unconfigured = new GitHub(new GitHubProperties(""));
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                        routes.api.rest.ApiException.class, () -> unconfigured.events(null)))
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(403))
                .hasMessageContaining("opsbus.push.github.secret (OPSBUS_PUSH_GITHUB_SECRET)");
    }

    @Test
    void aMappingMakesEventsOfAnyJson() throws Exception {
        Answer answer = server.post("push/pager", """
                {"event":"incident.triggered","incident":{"id":4711,"state":"open","service":"Check.Out","urgency":"high","title":"Checkout is down","url":"https://pager.example.com/4711",
                 "at":1763626500}}""");

        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        assertThat(stored()).singleElement().satisfies(stored -> {
            assertThat(stored.subject())
                    .isEqualTo("ops.notifications.providers.pager.channels.check_out.severities.high");
            assertThat(stored.messageId()).isEqualTo("pager/4711/open");
            assertThat(stored.event().data().path("eventTime").asText()).isEqualTo("2025-11-20T08:15:00Z");
            assertThat(stored.event()
                            .data()
                            .path("payload")
                            .path("incident")
                            .path("id")
                            .asInt())
                    .isEqualTo(4711);
            assertThat(stored.event().text()).isEqualTo("""
                    type: Warning\s
                    reason: incident.triggered\s
                    timestamp: %s\s
                    from: pager\s
                    message: Checkout is down: https://pager.example.com/4711\s
                    """.formatted(local("2025-11-20T08:15:00Z")));
        });
    }

    @Test
    void whatAMappingNeedsIsNamedAndWhatItDoesNotIsLeftOut() throws Exception {
        Answer answer = server.post("push/pager", "{\"incident\":{\"id\":1,\"state\":\"open\"}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message())
                .isEqualTo(
                        "there is no text or number at $.incident.service, which opsbus.push.mappings.pager.channel needs; {$.incident.service|text} would do without");
        assertThat(stored()).isEmpty();

        assertThat(server.post(
                                "push/pager",
                                "{\"incident\":{\"id\":2,\"state\":\"open\",\"service\":\"s\",\"at\":null}}")
                        .status())
                .isEqualTo(200);
        assertThat(stored()).singleElement().satisfies(stored -> {
            assertThat(stored.subject()).endsWith(".severities.none");
            assertThat(stored.event().data().has("reason")).isFalse();
            assertThat(stored.event().text()).startsWith("type: Warning \ntimestamp: ");
        });

        assertThat(server.post(
                                "push/pager",
                                "{\"incident\":{\"id\":3,\"state\":\"open\",\"service\":\"s\",\"at\":\"yesterday\"}}")
                        .message())
                .contains("opsbus.push.mappings.pager.time makes \"yesterday\", which is no time");
        assertThat(server.post(
                                "push/pager",
                                "{\"incident\":{\"id\":3,\"state\":\"open\",\"service\":\"s\",\"at\":9223372036854775807}}")
                        .message())
                .contains("is none that an event could have");
    }

    @Test
    void aMappingTakesEachElementOfAList() throws Exception {
        String body =
                "{\"hosts\":[{\"cluster\":\"C1\",\"zone\":\"a\",\"name\":\"n.1\"},{\"cluster\":\"C1\",\"zone\":\"b\",\"name\":2}]}";
        assertThat(server.post("push/hosts", body, "Idempotency-Key", "k1").status())
                .isEqualTo(200);
        assertThat(stored())
                .extracting(Stored::subject)
                .containsExactly("ops.clusters.c1.hosts.a-n_1.findings", "ops.clusters.c1.hosts.b-2.findings");
        assertThat(stored().get(1).event().text())
                .contains("from: hosts \nmessage: {\"cluster\":\"C1\",\"zone\":\"b\",\"name\":2} \n");

        server.post("push/hosts", body, "Idempotency-Key", "k1");
        assertThat(stored()).hasSize(2);
        server.post("push/hosts", body);
        assertThat(stored()).hasSize(4);

        Answer answer = server.post(
                "push/hosts",
                "{\"hosts\":[{\"cluster\":\"c\",\"zone\":\"a\",\"name\":\"n\"},{\"cluster\":\"c\",\"zone\":\"a\",\"name\":{}}]}");
        assertThat(answer.message())
                .startsWith(
                        "$.hosts[1]: there is no text or number at $.name, which opsbus.push.mappings.hosts.subject needs");
        assertThat(server.post("push/hosts", "{\"host\":[]}").message())
                .contains("there is no list at $.hosts, which opsbus.push.mappings.hosts.each needs");
        assertThat(stored()).hasSize(4);
    }

    @Test
    void anUnknownSourceIsToldTheKnownOnes() throws Exception {
        Answer answer = server.post("push/nagios", "{}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.message())
                .contains("alertmanager, github, grafana, hosts, pager", "opsbus.push.mappings.{name}");
    }

    @Test
    void aNotificationGoesToItsSubject() throws Exception {
        Answer answer = server.post(
                "notifications/ksyun/Webhook/critical",
                "{\"content\":\"disk is full\",\"type\":\"Webhook\"}",
                "Idempotency-Key",
                "n1");
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        assertThat(answer.data().path("subject").asText())
                .isEqualTo("ops.notifications.providers.ksyun.channels.webhook.severities.critical");
        assertThat(stored()).singleElement().satisfies(stored -> {
            assertThat(stored.subject())
                    .isEqualTo("ops.notifications.providers.ksyun.channels.webhook.severities.critical");
            assertThat(stored.event().text()).isEqualTo("disk is full");
        });
        assertThat(server.post("notifications/ksyun/webhook/critical", "{}", "Idempotency-Key", "n1")
                        .data()
                        .path("duplicate")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aNotificationTakesWhatAnEventTakes() throws Exception {
        String cloudEvent =
                "{\"specversion\":\"1.0\",\"id\":\"ce-1\",\"source\":\"backup\",\"type\":\"Webhook\",\"data\":{\"content\":\"done\"}}";
        for (int i = 0; i < 2; i++) {
            assertThat(server.post("notifications/p/c/s", cloudEvent, "Content-Type", "application/cloudevents+json")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(server.post("notifications/p/c/s", "[{\"a\":1},{\"a\":2}]")
                        .data()
                        .path("list"))
                .hasSize(2);
        assertThat(server.post("notifications/p/c/s", "3").status()).isEqualTo(400);
        assertThat(stored())
                .hasSize(3)
                .extracting(Stored::subject)
                .containsOnly("ops.notifications.providers.p.channels.c.severities.s");
        assertThat(stored().get(0).event().text()).isEqualTo("done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "*", ">", "a b", "x\r\nPUB ops.x 1", "\u0000", "\u2028", "."})
    void aNameThatIsNoTokenIsRefused(String name) throws Exception {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        for (String path : List.of(
                "notifications/" + encoded + "/c/s",
                "notifications/p/" + encoded + "/s",
                "notifications/p/c/" + encoded)) {
            assertThat(server.post(path, "{}").status()).as(path).isEqualTo(400);
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void theReasonOfARefusedNameIsSaid() throws Exception {
        Answer answer = server.post("notifications/my.provider/c/s", "{}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message())
                .isEqualTo(
                        "the provider in the path can't be a part of a subject: no dot, *, >, white space or control character, and at most 253 bytes."
                                + " my_provider would do");
        assertThat(server.post("notifications/p/c/" + "x".repeat(254), "{}").message())
                .startsWith("the severity in the path");
    }

    @Test
    void hostileNamesMakeNoOtherSubject() throws Exception {
        int sent = 0;
        for (String name : HOSTILE) {
            ObjectNode alert = (ObjectNode) JSON.readTree(body("alertmanager.json"));
            alert.put("receiver", name.length() > 500 ? "long" : name);
            ((ObjectNode) alert.path("alerts").path(0).path("labels"))
                    .put("severity", name)
                    .put("alertname", name)
                    .put(name.replace('\uD800', '?'), name);
            ((ObjectNode) alert.path("alerts").path(0)).put("fingerprint", "hostile-" + sent);
            ((ObjectNode) alert.path("alerts").path(1)).put("fingerprint", "hostile-too-" + sent);
            ((ArrayNode) alert.path("alerts")).remove(2);
            Answer answer = server.post("push/alertmanager", JSON.writeValueAsBytes(alert));
            assertThat(answer.status())
                    .as(PushServer.visible(name + ": " + answer.message()))
                    .isEqualTo(200);
            ObjectNode repository = JSON.createObjectNode();
            repository.putObject("repository").put("full_name", name);
            assertThat(github("push", "hostile-" + sent, repository.toString()).status())
                    .isEqualTo(200);
            ObjectNode incident = JSON.createObjectNode();
            incident.putObject("incident")
                    .put("id", sent)
                    .put("state", "hostile")
                    .put("service", name)
                    .put("urgency", name);
            assertThat(server.post("push/pager", incident.toString()).status()).isEqualTo(200);
            ObjectNode host = JSON.createObjectNode();
            host.putArray("hosts")
                    .addObject()
                    .put("cluster", name)
                    .put("zone", name)
                    .put("name", name);
            assertThat(server.post("push/hosts", host.toString()).status()).isEqualTo(200);
            sent++;
        }
        List<Stored> stored = stored();
        assertThat(stored).hasSize(5 * HOSTILE.size());
        assertThat(stored)
                .allSatisfy(
                        event -> assertThat(event.subject())
                                .matches(
                                        "ops\\.notifications\\.providers\\.(alertmanager|github|pager)\\.channels\\.[^.*>\\s]+\\.severities\\.[^.*>\\s]+|ops\\.clusters\\.[^.*>\\s]+\\.hosts\\.[^.*>\\s]+\\.findings"));
    }

    /** Any change of one value of a real body: it is taken, or the sender is told. */
    @Test
    void noBodyIsAnErrorOfOurs() throws Exception {
        Random random = new Random(5);
        List<String> any = List.of(
                "null",
                "3",
                "-1e999",
                "\"\"",
                "\"x\"",
                "[]",
                "[[]]",
                "{}",
                "{\"a\":null}",
                "true",
                "9223372036854775807",
                "\"9999999999999999999\"",
                "\"\\ud800\"");
        for (String source : List.of("alertmanager", "grafana", "github", "pager", "hosts")) {
            JsonNode real = JSON.readTree(
                    switch (source) {
                        case "pager" ->
                            "{\"event\":\"e\",\"incident\":{\"id\":1,\"state\":\"s\",\"service\":\"s\",\"urgency\":\"u\",\"title\":\"t\",\"url\":\"u\",\"at\":1}}";
                        case "hosts" -> "{\"hosts\":[{\"cluster\":\"c\",\"zone\":\"a\",\"name\":\"n\"}]}";
                        case "github" -> body("github-workflow-run.json");
                        default -> body(source + ".json");
                    });
            for (int i = 0; i < 60; i++) {
                String body = JSON.writeValueAsString(
                        changed(real.deepCopy(), JSON.readTree(any.get(random.nextInt(any.size()))), random));
                Answer answer = source.equals("github")
                        ? github("workflow_run", "fuzz-" + i, body)
                        : server.post("push/" + source, body);
                assertThat(answer.status())
                        .as(PushServer.visible(
                                source + ": " + body + " -> " + answer.http().body()))
                        .isIn(200, 400);
                assertThat(answer.json().path("code").asInt()).isEqualTo(answer.status() == 200 ? 0 : -1);
            }
        }
        assertThat(stored())
                .isNotEmpty()
                .allSatisfy(stored -> assertThat(stored.subject()).startsWith("ops."));
    }

    private static JsonNode changed(JsonNode node, JsonNode value, Random random) {
        if (!node.isContainerNode() || node.isEmpty() || random.nextInt(4) == 0) {
            return value;
        }
        int at = random.nextInt(node.size());
        if (node instanceof ArrayNode array) {
            array.set(at, changed(array.get(at), value, random));
        } else {
            String name = List.copyOf(node.properties()).get(at).getKey();
            ((ObjectNode) node).set(name, changed(node.get(name), value, random));
        }
        return node;
    }

    @Test
    void anIdThatIsTooLongIsRefused() throws Exception {
        Answer answer = server.post(
                "push/alertmanager", body("alertmanager.json").replace("2f0f1c2b5a4d9e01", "f".repeat(2000)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("would have 20", "at most 1000 are taken");
    }

    @Test
    void withoutNatsNothingIsSaidToBeStored() throws Exception {
        nats.stop();
        try {
            await().until(() -> !bus.isConnected());
            Answer answer =
                    server.post("push/alertmanager", body("alertmanager.json").replace("team-shop", "away"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.http().headers().firstValue("Retry-After")).isPresent();
            assertThat(server.post("notifications/p/c/s", "{}").status()).isEqualTo(503);
        } finally {
            nats.start();
        }
        await().until(bus::isConnected);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Answer back =
                    server.post("push/alertmanager", body("alertmanager.json").replace("team-shop", "away"));
            assertThat(back.status()).as(back.message()).isEqualTo(200);
        });
        assertThat(stored()).hasSize(3);
    }
}
