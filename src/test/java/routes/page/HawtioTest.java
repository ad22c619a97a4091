package routes.page;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.page.Browser.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import routes.e2e.Inbox;
import routes.e2e.OpsbusProcess;
import routes.nats.NatsServer;

/** Hawtio as opsbus serves it: the routes by their names with their figures, and the hooks' MBean. */
class HawtioTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String READER = "a-token-that-only-reads";
    private static final int EVENTS = 3;
    private static final String IN_TREE = "org.apache.camel-CamelContexts-opsbus-";
    private static final String ROW_OF =
            "const texts = row => [...row.cells].map(cell => cell.innerText.trim()).filter(text => text);"
                    + "const row = [...document.querySelectorAll('tbody tr')].find(row => texts(row)[0] === arguments[0]);";
    /** Of a table: the cells of the row of that name. */
    private static final String ROW = ROW_OF + "return row ? texts(row).join(' ') : ''";

    @TempDir
    static Path home;

    static NatsServer server;
    static Inbox inbox;
    static OpsbusProcess opsbus;
    static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.get();
        server = new NatsServer(home.resolve("nats"));
        inbox = new Inbox();
        inbox.on("/gone", Inbox.Behaviour.status(404));
        opsbus = new OpsbusProcess(home, server.url())
                .environment("OPSBUS_SECURITY_TOKENS_1_NAME", "reader")
                .environment("OPSBUS_SECURITY_TOKENS_1_TOKEN", READER)
                .environment("OPSBUS_SECURITY_TOKENS_1_ROLES", "read");
        opsbus.hook("shop.yaml", hook("backoff", "BackOff", "/taken") + "---\n" + hook("gone", "Lost", "/gone"));
        opsbus.start();
        for (int i = 0; i < EVENTS; i++) {
            happens("web-" + i, "BackOff");
        }
        happens("web-9", "Lost");
        await().atMost(LONG)
                .until(() -> inbox.taken("/taken").size() == EVENTS
                        && state("shop/gone").path("dead").asInt() == 1);
    }

    @AfterEach
    void forget() {
        browser.driver().manage().deleteAllCookies();
        browser.driver().get("about:blank");
    }

    @AfterAll
    static void stop() throws Exception {
        opsbus.close();
        Files.copy(opsbus.log(), Path.of("target", "HawtioTest-opsbus.log"), StandardCopyOption.REPLACE_EXISTING);
        inbox.close();
        server.close();
    }

    private static String hook(String name, String keyword, String path) {
        return """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata: {name: %s, namespace: shop}
                spec: {type: webhook, subject: "ops.clusters.*.namespaces.*.pods.*.events", url: "%s", keywords: {include: [%s]}}
                """.formatted(name, inbox.url(path), keyword);
    }

    private static void happens(String pod, String reason) throws Exception {
        assertThat(opsbus.post(
                                "/api/v1/namespaces/shop/events/pods." + pod + ".events",
                                "{\"reason\":\"" + reason + "\",\"message\":\"of " + pod + "\"}")
                        .status())
                .isEqualTo(200);
    }

    /** As GET /api/v1/hooks has it. */
    private static JsonNode state(String hook) throws Exception {
        for (JsonNode one : opsbus.get("/api/v1/hooks").json().at("/data/list")) {
            if (one.path("id").asText().equals(hook)) {
                return one;
            }
        }
        throw new AssertionError("there is no hook " + hook);
    }

    private static void open(String token) {
        browser.open("http://127.0.0.1:" + opsbus.port() + "/actuator/hawtio/");
        await().until(() -> browser.driver().getCurrentUrl().endsWith("/login?to=hawtio"));
        browser.run("localStorage.setItem('connect.jolokia.updateRate', '500')"); // ms, instead of 5 s
        browser.find("input[name=token]").sendKeys(token, Keys.ENTER);
        await().atMost(LONG).until(() -> !browser.all(node("routes-folder")).isEmpty());
    }

    private static String node(String idInTree) {
        return "[id='" + IN_TREE + idInTree + "']";
    }

    private static void unfold(String idInTree) {
        String unfold =
                "const node = document.querySelector(arguments[0]); if (node?.getAttribute('aria-expanded') === 'false') node.querySelector('button').click();"
                        + " return node?.getAttribute('aria-expanded') === 'true'";
        await(idInTree)
                .atMost(LONG)
                .until(() -> browser.run(unfold, node(idInTree)).equals(true));
    }

    private static void view(String name) {
        press("a", name);
    }

    private static void press(String css, String text) {
        String press =
                "const found = [...document.querySelectorAll(arguments[0])].find(one => one.innerText.trim() === arguments[1]); found?.click(); return found != null";
        await(text).atMost(LONG).until(() -> browser.run(press, css, text).equals(true));
    }

    private static void openHooks() {
        unfold("MBeans-folder");
        unfold("MBeans-opsbus-folder");
        browser.click(node("MBeans-opsbus-Hooks") + " button");
        browser.awaitText("h1", "Hooks");
    }

    /** In the view Operations of an MBean. */
    private static void execute(String operation, String argument) {
        String form = "section[id='operation-execute-" + operation + "(java.lang.String)']";
        browser.click("[aria-labelledby^='operation " + operation + "(']");
        browser.find(form + " input").sendKeys(argument);
        browser.click(form + " button[type=submit]");
    }

    private static boolean isPaused() throws Exception {
        return !state("shop/backoff").path("paused").isNull();
    }

    private static String result(String operation) {
        return "section[id^='operation-result-" + operation + "(']";
    }

    /** Of the page without Hawtio's passing notices. */
    private static void picture(String name) throws Exception {
        browser.run("document.querySelectorAll('.pf-v6-c-alert-group button').forEach(button => button.click())");
        await().until(() -> browser.all(".pf-v6-c-alert-group .pf-v6-c-alert").isEmpty());
        browser.picture(name);
    }

    @Test
    void theRoutesHaveTheNamesOfThePictureAndAHooksRouteItsFigures() throws Exception {
        open(OpsbusProcess.TOKEN);
        await().atMost(LONG).until(() -> browser.all(".react-flow__node").size() > 20);
        assertThat(browser.text("main")).doesNotContain("Error Occurred");
        view("Routes");
        await().atMost(LONG)
                .until(() -> browser.run(ROW, "hook:shop/backoff").toString().contains("Started"));
        for (String route : List.of(
                "kubernetes-events",
                "event-api",
                "event-router",
                "hook-delivery",
                "hook-delivery-retry-1s",
                "http-post",
                "api",
                "api-list-hooks")) {
            assertThat(browser.run(ROW, route)).as(route).asString().isNotEmpty();
        }
        // name, state, uptime; completed, failed, handled, total, in flight, mean time
        assertThat(browser.run(ROW, "hook:shop/backoff"))
                .asString()
                .matches("hook:shop/backoff Started \\S+ 3 0 0 3 0 \\d+");
        unfold("routes-hooks-folder");
        picture("hawtio-routes");

        browser.run(ROW_OF + "row.querySelector('input').click()", "hook:shop/backoff");
        press("button:not([disabled])", "Stop");
        await().atMost(LONG)
                .until(() -> browser.run(ROW, "hook:shop/backoff").toString().contains("Stopped") && isPaused());
        press("button:not([disabled])", "Start");
        await().atMost(LONG)
                .until(() -> browser.run(ROW, "hook:shop/backoff").toString().contains("Started") && !isPaused());

        press(".pf-v6-c-tree-view__node-text", "hook:shop/backoff");
        browser.awaitText("h1", "hook:shop/backoff");
        browser.awaitText(".react-flow__node", "To kamelet:");
        await("the figures are drawn")
                .atMost(LONG)
                .until(() -> browser.text(".react-flow__node")
                                .lines()
                                .filter(line -> line.equals("3"))
                                .count()
                        == 2);
        picture("hawtio-hook");
        assertThat(browser.problems()).isEmpty();
    }

    /** Filter by keywords, content-based router, HTTP or NATS: with the counts of each branch. */
    @Test
    void theDiagramsOfTheRouterAndOfDeliveryShowTheWay() throws Exception {
        open(OpsbusProcess.TOKEN);
        unfold("routes-default-folder");
        Map<String, List<String>> steps = new LinkedHashMap<>();
        steps.put(
                "event-router",
                List.of(
                        "From nats:ops.>",
                        "Filter: eventMatc",
                        "(ID: subject-and-keywords)",
                        "Split: matches",
                        "Filter: publish",
                        "Recipient List: ",
                        "Choice",
                        "When: deliver",
                        "To nats:opsbus.",
                        "(ID: to-deliveries)",
                        "When: dead-letter",
                        "(ID: match-given-up)"));
        steps.put(
                "deliver",
                List.of(
                        "(ID: free-slot)",
                        "Recipient List: ",
                        "(ID: attempt-by-its-route)",
                        "Choice",
                        "When: retry",
                        "(ID: to-retries)",
                        "When: park",
                        "(ID: to-parked)",
                        "When: dead-letter",
                        "(ID: given-up)"));
        for (String route : steps.keySet()) {
            press(".pf-v6-c-tree-view__node-text", route);
            browser.awaitText("h1", route);
            for (String step : steps.get(route)) {
                browser.awaitText(".react-flow__node", step);
            }
            await("the figures are drawn")
                    .atMost(LONG)
                    .until(() -> browser.text(".react-flow__node").lines().anyMatch(line -> line.matches("[1-9]\\d*")));
            picture("hawtio-" + route);
        }
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aHookIsPausedAndResumedAndItsDeadLettersReplayedByTheMBean() throws Exception {
        open(OpsbusProcess.TOKEN);
        openHooks();
        view("Operations");
        execute("pause", "shop/backoff");
        await().atMost(LONG).until(() -> isPaused());
        view("Attributes");
        await().atMost(LONG).until(() -> browser.run(ROW, "Paused").equals("Paused 1"));
        picture("hawtio-hooks");
        view("Operations");
        execute("resume", "shop/backoff");
        await().atMost(LONG).until(() -> !isPaused());
        inbox.on("/gone", Inbox.Behaviour.ok());
        execute("replay", "shop/gone");
        browser.awaitText(result("replay"), "1 are delivered again, 0 stay");
        await().atMost(LONG).until(() -> inbox.taken("/gone").size() == 1);
        browser.run("document.querySelector(\"[aria-labelledby^='operation replay(']\").scrollIntoView()");
        picture("hawtio-operations");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void whoMayOnlyReadSeesItAllAndIsRefusedTheRest() throws Exception {
        open(READER);
        openHooks();
        await().atMost(LONG).until(() -> browser.run(ROW, "Running").equals("Running 2"));
        view("Operations");
        execute("pause", "shop/backoff");
        browser.awaitText(
                result("pause"),
                "Operation pause(java.lang.String) forbidden for MBean org.apache.camel:context=opsbus,name=Hooks,type=opsbus");
        assertThat(isPaused()).isFalse();
        assertThat(browser.problems()).isEmpty();
    }
}
