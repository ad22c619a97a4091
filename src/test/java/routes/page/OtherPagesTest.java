package routes.page;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.page.Browser.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import routes.page.ApiServer.Reply;

/** Hooks, trying keywords, dead letters, flow, and what is around them; by keyboard where a hand would do it. */
class OtherPagesTest {

    private Browser browser;
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        browser = Browser.get();
        server = Sample.server();
    }

    @AfterEach
    void nothingWentWrong() {
        assertThat(browser.problems()).isEmpty();
        browser.driver().get("about:blank");
        server.close();
    }

    @Test
    void hooksInTroubleAreOnTopAndSayWhy() {
        browser.open(server.url("#/hooks"));
        browser.awaitText("tbody", "shop/partial");
        assertThat(browser.text("tbody tr:nth-child(1)")).contains("shop/partial", "rejected", "hooks/shop.yaml:26:12");
        assertThat(browser.text("tbody tr:nth-child(2)"))
                .contains("ops-system/pods-chat", "failing since", "HTTP 503 from hooks.slack.example", "219");
        assertThat(browser.text(".view-head")).contains("6 hooks, 2 in trouble");
        browser.tabTo("input[name=search]");
        browser.keys("elastic");
        await().until(() -> browser.all("tbody tr").size() == 1);
        browser.keys("x", Keys.ENTER);
        browser.awaitText(".notice-empty", "No hook is like that");
        assertThat(browser.driver().getCurrentUrl()).endsWith("#/hooks?search=elasticx");
    }

    @Test
    void plainCamelRoutesStandBesideTheHooksWithTheirCounts() {
        browser.open(server.url("#/hooks"));
        browser.awaitText(".routes", "log-node-not-ready");
        assertThat(browser.text(".routes tbody tr:nth-child(1)"))
                .contains(
                        "Logs each node that is not ready",
                        "runs",
                        "112",
                        "111",
                        "1",
                        "hooks/node-not-ready-route.yaml");
        assertThat(browser.text(".routes tbody tr:nth-child(2)")).contains("nightly", "stopped", "—");
        browser.choose("select[name=show]", "trouble");
        await().until(() -> browser.all(".routes tbody tr").size() == 1);
        browser.choose("select[name=show]", "rejected");
        await().until(() -> !browser.find(".routes").isDisplayed());
    }

    @Test
    void aHookWhoseRouteWasStoppedSaysWhere() {
        ObjectNode hooks = Sample.hooks();
        ((ObjectNode) hooks.get("list").get(0)).put("paused", "stopped in Hawtio, this replica");
        server.on("GET hooks", hooks);
        browser.open(server.url("#/hooks?search=nodes-p0"));
        browser.awaitText("tbody", "stopped in Hawtio, this replica");
        browser.find("button[aria-label='Resume ops-system/nodes-p0']");
    }

    @Test
    void aHookIsPausedAndResumedAndThatIsSaid() throws Exception {
        ObjectNode hooks = Sample.hooks();
        ObjectNode hook = (ObjectNode) hooks.get("list").get(0);
        server.on("GET hooks", request -> Reply.data(hooks))
                .on("POST hooks/ops-system/nodes-p0/pause", request -> {
                    hook.put("paused", "operator");
                    return Reply.data("null");
                })
                .on("POST hooks/ops-system/nodes-p0/resume", request -> Reply.error(409, "its author paused it"));
        browser.open(server.url("#/hooks"));
        browser.awaitText("tbody", "nodes-p0");
        browser.tabTo("button[aria-label='Pause ops-system/nodes-p0']");
        browser.keys(Keys.ENTER);
        browser.awaitText(".said[role=status]", "ops-system/nodes-p0 is paused");
        browser.find("button[aria-label='Resume ops-system/nodes-p0']");
        assertThat(server.requests("POST hooks"))
                .singleElement()
                .satisfies(request ->
                        assertThat(request.headers().getFirst("X-XSRF-TOKEN")).isEqualTo("a-token"));
        await("the focus stays on the button")
                .until(() -> "Resume".equals(browser.run("return document.activeElement.innerText")));
        browser.keys(Keys.ENTER);
        browser.awaitText(".said", "stays as it is: its author paused it");
    }

    @Test
    void keywordsOfAHookAreTriedAndErrorsAreAtTheirField() throws Exception {
        server.on("GET hooks", Sample.hooks());
        browser.open(server.url("#/hooks"));
        browser.awaitText("tbody", "shop/orders");
        browser.tabTo("a[aria-label='Try the keywords of shop/orders']");
        browser.keys(Keys.ENTER);
        browser.find("form.try");
        assertThat(browser.run("return document.activeElement.tagName")).isEqualTo("H1");
        assertThat(browser.find("textarea[name=include]").getDomProperty("value"))
                .isEqualTo("Failed.*");
        browser.tabTo("textarea[name=exclude]");
        browser.keys("kube-system", Keys.ENTER, "test", Keys.TAB);
        browser.tabTo("form.try button");
        browser.keys(Keys.ENTER);
        browser.awaitText(".answer", "3 events would have fired of 1,204");
        assertThat(server.requests("POST hooks/try").get(0).body())
                .contains(
                        "\"subject\":\"ops.clusters.*.namespaces.shop.>\"",
                        "\"include\":[\"Failed.*\"]",
                        "\"exclude\":[\"kube-system\",\"test\"]",
                        "\"matchType\":\"REGEX\"",
                        "\"minutes\":60");
        server.on(
                "POST hooks/try",
                request -> Reply.error(
                        400, "subject has the partial wildcard kube-*: write * and put kube- in keywords.include"));
        browser.click("form.try button");
        browser.awaitText(".field-subject .field-error", "partial wildcard kube-*");
        assertThat(browser.run(
                        "return document.activeElement.name + document.activeElement.getAttribute('aria-invalid')"))
                .isEqualTo("subjecttrue");
        server.on("POST hooks/try", request -> Reply.error(503, "NATS is not there"));
        browser.click("form.try button");
        browser.awaitText(".notice-away", "NATS is not there");
        assertThat(browser.text(".field-error")).isBlank();
    }

    @Test
    void deadLettersAreReplayedOneTheSelectedOrAllOfAFilter() throws Exception {
        server.on("POST deadletters/replay", request -> Reply.data("{\"count\":2}"));
        browser.open(server.url("#/deadletters"));
        browser.awaitText("tbody", "no such channel");
        browser.tabTo("tbody tr:nth-child(1) input");
        browser.keys(Keys.SPACE);
        browser.tabTo("tbody tr:nth-child(2) input");
        browser.keys(Keys.SPACE);
        browser.awaitText(".actions", "Replay selected (2)");
        browser.click("button[data-name=replay]");
        browser.awaitText(".said", "2 deliveries are on their way again");
        browser.click("tbody tr:nth-child(3) button");
        await().until(() -> server.requests("POST deadletters/replay").size() == 2);
        browser.open(server.url("#/deadletters?hook=shop/orders"));
        browser.awaitText(".actions", "Replay all (7)");
        browser.click("button[data-name=replay-all]");
        browser.awaitText("dialog", "7 deliveries are sent to their hooks again. Hook: shop/orders");
        browser.click("dialog button[value=yes]");
        await().until(() -> server.requests("POST deadletters/replay").size() == 3);
        assertThat(server.requests("POST deadletters/replay"))
                .extracting(ApiServer.Request::body)
                .containsExactly("{\"sequences\":[70,69]}", "{\"sequences\":[68]}", "{\"hook\":\"shop/orders\"}");
        assertThat(server.requests("GET deadletters"))
                .last()
                .satisfies(request -> assertThat(request.query()).contains("hook=shop/orders"));
    }

    @Test
    void discardingAsksFirst() throws Exception {
        server.on("POST deadletters/discard", request -> Reply.data("{\"count\":7}"));
        browser.open(server.url("#/deadletters"));
        browser.awaitText("tbody", "no such channel");
        browser.tabTo("button[data-name=discard-all]");
        browser.keys(Keys.ENTER);
        browser.find("dialog");
        assertThat(PicturesTest.faults(browser)).isEmpty();
        browser.picture("discard-1280-light-en");
        browser.keys(Keys.ESCAPE);
        await().until(() -> browser.all("dialog").isEmpty());
        assertThat(server.requests("POST")).isEmpty();
        assertThat(browser.run("return document.activeElement.dataset.name")).isEqualTo("discard-all");
        browser.keys(Keys.ENTER);
        browser.tabTo("dialog button[value=yes]");
        browser.keys(Keys.ENTER);
        browser.awaitText(".said", "7 dead letters are deleted");
        assertThat(server.requests("POST deadletters/discard"))
                .extracting(ApiServer.Request::body)
                .containsExactly("{\"all\":true}");
    }

    @Test
    void moreDeadLettersComeByTheCursor() throws Exception {
        ObjectNode first = Sample.deadLetters().put("next_cursor", "behind 64").put("total_exact", false);
        ObjectNode second = Sample.deadLetters();
        second.get("list")
                .forEach(letter -> ((ObjectNode) letter)
                        .put("sequence", letter.get("sequence").asInt() - 20));
        server.on(
                "GET deadletters",
                request -> Reply.data(request.query().contains("cursor=behind+64") ? second : first));
        browser.open(server.url("#/deadletters"));
        browser.awaitText(".view-head", "at least 7 dead letters");
        browser.driver()
                .findElement(org.openqa.selenium.By.xpath("//button[text()='Load more']"))
                .click();
        await().until(() -> browser.all("tbody tr").size() == 14);
        assertThat(browser.text("main")).doesNotContain("Load more");
    }

    @Test
    void theFlowsRatesAreTheDifferenceOfTwoAnswers() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        server.on("GET flow", request -> Reply.data(Sample.flow(answers.getAndIncrement() == 0 ? 100 : 400)));
        browser.open(server.url("#/flow"));
        browser.awaitText(".flow-table", "kubernetes");
        assertThat(browser.text(".flow-table tbody tr:first-child"))
                .contains("0/s")
                .contains("ops.>", "shop/archive", "4,805");
        await().until(() -> answers.get() == 2 && !browser.all(".edge.flows").isEmpty());
        // 300 x 48 within about three seconds
        double rate = Double.parseDouble(
                browser.text(".flow-table tbody tr:first-child td:nth-child(3)").replaceAll("[,/s]", ""));
        assertThat(rate).isBetween(400.0, 4_900.0);
        assertThat(browser.run("return [...document.querySelectorAll('.column')].map(e => e.textContent)"))
                .isEqualTo(java.util.List.of("Sources", "Subjects", "Subjects of hooks", "Hooks", "Endpoints"));
        assertThat(browser.all(".edge")).hasSize(12);
        assertThat((Boolean) browser.run(
                        "const width = label => Number([...document.querySelectorAll('.edge')].find(e => e.textContent.startsWith(label)).getAttribute('stroke-width'));"
                                + "return width('kubernetes → ops.>') > 2 * width('ops-system/nodes-p0 →')"))
                .isTrue();
    }

    @Test
    void everyViewSaysWhenItIsEmptyAndWhatToDo() throws Exception {
        server.on("GET hooks", Sample.page(JsonNodeFactory.instance.arrayNode(), null))
                .on("GET deadletters", Sample.page(JsonNodeFactory.instance.arrayNode(), null))
                .on("GET flow", "{\"nodes\":[],\"edges\":[]}");
        browser.open(server.url("#/hooks"));
        browser.awaitText(".notice-empty", "Put a file with EventHooks into hooks/");
        browser.open(server.url("#/deadletters"));
        browser.awaitText(".notice-empty", "Every delivery has arrived");
        browser.open(server.url("#/flow"));
        browser.awaitText(".notice-empty", "It appears here with the first event");
        browser.open(server.url("#/event"));
        browser.awaitText(".notice-empty", "No event was named");
    }

    @Test
    void everyViewGoesOnByItselfWhenNatsIsBack() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        Reply absent = Reply.error(503, "NATS is away, try again");
        server.on("GET hooks", request -> away.get() ? absent : Reply.data(Sample.hooks()))
                .on("GET deadletters", request -> away.get() ? absent : Reply.data(Sample.deadLetters()))
                .on("GET flow", request -> away.get() ? absent : Reply.data(Sample.flow(1)))
                .on(
                        "GET explain",
                        request -> away.get()
                                ? absent
                                : Reply.data(Sample.explained(
                                        (ObjectNode) Sample.hour().get(0))));
        for (String place : new String[] {"hooks", "deadletters", "flow", "event?id=x"}) {
            away.set(true);
            browser.open(server.url("#/" + place));
            browser.awaitText(".notice-away", "NATS is away");
            away.set(false);
            await(place)
                    .until(() -> browser.all(".notice-away").isEmpty()
                            && !browser.all("tbody tr, .verdicts li").isEmpty());
        }
    }

    @Test
    void anErrorIsTheServersAndCanBeTriedAgain() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        server.on(
                "GET explain",
                request -> broken.get()
                        ? Reply.error(404, "there is no event x in the last 24 h")
                        : Reply.data(Sample.explained((ObjectNode) Sample.hour().get(0))));
        browser.open(server.url("#/event?id=x"));
        browser.awaitText(".notice-error[role=alert]", "there is no event x in the last 24 h");
        broken.set(false);
        browser.click(".notice-error button");
        browser.awaitText(".explained", "2 hooks fired");
    }

    @Test
    void whoMayOnlyReadIsToldSo() throws Exception {
        server.on("GET me", "{\"name\":\"guest\",\"roles\":[\"read\"]}");
        browser.open(server.url("#/deadletters"));
        browser.awaitText("header", "guest");
        browser.awaitText("tbody", "no such channel");
        await().until(() ->
                browser.all("tbody button:enabled, .actions button:enabled").isEmpty());
        assertThat(browser.find("button[data-name=replay-all]").getDomAttribute("title"))
                .contains("role operate");
    }

    /** What one test has chosen is not the next one's, though its server may have the same port. */
    @Test
    void nothingIsKeptFromTestToTest() throws Exception {
        browser.open(server.url("#/hooks"));
        browser.run("localStorage.setItem('opsbus.language', 'zh')");
        browser.open(server.url("#/hooks"));
        await().until(() -> browser.run("return document.documentElement.lang").equals("zh"));
        Browser.get().open(server.url("#/hooks"));
        await().until(() -> browser.run("return document.documentElement.lang").equals("en"));
        assertThat(browser.run("return localStorage.getItem('opsbus.language')"))
                .isNull();
    }

    @Test
    void languageAndColoursAreChosenByKeyboardAndKept() throws Exception {
        browser.open(server.url("#/hooks"));
        browser.awaitText("tbody", "nodes-p0");
        browser.tabTo("select[name=language]");
        browser.keys("中");
        browser.awaitText("h1", "钩子");
        assertThat(
                        browser.run(
                                "return document.documentElement.lang + ' ' + document.title + ' ' + document.activeElement.name"))
                .isEqualTo("zh 钩子 · opsbus language");
        browser.run(
                "const theme = document.querySelector('select[name=theme]'); theme.value = 'dark'; theme.dispatchEvent(new Event('change'))");
        browser.open(server.url("#/hooks"));
        browser.awaitText("h1", "钩子");
        assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(17, 21, 27)");
        browser.look(1280, 900, "light");
        assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(17, 21, 27)");
    }

    @Test
    void bothLanguagesHaveTheSameWordsAndEachIsUsed() throws Exception {
        browser.open(server.url("#/hooks"));
        Object different = browser.driver().executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                Promise.all([import('/console/text/en.js'), import('/console/text/zh.js')]).then(([en, zh]) => {
                    const keys = words => Object.keys(words.default);
                    const names = text => [...JSON.stringify(text).matchAll(/\\{(?!one|other)(\\w+)}/g)].map(match => match[1]).sort().filter((name, i, all) => name !== all[i - 1]).join();
                    done([...keys(en).filter(key => !keys(zh).includes(key)), ...keys(zh).filter(key => !keys(en).includes(key)),
                        ...keys(en).filter(key => names(en.default[key]) !== names(zh.default[key] ?? ''))]);
                });
                """);
        assertThat((java.util.List<?>) different).isEmpty();
    }
}
