package routes.api.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.impl.Headers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.api.RunningApi;
import routes.e2e.Inbox;
import routes.nats.WireHeaders;

class DeadLettersApiTest extends RunningApi {

    /** A hook whose endpoint refused so many events, {@code {name}-1} and on. */
    private void refused(String name, int events) throws Exception {
        inbox.on("/" + name, Inbox.Behaviour.status(404));
        hook(name, "ops.dead." + name, inbox.url("/" + name), "");
        for (int i = 1; i <= events; i++) {
            publish(name + "-" + i, "ops.dead." + name, "number " + i);
        }
        await().until(() -> total(name) == events);
    }

    private JsonNode list(String query) throws Exception {
        return ok(get("/deadletters?" + query));
    }

    private long total(String hook) throws Exception {
        return list("hook=api/" + hook).path("total").asLong();
    }

    private static List<String> events(JsonNode page) {
        return StreamSupport.stream(page.path("list").spliterator(), false)
                .map(letter -> letter.path("event").asText())
                .toList();
    }

    private static List<String> names(String prefix, int from, int to) {
        return IntStream.iterate(from, i -> i >= to, i -> i - 1)
                .mapToObj(i -> prefix + "-" + i)
                .toList();
    }

    @Test
    void aRefusedDeliveryIsListedWithAllThatIsKnownAndDeliveredOnceWhenItsEndpointIsMended() throws Exception {
        refused("mended", 1);
        JsonNode letter = list("hook=api/mended").path("list").path(0);
        assertThat(letter.path("hook").asText()).isEqualTo("api/mended");
        assertThat(letter.path("event").asText()).isEqualTo("mended-1");
        assertThat(letter.path("subject").asText()).isEqualTo("ops.dead.mended");
        assertThat(letter.path("reason").asText()).isEqualTo("http-404");
        assertThat(letter.path("status").asInt()).isEqualTo(404);
        assertThat(letter.path("detail").asText()).contains("404");
        assertThat(letter.path("attempts").asInt()).isEqualTo(1);
        assertThat(Instant.parse(letter.path("time").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(letter.path("text").asText()).contains("message: number 1 \n");

        inbox.on("/mended", Inbox.Behaviour.ok());
        JsonNode answer = ok(post("/deadletters/replay", "{\"sequences\":[" + letter.path("sequence") + "]}"));
        assertThat(answer.toString())
                .isEqualTo("{\"count\":1,\"skipped\":[],\"skipped_total\":0,\"complete\":true,\"next\":null}");
        await().until(() -> inbox.taken("/mended").size() == 1);
        Inbox.Request delivered = inbox.taken("/mended").get(0);
        assertThat(delivered.id())
                .isEqualTo("mended-1/api/mended")
                .isEqualTo(inbox.refused("/mended").get(0).id());
        assertThat(delivered.headers()).containsEntry("Opsbus-Attempt", "1");
        assertThat(total("mended")).isZero();
        assertThat(opsbus.logText())
                .contains("dead letters: 1 replayed by admin (chosen: sequences " + letter.path("sequence")
                        + "), 0 skipped");

        JsonNode again = ok(post("/deadletters/replay", "{\"sequences\":[" + letter.path("sequence") + "]}"));
        assertThat(again.path("count").asInt()).isZero();
        assertThat(again.path("skipped").path(0).path("why").asText()).startsWith("there is no such dead letter");
    }

    @Test
    void aReplayGoesThroughTheWholeLadderAgainHoweverOldTheEvent() throws Exception {
        refused("ladder", 1);
        int[] calls = new int[1];
        inbox.on("/ladder", request -> calls[0]++ < 2 ? Inbox.Behaviour.status(500) : Inbox.Behaviour.ok());
        assertThat(ok(post("/deadletters/replay", "{\"event\":\"ladder-1\"}"))
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        await().until(() -> inbox.taken("/ladder").size() == 1);
        assertThat(inbox.taken("/ladder").get(0).headers()).containsEntry("Opsbus-Attempt", "3");
    }

    @Test
    void hundredsAreReplayedByTheirHookAndReasonAndThoseOfOthersStay() throws Exception {
        refused("bystander", 3);
        refused("many", 330);
        assertThat(ok(post("/deadletters/replay", "{\"hook\":\"api/many\",\"reason\":\"expired\"}"))
                        .path("count")
                        .asInt())
                .isZero();
        inbox.on("/many", Inbox.Behaviour.ok());
        JsonNode answer = ok(post("/deadletters/replay", "{\"hook\":\"api/many\",\"reason\":\"http-404\"}"));
        assertThat(answer.path("count").asInt()).isEqualTo(330);
        assertThat(answer.path("complete").asBoolean()).isTrue();
        await().until(() -> inbox.taken("/many").size() >= 330);
        assertThat(inbox.taken("/many"))
                .extracting(Inbox.Request::id)
                .doesNotHaveDuplicates()
                .hasSize(330);
        assertThat(total("many")).isZero();
        assertThat(total("bystander")).isEqualTo(3);
    }

    @Test
    void replayingTheSameFromTwoSidesAtOnceDeliversItOnce() throws Exception {
        refused("twice", 30);
        inbox.on("/twice", Inbox.Behaviour.ok());
        List<CompletableFuture<Reply>> both = IntStream.range(0, 2)
                .mapToObj(side -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return post("/deadletters/replay", "{\"hook\":\"api/twice\"}");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        long count = 0;
        for (CompletableFuture<Reply> side : both) {
            count += ok(side.get()).path("count").asLong();
        }
        assertThat(count).isEqualTo(30);
        publish("twice-last", "ops.dead.twice", "behind them");
        await().until(() ->
                inbox.taken("/twice").stream().anyMatch(request -> request.id().startsWith("twice-last"))
                        && inbox.taken("/twice").size() >= 31);
        await().during(Duration.ofSeconds(1)).until(() -> inbox.taken("/twice").size() == 31);
        assertThat(inbox.taken("/twice")).extracting(Inbox.Request::id).doesNotHaveDuplicates();
    }

    @Test
    void whatIsRefusedAgainWhileAReplayRunsIsNotReplayedByTheSameCall() throws Exception {
        refused("endless", 40);
        assertThat(ok(post("/deadletters/replay", "{\"hook\":\"api/endless\"}"))
                        .path("count")
                        .asInt())
                .isEqualTo(40);
        await().until(() -> total("endless") == 40);
        assertThat(inbox.refused("/endless")).hasSize(80);
    }

    @Test
    void whenTimeWasUpTheNextCallGoesOnWhereTheLastOneEnded() throws Exception {
        refused("goes-on", 6);
        List<Long> sequences = StreamSupport.stream(
                        list("hook=api/goes-on").path("list").spliterator(), false)
                .map(letter -> letter.path("sequence").asLong())
                .toList();
        assertThat(ok(post(
                                "/deadletters/discard",
                                "{\"hook\":\"api/goes-on\",\"reason\":\"http-404\",\"next\":" + sequences.get(3) + "}"))
                        .path("count")
                        .asInt())
                .isEqualTo(2);
        assertThat(ok(post(
                                "/deadletters/discard",
                                "{\"sequences\":" + sequences + ",\"next\":" + sequences.get(1) + "}"))
                        .path("count")
                        .asInt())
                .isEqualTo(2);
        assertThat(list("hook=api/goes-on").path("list"))
                .extracting(letter -> letter.path("sequence").asLong())
                .containsExactly(sequences.get(0), sequences.get(1));
    }

    @Test
    void theDeadLettersOfARemovedHookStayAndTheAnswerSaysWhy() throws Exception {
        refused("removed", 2);
        removeHook("removed");
        JsonNode answer = ok(post("/deadletters/replay", "{\"hook\":\"api/removed\"}"));
        assertThat(answer.path("count").asInt()).isZero();
        assertThat(answer.path("skipped_total").asInt()).isEqualTo(2);
        assertThat(answer.path("skipped"))
                .extracting(one -> one.path("why").asText())
                .containsOnly("there is no hook api/removed; create it again, or discard this");
        assertThat(answer.path("skipped"))
                .extracting(one -> one.path("sequence").asLong())
                .containsExactlyElementsOf(StreamSupport.stream(
                                list("hook=api/removed").path("list").spliterator(), false)
                        .map(letter -> letter.path("sequence").asLong())
                        .toList());
        assertThat(total("removed")).isEqualTo(2);
    }

    @Test
    void pagesGoOnWithoutGapAndRepetitionWhileNewOnesCome() throws Exception {
        refused("paged", 25);
        List<String> all = events(list("hook=api/paged&page_size=100"));
        assertThat(all).containsExactlyInAnyOrderElementsOf(names("paged", 25, 1));
        JsonNode first = list("hook=api/paged");
        assertThat(events(first)).isEqualTo(all.subList(0, 10));
        assertThat(first.path("list"))
                .extracting(letter -> letter.path("sequence").asLong())
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(first.path("total").asInt()).isEqualTo(25);
        assertThat(first.path("total_exact").asBoolean()).isTrue();
        assertThat(events(list("hook=api/paged&page=2"))).isEqualTo(all.subList(10, 20));
        publish("paged-26", "ops.dead.paged", "newer");
        await().until(() -> total("paged") == 26);
        JsonNode second =
                list("hook=api/paged&cursor=" + first.path("next_cursor").asText());
        assertThat(events(second)).isEqualTo(all.subList(10, 20));
        JsonNode third =
                list("hook=api/paged&cursor=" + second.path("next_cursor").asText());
        assertThat(events(third)).isEqualTo(all.subList(20, 25));
        assertThat(third.path("next_cursor").isNull()).isTrue();
    }

    @Test
    void allPagesOfAllHooksTogetherHoldEachDeadLetterOnce() throws Exception {
        refused("walk-a", 12);
        refused("walk-b", 12);
        Set<Long> seen = new HashSet<>();
        List<String> events = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = list("page_size=7" + cursor);
            events.addAll(events(page));
            page.path("list")
                    .forEach(letter -> assertThat(
                                    seen.add(letter.path("sequence").asLong()))
                            .isTrue());
            cursor = page.path("next_cursor").isNull()
                    ? null
                    : "&cursor=" + page.path("next_cursor").asText();
        } while (cursor != null);
        assertThat(events).containsAll(names("walk-a", 12, 1)).containsAll(names("walk-b", 12, 1));
    }

    @Test
    void filtersByReasonAndEventWhateverCharactersTheyHold() throws Exception {
        inbox.on("/odd", Inbox.Behaviour.status(410));
        hook("odd", "ops.dead.odd", inbox.url("/odd"), "");
        bus.publish("ops.dead.odd", header("odd/ü 1"), "节点 ü <script>".getBytes(StandardCharsets.UTF_8))
                .join();
        await().until(() -> total("odd") == 1);
        JsonNode found = list("event=" + URLEncoder.encode("odd/ü 1", StandardCharsets.UTF_8));
        assertThat(events(found)).containsExactly("odd/ü 1");
        assertThat(found.path("list").path(0).path("text").asText()).contains("节点 ü <script>");
        assertThat(events(list("reason=http-410"))).contains("odd/ü 1");
        JsonNode none = list("reason=http-410&hook=api/odd&event=other");
        assertThat(none.path("list").isNull()).isTrue();
        assertThat(none.path("total").asInt(-1)).isZero();
        assertThat(none.path("next_cursor").isNull()).isTrue();
    }

    private static Headers header(String id) {
        Headers headers = new Headers();
        headers.put("Nats-Msg-Id", WireHeaders.encode(id));
        return headers;
    }

    @Test
    void anEventTooLargeToTravelAlongIsListedAndReplayedWhileItIsInItsStream() throws Exception {
        inbox.on("/large", Inbox.Behaviour.status(404));
        hook("large", "ops.dead.large", inbox.url("/large"), "");
        byte[] event = ("needle " + "x".repeat(1_045_000)).getBytes(StandardCharsets.UTF_8);
        bus.publish("ops.dead.large", header("large-1"), event).join();
        await().until(() -> total("large") == 1);
        assertThat(list("hook=api/large").path("list").path(0).path("text").asText())
                .contains("needle");
        inbox.on("/large", Inbox.Behaviour.ok());
        assertThat(ok(post("/deadletters/replay", "{\"hook\":\"api/large\"}"))
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        await().until(() -> inbox.taken("/large").size() == 1);
        assertThat(inbox.taken("/large").get(0).body()).contains("needle");
    }

    @Test
    void whatIsDiscardedIsGoneAndTheRestStays() throws Exception {
        refused("discard", 5);
        refused("kept", 2);
        long newest =
                list("hook=api/discard").path("list").path(0).path("sequence").asLong();
        assertThat(ok(post("/deadletters/discard", "{\"sequences\":[" + newest + "]}"))
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        List<String> left = events(list("hook=api/discard"));
        assertThat(left).hasSize(4);
        assertThat(ok(post("/deadletters/discard", "{\"hook\":\"api/discard\",\"event\":\"" + left.get(1) + "\"}"))
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        assertThat(events(list("hook=api/discard"))).containsExactly(left.get(0), left.get(2), left.get(3));
        assertThat(ok(post("/deadletters/discard", "{\"hook\":\"api/discard\"}"))
                        .toString())
                .isEqualTo("{\"count\":3,\"skipped\":[],\"skipped_total\":0,\"complete\":true,\"next\":null}");
        assertThat(total("discard")).isZero();
        assertThat(total("kept")).isEqualTo(2);
        assertThat(opsbus.logText())
                .contains("dead letters: 3 discarded by admin (chosen: hook api/discard), 0 skipped");
    }

    @Test
    void aMessageThatOpsbusDidNotStoreIsListedAndCanBeDiscardedButNotReplayed() throws Exception {
        bus.publish("opsbus.deadletters.some.stranger", new Headers(), "?".getBytes(StandardCharsets.UTF_8))
                .join();
        JsonNode letter = list("hook=some/stranger").path("list").path(0);
        assertThat(letter.path("reason").asText()).isEqualTo("unreadable");
        assertThat(ok(post("/deadletters/replay", "{\"hook\":\"some/stranger\"}"))
                        .path("skipped")
                        .path(0)
                        .path("why")
                        .asText())
                .contains("not a delivery");
        assertThat(ok(post("/deadletters/discard", "{\"hook\":\"some/stranger\"}"))
                        .path("count")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                   | nothing is chosen; send sequences, or one or more of hook, reason and event, or \"all\": true",
                "{\"all\":false}                      | nothing is chosen",
                "{\"all\":true,\"hook\":\"a/b\"}      | more than one way",
                "{\"sequences\":[]}                   | sequences is empty",
                "{\"sequences\":[\"1\"]}              | sequences has \"1\"",
                "{\"hok\":\"a/b\",\"reason\":\"x\"}   | \"hok\" is unknown here",
                "{\"hook\":\"*/>\"}                   | write namespace/name",
                "{\"hook\":\"a/b c\"}                 | write namespace/name",
                "{\"hook\":7}                         | hook is 7",
                "{\"all\":true,\"next\":\"x\"}        | next is \"x\"",
                "[]                                   | the body is no JSON object"
            })
    void aChoiceThatIsUnclearChoosesNothing(String body, String why) throws Exception {
        for (String operation : List.of("replay", "discard")) {
            Reply reply = post("/deadletters/" + operation, body);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.message()).contains(why);
        }
    }

    @Test
    void aFilterThatCanMatchNothingIsRefused() throws Exception {
        assertThat(get("/deadletters?hook=nodes-p0").message())
                .isEqualTo("hook is \"nodes-p0\"; write namespace/name, such as ops-system/nodes-p0");
        assertThat(get("/deadletters?cursor=x").status()).isEqualTo(400);
        assertThat(get("/deadletters?page_size=0").status()).isEqualTo(400);
    }
}
