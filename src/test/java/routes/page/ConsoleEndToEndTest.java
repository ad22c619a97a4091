package routes.page;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.page.Browser.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import routes.e2e.Inbox;
import routes.e2e.OpsbusProcess;
import routes.nats.NatsServer;

/** The page at / of the real opsbus, as a person with a token meets it. */
class ConsoleEndToEndTest {

    private static final Duration LONG = Duration.ofSeconds(30);

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
        opsbus = new OpsbusProcess(home, server.url());
        opsbus.hook(
                "page.yaml",
                hook(
                                "taken",
                                "ops.clusters.*.namespaces.*.pods.*.events",
                                inbox.url("/taken"),
                                "keywords: {include: [BackOff]}")
                        + "---\n"
                        + hook(
                                "gone",
                                "ops.clusters.*.namespaces.*.pods.*.events",
                                inbox.url("/gone"),
                                "keywords: {include: [Lost]}")
                        + "---\n" + hook("wrong", "ops.pods.kube-*.events", inbox.url("/x"), ""));
        opsbus.start();
    }

    @AfterAll
    static void stop() throws Exception {
        browser.driver().manage().deleteAllCookies();
        browser.driver().get("about:blank");
        opsbus.close();
        Files.copy(
                opsbus.log(),
                Path.of("target", "ConsoleEndToEndTest-opsbus.log"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        inbox.close();
        server.close();
    }

    private static String hook(String name, String subject, String url, String more) {
        return """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata: {name: %s, namespace: page}
                spec:
                  type: webhook
                  subject: "%s"
                  url: %s
                %s""".formatted(name, subject, url, more.isEmpty() ? "" : more.indent(2));
    }

    private static void happens(String pod, String reason) throws Exception {
        assertThat(opsbus.post("/api/v1/namespaces/shop/events/pods." + pod + ".events", """
                {"type":"Kube","reason":"%s","message":"%s of %s","from":"kubelet","regarding":{"kind":"Pod","namespace":"shop","name":"%s"}}""".formatted(
                                        reason, reason, pod, pod))
                        .status())
                .isEqualTo(200);
    }

    private static String url(String place) {
        return "http://127.0.0.1:" + opsbus.port() + "/" + place;
    }

    @Test
    void fromTheLoginToReplayAndThroughAnOutage() throws Exception {
        happens("web-0", "Before");
        browser.open(url(""));
        await().until(() -> browser.driver().getCurrentUrl().endsWith("/login"));
        browser.find("input[name=token]").sendKeys(OpsbusProcess.TOKEN, Keys.ENTER);
        browser.awaitText(".rows", "Before");
        browser.awaitText(".feed-state", "live");

        // live, and what became of it
        happens("web-1", "BackOff");
        browser.awaitText(".rows", "BackOff");
        await().atMost(LONG).until(() -> inbox.taken("/taken").size() == 1);
        browser.click(".row[aria-posinset='1'] .event");
        browser.awaitText(".panel .verdicts", "page/taken");
        browser.awaitText(".panel .summary", "shop / Pod / web-1");
        await().atMost(LONG).until(() -> browser.text(".panel .attempts").contains("200"));
        browser.click(".not-fired summary");
        browser.awaitText(".not-fired", "page/gone");
        browser.picture("real-panel");

        // hooks
        browser.click("nav a[data-view=hooks]");
        browser.awaitText("tbody tr:first-child", "page/wrong");
        browser.awaitText("tbody tr:first-child", "kube-*");
        browser.picture("real-hooks");
        browser.click("button[aria-label='Pause page/taken']");
        browser.awaitText(".said", "page/taken is paused");
        browser.awaitText("tbody", "paused by an operator");
        browser.click("button[aria-label='Resume page/taken']");
        browser.awaitText(".said", "page/taken is resumed");

        // keywords
        browser.click("a[aria-label='Try the keywords of page/taken']");
        browser.click("form.try button");
        browser.awaitText(".answer", "1 event would have fired");
        browser.find("input[name=subject]")
                .sendKeys(Keys.chord(Keys.CONTROL, "a"), "ops.pods.kube-*.events", Keys.ENTER);
        browser.awaitText(".field-subject .field-error", "kube-*");

        // dead letters
        happens("web-2", "Lost");
        browser.click("nav a[data-view=deadletters]");
        await().atMost(LONG).until(() -> {
            browser.driver().navigate().refresh();
            browser.find(".notice-empty, tbody tr");
            return !browser.all("tbody tr").isEmpty();
        });
        browser.awaitText("tbody", "page/gone");
        inbox.on("/gone", Inbox.Behaviour.ok());
        browser.click("tbody button[data-action=replay]");
        browser.awaitText(".said", "1 delivery is on its way again");
        await().atMost(LONG).until(() -> inbox.taken("/gone").size() == 1);
        browser.awaitText(".notice-empty", "No dead letters");

        // flow
        browser.click("nav a[data-view=flow]");
        browser.awaitText(".flow-table", "page/taken");
        browser.picture("real-flow");

        // an outage
        browser.click("nav a[data-view=live]");
        browser.awaitText(".rows", "Lost");
        server.stop();
        browser.driver().navigate().refresh();
        await().atMost(LONG).until(() -> browser.text(".notice-away").contains("NATS is away"));
        server.start();
        await().atMost(LONG).until(() -> browser.text(".rows").contains("Lost"));

        assertThat(browser.problems()).isEmpty();
        browser.driver()
                .findElement(org.openqa.selenium.By.xpath("//button[text()='Sign out']"))
                .click();
        await().until(() -> browser.driver().getCurrentUrl().endsWith("/login"));
        browser.driver().get(url(""));
        await().until(() -> browser.driver().getCurrentUrl().endsWith("/login"));
    }
}
