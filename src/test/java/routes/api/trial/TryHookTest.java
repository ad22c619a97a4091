package routes.api.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.api.RunningApi;

class TryHookTest extends RunningApi {

    private JsonNode tried(String json) throws Exception {
        return ok(post("/hooks/try", json));
    }

    private static Iterable<String> of(JsonNode answer, String member) {
        return StreamSupport.stream(answer.path("list").spliterator(), false)
                .map(event -> event.path(member).asText())
                .toList();
    }

    @Test
    void theEventsThatWouldFireAreListedTheNewestFirstWithTheClauseThatDecided() throws Exception {
        publish("try-1", "ops.try.first.x", "disk is full");
        publish("try-2", "ops.try.first.x", "磁盘已满 and ünïcödé");
        publish("try-3", "ops.try.first.x", "disk is full, test only");
        publish("try-4", "ops.try.first.x", "all is well");
        publish("try-5", "ops.try.other.x", "disk is full");
        JsonNode answer = tried("""
                {"subject": "ops.try.first.*", "keywords": {"include": ["disk is full", "磁盘已满"], "exclude": ["test only"]}}""");
        assertThat(of(answer, "id")).containsExactly("try-2", "try-1");
        assertThat(of(answer, "why")).containsExactly("include: 磁盘已满", "include: disk is full");
        assertThat(answer.path("examined").asInt()).isEqualTo(4);
        assertThat(answer.path("fired").asInt()).isEqualTo(2);
        assertThat(answer.path("complete").asBoolean()).isTrue();
        JsonNode first = answer.path("list").path(0);
        assertThat(first.path("subject").asText()).isEqualTo("ops.try.first.x");
        assertThat(first.path("text").asText()).contains("message: 磁盘已满 and ünïcödé \n");
        assertThat(first.path("fires").asBoolean()).isTrue();
        assertThat(first.path("sequence").asLong())
                .isGreaterThan(answer.path("list").path(1).path("sequence").asLong());
    }

    @Test
    void aTrialAgreesWithTheHookThatRuns() throws Exception {
        String keywords = "{include: ['pod-[0-9]+ .*killed', 'evicted'], exclude: ['(?i)dry.run'], matchType: REGEX}";
        hook("agree", "ops.try.agree.>", inbox.url("/agree"), "keywords: " + keywords);
        String[] messages = {
            "pod-1 was killed",
            "pod-x was killed",
            "evicted",
            "evicted in a DRY-RUN",
            "pod-22 it\\nwas killed",
            "nothing"
        };
        for (int i = 0; i < messages.length; i++) {
            publish("agree-" + i, "ops.try.agree.x.y", messages[i]);
        }
        JsonNode answer = tried("""
                {"subject": "ops.try.agree.>", "keywords": {"include": ["pod-[0-9]+ .*killed", "evicted"], "exclude": ["(?i)dry.run"], "matchType": "REGEX"}}""");
        assertThat(of(answer, "id")).containsExactly("agree-4", "agree-2", "agree-0");
        await().until(() -> inbox.taken("/agree").size() == 3);
        assertThat(inbox.taken("/agree"))
                .extracting(request -> request.id().split("/")[0])
                .containsExactlyInAnyOrder("agree-0", "agree-2", "agree-4");
    }

    @Test
    void anExpressionThatTakesLongEndsWithTheTimeOfTheTrial() throws Exception {
        publish("slow-1", "ops.try.slow.x", "q".repeat(300_000));
        JsonNode answer = tried("""
                {"subject": "ops.try.slow.*", "keywords": {"include": ["(.{0,999}q){4}Z"], "matchType": "REGEX"}}""");
        assertThat(answer.path("complete").asBoolean(true)).isFalse();
        assertThat(answer.path("examined").asInt(-1)).isZero();
    }

    @Test
    void theListEndsAtTheLimitAndTheCountsGoOn() throws Exception {
        for (int i = 0; i < 30; i++) {
            publish("limit-" + i, "ops.try.limit.x", "m");
        }
        JsonNode answer = tried("{\"subject\":\"ops.try.limit.x\",\"limit\":3}");
        assertThat(of(answer, "id")).containsExactly("limit-29", "limit-28", "limit-27");
        assertThat(of(answer, "why")).containsOnly("no keywords");
        assertThat(answer.path("fired").asInt()).isEqualTo(30);
    }

    @Test
    void wildcardsInFrontAndTheWholeStreamCanBeTried() throws Exception {
        publish("wild-1", "ops.try.wild.x", "a needle of wildness");
        for (String subject : new String[] {"*.try.wild.x", "ops.>", ">", "OPS.Try.WILD.x"}) {
            assertThat(of(
                            tried("{\"subject\":\"" + subject
                                    + "\",\"keywords\":{\"include\":[\"needle of wildness\"]}}"),
                            "id"))
                    .as(subject)
                    .containsExactly("wild-1");
        }
        JsonNode nothing = tried("{\"subject\":\"ops.try.nowhere\"}");
        assertThat(nothing.toString()).isEqualTo("{\"examined\":0,\"fired\":0,\"complete\":true,\"list\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subject\":\"ops.x.y\",\"keywords\":{\"include\":[\"(\"],\"matchType\":\"REGEX\"}}     | keywords.include[0]: is not a regular expression: missing closing )",
                "{\"subject\":\"ops.x.y\",\"keywords\":{\"include\":[\"(?=a)\"],\"matchType\":\"REGEX\"}} | look-around",
                "{\"subject\":\"ops.x.y\",\"keywords\":{\"matchMode\":\"SOME\"}}                          | keywords.matchMode: `SOME` is unknown",
                "{\"subject\":\"ops.x.y\",\"keywords\":{\"includes\":[\"a\"]}}                            | keywords.includes: unknown key",
                "{\"subject\":\"ops.x.y\",\"keywords\":{\"include\":\"a\"}}                               | keywords.include",
                "{\"subject\":\"ops.pods.kube-*.events\"}                                                 | subject: \"kube-*\" is only partly a wildcard",
                "{\"subject\":\"\"}                                                                       | subject: is empty",
                "{}                                                                                       | subject: is required, for example",
                "{\"subject\":\"ops.x.y\",\"minutes\":1441}                                               | minutes is 1441; write a whole number from 1 to 1440",
                "{\"subject\":\"ops.x.y\",\"limit\":0}                                                    | limit is 0",
                "{\"subject\":\"ops.x.y\",\"subjects\":[]}                                                | \"subjects\" is unknown here",
                "[]                                                                                       | the body is no JSON object"
            })
    void whatNoHookFileMayHoldIsRefusedInTheSameWords(String body, String why) throws Exception {
        Reply reply = post("/hooks/try", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).contains(why).doesNotContain("spec.");
    }
}
