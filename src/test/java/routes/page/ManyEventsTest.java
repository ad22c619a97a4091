package routes.page;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.page.Browser.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Ten thousand events in the page. */
@Tag("alone")
class ManyEventsTest {

    private static final int EVENTS = 10_000;
    private static final int PAGE = 1_000;
    /** Scrolls half a screen a frame through all of it; what a frame takes, and how many elements there are at most. */
    private static final String SCROLL = """
            const done = arguments[arguments.length - 1];
            const scroller = document.querySelector('.scroller');
            const frames = [];
            let most = 0;
            let before = performance.now();
            const step = now => {
                frames.push(now - before);
                before = now;
                most = Math.max(most, document.querySelectorAll('main *').length);
                if (frames.length === 120) {
                    frames.sort((a, b) => a - b);
                    done([frames[60], most, scroller.scrollTop]);
                } else {
                    scroller.scrollTop += scroller.clientHeight / 2 + 1;
                    requestAnimationFrame(step);
                }
            };
            requestAnimationFrame(step);
            """;

    @Test
    void theyScrollSmoothlySinceOnlyThoseInSightAreInTheDocument() throws Exception {
        Browser browser = Browser.get();
        Instant now = Instant.now();
        try (ApiServer server = Sample.server()) {
            server.on("GET events", request -> {
                int first = request.query().contains("cursor=")
                        ? Integer.parseInt(request.query().replaceAll(".*cursor=(\\d+).*", "$1"))
                        : 0;
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                for (int i = first; i < first + PAGE; i++) {
                    list.add(Sample.event(
                            EVENTS + 5_000 - i,
                            now.minusMillis(i * 300L),
                            i % 5 == 0 ? "Warning" : "Normal",
                            "Reason" + i % 12,
                            "pod-" + i,
                            "message " + i));
                }
                return ApiServer.Reply.data(Sample.page(list, String.valueOf(first + PAGE)));
            });
            browser.open(server.url("#/live"));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(browser.text(".count-loaded")).contains("10,000"));
            // what comes meanwhile must not disturb
            await().until(() -> server.tails() > 0);
            server.send("event", EVENTS + 5_001, Sample.event(EVENTS + 5_001, now, "Warning", "New", "pod", "new"));
            await().until(() -> browser.text(".rows").contains("New"));

            java.util.List<?> measured = (java.util.List<?>) browser.driver().executeAsyncScript(SCROLL);
            assertThat(((Number) measured.get(0)).doubleValue())
                    .as("milliseconds of a frame, median")
                    .isLessThan(100);
            assertThat((Long) measured.get(1)).as("elements in the view").isLessThan(1_500);
            assertThat(((Number) measured.get(2)).doubleValue()).isGreaterThan(20_000);

            // the same row stays in sight while others come on top
            double top = ((Number) browser.run("return document.querySelector('.scroller').scrollTop")).doubleValue();
            server.send("event", EVENTS + 5_002, Sample.event(EVENTS + 5_002, now, "Warning", "Newer", "pod", "new"));
            await().untilAsserted(() -> assertThat(
                            ((Number) browser.run("return document.querySelector('.scroller').scrollTop"))
                                    .doubleValue())
                    .isEqualTo(top + 28));

            browser.tabTo(".event");
            browser.keys(Keys.END);
            await().until(() -> browser.run("return document.activeElement.parentElement.getAttribute('aria-posinset')")
                    .equals("10000"));
            browser.keys(Keys.HOME);
            await().until(() -> browser.run("return document.activeElement.parentElement.getAttribute('aria-posinset')")
                    .equals("1"));
            assertThat(browser.all(".row")).hasSizeLessThan(100);
            assertThat(browser.problems()).isEmpty();
        }
    }
}
