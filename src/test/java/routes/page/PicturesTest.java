package routes.page;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.page.Browser.await;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every view in both widths, colours and languages: a picture of each (target/screenshots), and no serious fault for
 * those who don't see it.
 */
class PicturesTest {

    private static final Map<String, String> VIEWS = Map.of(
            "live",
            "#/live",
            "panel",
            "#/live?event=berlin/x&sequence=3950",
            "event",
            "#/event?id=berlin/x&sequence=3950",
            "hooks",
            "#/hooks",
            "try",
            "#/try?include=BackOff",
            "deadletters",
            "#/deadletters",
            "flow",
            "#/flow");
    private static final Map<String, String> READY = Map.of(
            "live",
            ".event",
            "panel",
            ".panel .verdicts li",
            "event",
            ".verdicts li",
            "hooks",
            "tbody tr",
            "try",
            "form.try",
            "deadletters",
            "tbody tr",
            "flow",
            ".edge.flows");

    @Test
    void everyViewIsFitForAllWidthsColoursLanguagesAndPeople() throws Exception {
        Browser browser = Browser.get();
        try (ApiServer server = Sample.server()) {
            for (String language : List.of("en", "zh")) {
                browser.open(server.url(""));
                browser.run("localStorage.setItem('opsbus.language', arguments[0])", language);
                for (String view : VIEWS.keySet()) {
                    browser.open(server.url(VIEWS.get(view)));
                    browser.find(READY.get(view));
                    if (view.equals("try")) {
                        browser.click("form.try button.primary");
                        browser.find(".tried li");
                    }
                    for (String colours : List.of("light", "dark")) {
                        for (int width : List.of(1280, 390)) {
                            boolean wideLightOrNarrowDark = colours.equals(width == 390 ? "dark" : "light");
                            if (language.equals("zh") && !wideLightOrNarrowDark) {
                                continue; // the words are as long in other colours
                            }
                            String name = view + "-" + width + "-" + colours + "-" + language;
                            browser.look(width, width == 390 ? 844 : 800, colours);
                            await().until(() -> browser.run(
                                            "return document.querySelector(arguments[0]) !== null", READY.get(view))
                                    .equals(true));
                            assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
                                    .as(name + " is not wider than the screen")
                                    .isLessThanOrEqualTo(width);
                            browser.picture(name);
                            if (language.equals("en") && wideLightOrNarrowDark) {
                                assertThat(faults(browser)).as(name).isEmpty();
                            }
                        }
                    }
                    assertThat(browser.run("return document.documentElement.lang"))
                            .isEqualTo(language);
                    assertThat(browser.problems()).as(view).isEmpty();
                }
            }
        }
    }

    /**
     * Serious and critical faults that axe-core finds. Without frames there is nothing for its other mode, which opens
     * windows.
     */
    static List<String> faults(Browser browser) {
        return new AxeBuilder()
                .setLegacyMode(true).analyze(browser.driver()).getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .flatMap(rule -> rule.getNodes().stream()
                                .map(node -> rule.getId() + ": " + node.getHtml() + " " + node.getFailureSummary()))
                        .toList();
    }
}
