package routes.page;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.page.Browser.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands in an event, a hook, a dead letter or an error is text: no script of it runs, no element comes of it,
 * and it breaks nothing.
 */
class HostileDataTest {

    private static final List<String> PAYLOADS = List.of(
            "</textarea></title><script>problems.push('script')</script><img src=x onerror=\"problems.push('img')\">\"'><svg/onload=problems.push('svg')>"
                    + "<iframe srcdoc=\"<script>parent.problems.push('frame')</script>\">",
            "javascript:problems.push('url')",
            "{{constructor.constructor('problems.push(1)')()}}${problems.push('template')} \u202e \u0000 &lt;b&gt; {n} __proto__");
    /** What the page's own logic depends on, and numbers. */
    private static final Set<String> KEPT = Set.of(
            "stored",
            "time",
            "state",
            "accepted",
            "kind",
            "next_cursor",
            "specversion",
            "from ",
            "to",
            "failing_since");

    private static final Set<String> KEPT_IN_FLOW = Set.of("id", "kind", "from", "to");

    /** Every text of an answer becomes the payload, but for those that steer; names of members too. */
    private static JsonNode poisoned(JsonNode answer, String payload, Set<String> kept) {
        if (answer.isObject()) {
            ObjectNode object = (ObjectNode) answer;
            for (var member : List.copyOf(object.properties())) {
                if (!kept.contains(member.getKey())) {
                    object.set(member.getKey(), poisoned(member.getValue(), payload, kept));
                }
            }
            if (object.has("regarding")) {
                object.put(payload, payload);
                object.putObject("__proto__").put("x", payload);
            }
        } else if (answer.isArray()) {
            ArrayNode array = (ArrayNode) answer;
            for (int i = 0; i < array.size(); i++) {
                array.set(i, poisoned(array.get(i), payload, kept));
            }
        } else if (answer.isTextual()) {
            return TextNode.valueOf(payload);
        }
        return answer;
    }

    @Test
    void noFieldOfAnythingRunsAScript() throws Exception {
        Browser browser = Browser.get();
        for (String payload : PAYLOADS) {
            ArrayNode events = (ArrayNode) poisoned(Sample.hour(), payload, KEPT);
            try (ApiServer server = new ApiServer()) {
                server.on("GET me", Sample.object("{\"roles\":[\"operate\"]}").put("name", payload))
                        .on("GET events", Sample.page(events, null))
                        .on("GET explain", poisoned(Sample.explained((ObjectNode) events.get(0)), payload, KEPT))
                        .on("GET hooks", poisoned(Sample.hooks(), payload, KEPT))
                        .on("GET deadletters", poisoned(Sample.deadLetters(), payload, KEPT))
                        .on("GET flow", poisoned(Sample.flow(4), payload, KEPT_IN_FLOW))
                        .on("POST hooks/try", poisoned(Sample.tried(), payload, KEPT))
                        .on(
                                "POST deadletters/replay",
                                request -> new ApiServer.Reply(
                                        400,
                                        Sample.object("{\"code\":-1}")
                                                .put("message", payload)
                                                .toString(),
                                        java.util.Map.of()));
                String shown = payload.contains("\u0000") ? "constructor.constructor" : payload;
                browser.open(server.url("#/live"));
                browser.awaitText(".rows", shown);
                browser.awaitText(".legend", shown);
                browser.awaitText("header", shown);
                browser.click(".as-table summary");
                browser.awaitText(".as-table thead", shown);
                browser.click(".event");
                browser.awaitText(".panel .explained", shown);
                browser.click(".not-fired summary");
                browser.awaitText(".panel .tree", shown);
                clean(browser, payload);
                server.send(
                        "event",
                        4001,
                        poisoned(Sample.event(4001, java.time.Instant.now(), "a", "b", "c", "d"), payload, KEPT));
                server.send("cut", null, payload.replace('\u0000', ' '));
                browser.awaitText(".notices", shown);
                clean(browser, payload);
                browser.open(server.url("#/hooks"));
                browser.awaitText("tbody", shown);
                clean(browser, payload);
                browser.click("a[data-action=try]");
                browser.click("form.try button");
                browser.awaitText(".tried", shown);
                clean(browser, payload);
                browser.open(server.url("#/deadletters"));
                browser.awaitText("tbody", shown);
                browser.click("tbody button");
                browser.awaitText(".said", shown);
                clean(browser, payload);
                browser.open(server.url("#/flow"));
                browser.awaitText(".flow-table", shown);
                clean(browser, payload);
            }
        }
    }

    @Test
    void noAddressRunsAScript() throws Exception {
        Browser browser = Browser.get();
        try (ApiServer server = Sample.server()) {
            browser.open(server.url(""));
            for (String payload : PAYLOADS) {
                String encoded = java.net.URLEncoder.encode(payload, java.nio.charset.StandardCharsets.UTF_8);
                for (String place : List.of(
                        "live?pattern=%s&text=%s",
                        "event?id=%s&sequence=%s",
                        "hooks?search=%s&show=%s",
                        "try?subject=%s&include=%s",
                        "deadletters?hook=%s&reason=%s",
                        "%s?%s=1",
                        "__proto__?a=%s&b=%s",
                        "live?minute=%s&event=%s")) {
                    browser.driver().get(server.url("#/" + place.formatted(encoded, encoded)));
                    browser.find("h1");
                    clean(browser, place + " " + payload);
                }
            }
        }
    }

    private static void clean(Browser browser, String what) {
        await().until(() -> browser.run("return document.readyState").equals("complete"));
        assertThat(browser.problems()).as(what).isEmpty();
        assertThat(browser.all("main script, main iframe, main img, [onerror], [onload], a[href^='javascript:' i]"))
                .as(what)
                .isEmpty();
    }

    /** The test's own eyes: a page that did run such a script would be noticed. */
    @Test
    void aScriptThatRanWouldBeNoticed() throws Exception {
        Browser browser = Browser.get();
        try (ApiServer server = Sample.server()) {
            browser.open(server.url("#/hooks"));
            browser.find("tbody tr");
            browser.run(
                    "document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])", PAYLOADS.get(0));
            await().until(() -> !browser.problems().isEmpty());
            assertThat(browser.problems())
                    .anySatisfy(problem -> assertThat(problem).asString().contains("CSP", "script-src"));
        }
    }
}
