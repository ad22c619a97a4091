package routes.page;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.page.Browser.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import routes.page.ApiServer.Reply;

/** Events as they happen, by mouse and by keyboard alone. */
class LivePageTest {

    /** How many events all bars of the timeline have. */
    private static final String BARS =
            "return [...document.querySelectorAll('.bar')].reduce((sum, bar) => sum + Number(/: (\\d+) event/.exec(bar.title)?.[1] ?? 0), 0)";

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

    private void open(String place) {
        browser.open(server.url(place));
        browser.find(".event");
        await().until(() -> server.tails() > 0);
    }

    private void happens(long sequence, String reason) throws Exception {
        server.send(
                "event",
                sequence,
                Sample.event(sequence, Instant.now(), "Warning", reason, "web-0", "message of " + sequence));
    }

    private String firstRow() {
        return (String)
                browser.run(
                        "return [...document.querySelectorAll('.row')].find(r => r.getAttribute('aria-posinset') === '1')?.innerText ?? ''");
    }

    @Test
    void whatHappensIsOnTopAtOnceAndNothingTwice() throws Exception {
        open("#/live");
        assertThat(server.requests("GET events/ops.>/stream").get(0).headers().getFirst("Last-Event-ID"))
                .isEqualTo("4000");
        await().until(() -> (Long) browser.run(BARS) > 0);
        long before = (Long) browser.run(BARS);
        happens(4000, "Repeated");
        happens(4001, "Fresh");
        await().until(() -> firstRow().contains("Fresh"));
        assertThat(browser.text(".rows")).doesNotContain("Repeated");
        await("the timeline has it").until(() -> (Long) browser.run(BARS) == before + 1);
    }

    @Test
    void aPausedListStandsStillCountsWhatWaitsAndGoesOn() throws Exception {
        open("#/live");
        browser.tabTo("button.pause");
        browser.keys(Keys.ENTER);
        happens(4001, "One");
        happens(4002, "Two");
        browser.awaitText("button.pause", "Continue (2 wait)");
        assertThat(firstRow()).doesNotContain("One", "Two");
        browser.keys(Keys.ENTER);
        await().until(() -> firstRow().contains("Two"));
        browser.awaitText("button.pause", "Pause");
    }

    @Test
    void filtersAreInTheAddressAndALinkBringsThem() throws Exception {
        open("#/live");
        browser.tabTo("input[name=reason]");
        browser.keys("BackOff", Keys.ENTER);
        await().until(() -> browser.driver().getCurrentUrl().endsWith("#/live?reason=BackOff"));
        await().until(() -> server.requests("GET events/ops.>").stream()
                .anyMatch(request -> request.query().contains("reason=BackOff")
                        && request.path().endsWith("/stream")));
        open("#/live?pattern=ops.clusters.*.nodes.*.events&text=disk%20full&type=Warning");
        assertThat(browser.find("input[name=text]").getDomProperty("value")).isEqualTo("disk full");
        assertThat(server.requests("GET events/ops.clusters.*.nodes.*.events"))
                .anySatisfy(request -> assertThat(request.query()).contains("text=disk+full", "type=Warning"));
        browser.click("button.clear");
        await().until(() -> browser.driver().getCurrentUrl().endsWith("#/live"));
    }

    @Test
    void theDefaultViewCountsWhatHappenedOnceAndAFilterChoosesTheObservation() throws Exception {
        open("#/live");
        assertThat(server.requests("GET events"))
                .isNotEmpty()
                .allSatisfy(request ->
                        assertThat(request.query()).contains("forwarded=false").doesNotContain("observation="));
        browser.choose("select[name=observation]", "alerts");
        await().until(() -> browser.driver().getCurrentUrl().endsWith("#/live?observation=alerts"));
        await().until(() -> asked("observation=alerts", "forwarded"));
        browser.choose("select[name=observation]", "all");
        await().until(() -> browser.driver().getCurrentUrl().endsWith("#/live?observation=all"));
        await().until(() -> asked("page_size=1000", "forwarded=false", "observation"));
        open("#/live?pattern=ops.clusters.*.nodes.*.alerts");
        assertThat(server.requests("GET events/ops.clusters.*.nodes.*.alerts"))
                .as("a pattern that names alerts gets them")
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.query()).doesNotContain("forwarded=false"));
        assertThat(browser.find("select[name=observation]").getDomProperty("value"))
                .isEqualTo("all");
    }

    private boolean asked(String with, String... without) {
        return server.requests("GET events/ops.>").stream()
                .map(ApiServer.Request::query)
                .anyMatch(query -> query.contains(with) && Stream.of(without).noneMatch(query::contains));
    }

    @Test
    void anAlertIsOneClickFromItsEventAndTheEventFromItsAlert() throws Exception {
        open("#/live?observation=all");
        ObjectNode event = Sample.event(4001, Instant.now(), "Warning", "Evicted", "web-0", "m");
        ObjectNode alert = Sample.alert(4002, event);
        String id = event.at("/event/id").asText();
        server.on("GET explain", request -> {
            boolean ofAlert = request.query().contains("to-alerts");
            ObjectNode explained = Sample.explained(ofAlert ? alert : event);
            if (!ofAlert) {
                ((ArrayNode) explained.get("hooks"))
                        .insert(
                                0,
                                Sample.object(
                                        "{\"hook\":\"ops-system/to-alerts\",\"type\":\"event\",\"fires\":true,\"why\":\"all\",\"state\":\"delivered\","
                                                + "\"published\":\"" + id
                                                + "/ops-system/to-alerts\",\"attempts\":[]}"));
            }
            return Reply.data(explained);
        });
        server.send("event", 4001, event);
        server.send("event", 4002, alert);
        await().until(() -> firstRow().contains("↳ alerts"));
        assertThat(
                        browser.run(
                                "return [...document.querySelectorAll('.event')].find(row => row.dataset.key === '4001').querySelector('.observation').innerText"))
                .isEqualTo("events");
        assertThat(browser.run("return document.querySelector('.event[data-key=\"4002\"] .observation').title"))
                .isEqualTo(alert.get("subject").asText());
        browser.click(".event[data-key='4002']");
        browser.awaitText(".panel .headline", "Published again by ops-system/to-alerts");
        browser.click(".panel .to-origin");
        browser.awaitText(".panel .summary", "web-0.events");
        assertThat(browser.find(".event[data-key='4001']").getDomAttribute("aria-current"))
                .isEqualTo("true");
        browser.click(".panel .to-published");
        browser.awaitText(".panel .summary", "web-0.alerts");
        assertThat(browser.find(".event[data-key='4002']").getDomAttribute("aria-current"))
                .isEqualTo("true");
        browser.open(server.url("#/event?id=" + id + "/ops-system/to-alerts"));
        browser.click(".to-origin");
        browser.awaitText(".summary", "web-0.events");
        browser.click(".to-published");
        browser.awaitText(".summary", "web-0.alerts");
    }

    @Test
    void aPatternThatIsNoneIsSaidAsTheServerSaysIt() throws Exception {
        server.on("GET events", request -> Reply.error(400, "subject pattern has an empty token at 5"));
        browser.open(server.url("#/live?pattern=ops..x"));
        browser.awaitText(".notice-error", "subject pattern has an empty token at 5");
        assertThat(browser.text(".feed-state")).contains("stopped");
    }

    @Test
    void aMinuteAndAReasonOfTheTimelineFilter() throws Exception {
        open("#/live");
        browser.tabTo(".bar");
        browser.keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        String label = (String) browser.run("return document.activeElement.getAttribute('aria-label')");
        int count = Integer.parseInt(label.replaceAll("^.*?: (\\d+) event.*", "$1"));
        browser.keys(Keys.ENTER);
        browser.awaitText(".count-loaded", count + " event");
        assertThat(browser.driver().getCurrentUrl()).contains("minute=");
        browser.click(".chip");
        browser.awaitText(".count-loaded", "events");
        await().until(() -> !browser.driver().getCurrentUrl().contains("minute="));
        browser.click(".legend button");
        await().until(() -> browser.driver().getCurrentUrl().contains("reason="));
    }

    @Test
    void theTimelineIsReadableAsATable() throws Exception {
        open("#/live");
        browser.tabTo(".as-table summary");
        browser.keys(Keys.ENTER);
        browser.find(".as-table tbody tr");
        long inTable = (Long)
                browser.run(
                        "return [...document.querySelectorAll('.as-table tbody tr')].reduce((sum, row) => sum + Number(row.cells[1].innerText), 0)");
        long inBars = (Long) browser.run(BARS);
        assertThat(inTable).isEqualTo(inBars).isGreaterThan(200);
    }

    @Test
    void aMinuteOfThePastIsAskedForAndNotFollowed() throws Exception {
        Instant minute = Instant.now().minus(5, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES);
        ArrayNode past = JsonNodeFactory.instance
                .arrayNode()
                .add(Sample.event(7, minute.plusSeconds(5), "Warning", "Long ago", "web-0", "m"))
                .add(Sample.event(6, minute.minusSeconds(5), "Warning", "Before", "web-0", "m"));
        server.on("GET events", Sample.page(past, null));
        browser.open(server.url("#/live?minute=" + minute.toEpochMilli()));
        browser.awaitText(".rows", "Long ago");
        assertThat(browser.text(".rows")).doesNotContain("Before");
        assertThat(server.requests("GET events").get(0).query())
                .contains("to=" + minute.plusSeconds(60).toString().replace("Z", ".000Z"));
        assertThat(browser.text(".feed-state")).contains("the past");
        assertThat(server.tails()).isZero();
    }

    @Test
    void anEventOpensBesideTheListClosesAndGivesTheFocusBack() throws Exception {
        open("#/live");
        browser.tabTo(".event");
        browser.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        Object key = browser.run("return document.activeElement.dataset.key");
        browser.keys(Keys.ENTER);
        browser.awaitText(".panel", "2 hooks fired");
        assertThat(browser.text(".panel"))
                .contains("already present on machine", "upstream connect error", "no such robot", "kubelet");
        assertThat(browser.driver().getCurrentUrl()).contains("sequence=" + key);
        assertThat(browser.run("return document.activeElement.tagName")).isEqualTo("H2");
        browser.tabTo(".not-fired summary");
        browser.keys(Keys.ENTER);
        browser.awaitText(".not-fired", "the subject is not under ops.clusters.*.nodes.*.events");
        browser.keys(Keys.ESCAPE);
        await().until(() -> key.equals(browser.run("return document.activeElement.dataset.key")));
        assertThat(browser.find(".panel").isDisplayed()).isFalse();
    }

    @Test
    void aStreamThatIsCutSaysWhyAndGoesOnBehindTheLastEvent() throws Exception {
        open("#/live");
        happens(4001, "Last");
        await().until(() -> firstRow().contains("Last"));
        server.send("cut", null, "this client reads too slowly");
        server.endTails();
        browser.awaitText(".notice-away", "this client reads too slowly");
        await().until(() -> server.tails() > 0);
        assertThat(server.requests("GET events/ops.>/stream"))
                .last()
                .satisfies(request ->
                        assertThat(request.headers().getFirst("Last-Event-ID")).isEqualTo("4001"));
        await().until(() -> browser.all(".notice-away").isEmpty());
        happens(4002, "Behind it");
        await().until(() -> firstRow().contains("Behind it"));
    }

    @Test
    void aPageThatNobodySeesGivesItsConnectionUpUntilItIsSeenAgain() throws Exception {
        String shows =
                "Object.defineProperty(document, 'visibilityState', {value: arguments[0], configurable: true}); document.dispatchEvent(new Event('visibilitychange'));";
        open("#/live");
        browser.awaitText(".feed-state", "live");
        browser.run(shows, "hidden");
        browser.awaitText(".feed-state", "reconnecting");
        assertThat(server.requests("GET events/ops.>/stream")).hasSize(1);
        browser.run(shows, "visible");
        browser.awaitText(".feed-state", "live");
        assertThat(server.requests("GET events/ops.>/stream"))
                .hasSize(2)
                .last()
                .satisfies(request ->
                        assertThat(request.headers().getFirst("Last-Event-ID")).isEqualTo("4000"));
    }

    @Test
    void natsAwayIsSaidAndThePageGoesOnByItself() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        server.on(
                "GET events",
                request -> away.get()
                        ? Reply.error(503, "NATS does not answer at nats://n:4222")
                        : Reply.data(Sample.page(Sample.hour(), null)));
        browser.open(server.url("#/live"));
        browser.awaitText(".notice-away", "NATS is away\nNATS does not answer at nats://n:4222");
        away.set(false);
        browser.find(".event");
        await().until(() -> browser.all(".notice-away").isEmpty() && server.tails() > 0);
        server.refuseTails(Reply.error(503, "NATS went away"));
        server.endTails();
        browser.awaitText(".feed-state", "NATS is away");
        assertThat(browser.all(".event")).isNotEmpty();
        server.refuseTails(null);
        browser.awaitText(".feed-state", "live");
    }

    @Test
    void nothingThereSaysWhyAndWhatToDo() throws Exception {
        server.on("GET events", Sample.page(JsonNodeFactory.instance.arrayNode(), null));
        browser.open(server.url("#/live?reason=Never"));
        browser.awaitText(".notice-empty", "match these filters");
        browser.click(".notice-empty button");
        browser.awaitText(".notice-empty", "NATS keeps none yet");
        await().until(() -> server.tails() > 0);
        happens(1, "First");
        await().until(() ->
                firstRow().contains("First") && browser.all(".notice-empty").isEmpty());
    }

    @Test
    void whoeverIsNotSignedInGoesToTheLoginAndComesBackToTheSamePlace() throws Exception {
        server.on("GET", request -> Reply.error(401, "no token"))
                .on("GET me", request -> Reply.error(401, "no token"))
                .on("GET events", request -> Reply.error(401, "no token"));
        browser.open(server.url("#/live?reason=BackOff"));
        await().until(() -> browser.driver().getCurrentUrl().endsWith("/login"));
        server.on("GET me", request -> Reply.data("{\"name\":\"x\",\"roles\":[\"read\"]}"))
                .on("GET events", Sample.page(Sample.hour(), null));
        browser.driver().get(server.url(""));
        browser.find(".event");
        assertThat(browser.driver().getCurrentUrl()).endsWith("#/live?reason=BackOff");
    }
}
