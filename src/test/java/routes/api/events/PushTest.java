package routes.api.events;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.api.StreamConfiguration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import routes.event.OpsEvent;
import routes.nats.Streams;
import routes.nats.history.Query;
import routes.nats.history.Stored;

class PushTest extends EventApiTest {

    @Autowired
    CamelContext camel;

    private static final String CLOUD_EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"a/1\",\"source\":\"//here\",\"type\":\"My\",\"subject\":\"mine\",\"team\":\"a\",\"data\":{\"x\":1.0}}";

    private List<Stored> stored() throws IOException {
        return history.newestFirst(Query.of("ops.>").limit(2_000)).events();
    }

    private OpsEvent only() throws IOException {
        List<Stored> stored = stored();
        assertThat(stored).hasSize(1);
        return stored.get(0).event();
    }

    @ParameterizedTest
    @CsvSource({
        "pods.web-0.events, ops.clusters.prod_1.namespaces.shop.pods.web-0.events",
        "Pods.WEB-0.Events, ops.clusters.prod_1.namespaces.shop.pods.web-0.events",
        "alerts, ops.clusters.prod_1.namespaces.shop.alerts",
        "nodes.n1.events, ops.clusters.prod_1.nodes.n1.events",
        "nodes.ip-10-0-0-1.ec2.internal.events, ops.clusters.prod_1.nodes.ip-10-0-0-1_ec2_internal.events",
        "nodes.n1, ops.clusters.prod_1.nodes.n1",
        "ops.clusters.other.nodes.n1.alerts, ops.clusters.other.nodes.n1.alerts",
        "OPS.Notifications.providers.p.channels.c.severities.s, ops.notifications.providers.p.channels.c.severities.s",
        "opsy.x.y, ops.clusters.prod_1.namespaces.shop.opsy.x.y",
        "pods.%E6%9C%8D%E5%8A%A1.events, ops.clusters.prod_1.namespaces.shop.pods.服务.events"
    })
    void thePathSaysTheSubject(String event, String subject) throws Exception {
        ApiClient.Answer answer = api.post("/api/v1/namespaces/shop/events/" + event, "{\"a\":1}");
        assertThat(answer.body()).contains("\"code\":0,\"message\":\"success\"");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().path("subject").asText()).isEqualTo(subject);
        assertThat(answer.data().path("sequence").asLong()).isPositive();
        assertThat(answer.data().path("duplicate").asBoolean()).isFalse();
        assertThat(only().subject()).isEqualTo(subject);
    }

    @ParameterizedTest
    @CsvSource({
        "pods..events, empty token",
        "pods.web.events., empty token",
        ".pods, empty token",
        "ops., empty token",
        "pods.*.events, wildcard",
        "pods.%3E, wildcard",
        "pods.we*b.events, wildcard",
        "pods.a%20b.events, white space",
        "pods.a%09b, white space",
        "%C2%A0, white space"
    })
    void anIllegalSubjectIsRefusedWithTheReason(String event, String reason) throws Exception {
        ApiClient.Answer answer = api.post("/api/v1/namespaces/shop/events/" + event, "{\"a\":1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("subject").contains(reason);
        assertThat(answer.json().path("code").asInt()).isEqualTo(-1);
        assertThat(stored()).isEmpty();
    }

    @Test
    void aNamespaceIsOneTokenAndASubjectHasAnEnd() throws Exception {
        assertThat(api.post("/api/v1/namespaces/a.b/events/pods.x.events", "{}").message())
                .contains("namespace \"a.b\" is none");
        assertThat(api.post("/api/v1/namespaces/*/events/pods.x.events", "{}").status())
                .isEqualTo(400);
        assertThat(api.post("/api/v1/namespaces/x/events/ops." + "x".repeat(5_000), "{}")
                        .message())
                .contains("5004 bytes; a subject has 1024 at most");
        assertThat(stored()).isEmpty();
        assertThat(bus.isConnected()).isTrue();
    }

    @Test
    void anObjectIsTheDataOfACloudEvent() throws Exception {
        api.post(
                POD,
                "{\"type\":\"Webhook\",\"message\":\"<b>\",\"n\":1.0}",
                "Content-Type",
                "application/json; charset=utf-8");
        OpsEvent event = only();
        assertThat(event.isCloudEvent()).isTrue();
        assertThat(event.type()).isEqualTo("Webhook");
        assertThat(event.source()).isEqualTo(OpsEvent.SOURCE);
        assertThat(event.cluster()).isEqualTo("Prod.1");
        assertThat(event.time()).isNotNull();
        assertThat(event.data().path("message").asText()).isEqualTo("<b>");
        assertThat(event.dataJson()).contains("\\u003cb\\u003e");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":\"\"}",
                "{\"type\":7}",
                "{\"type\":null}",
                "{\"specversion\":\"1.0\",\"id\":\"x\"}"
            })
    void withoutATypeItIsOfTypeDefault(String body) throws Exception {
        assertThat(api.post(POD, body).status()).isEqualTo(200);
        assertThat(only().type()).isEqualTo("Default");
        assertThat(only().dataJson()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/cloudevents+json",
                "application/cloudevents+json; charset=UTF-8",
                "application/x-www-form-urlencoded"
            })
    void aStructuredCloudEventKeepsWhatItSays(String contentType) throws Exception {
        ApiClient.Answer answer = api.post(POD, CLOUD_EVENT, "Content-Type", contentType);
        assertThat(answer.data().path("id").asText()).isEqualTo("a/1");
        OpsEvent event = only();
        assertThat(event.toJson())
                .isEqualTo(CLOUD_EVENT.replace(
                        "\"subject\":\"mine\",\"team\":\"a\",\"data\":{\"x\":1.0}",
                        "\"subject\":\"" + POD_SUBJECT + "\",\"data\":{\"x\":1.0},\"team\":\"a\""));
    }

    @Test
    void aBinaryCloudEventIsTakenAsSuch() throws Exception {
        ApiClient.Answer answer = api.post(
                POD,
                "{\"x\": 1.0}",
                "Content-Type",
                "application/json",
                "ce-specversion",
                "1.0",
                "ce-id",
                "Euro%20%E2%82%AC%20%F0%9F%98%80",
                "ce-source",
                "\"quo\\\"ted\"",
                "CE-Type",
                "My",
                "ce-subject",
                "other",
                "ce-team",
                "a%0Ab");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().path("id").asText()).isEqualTo("Euro € 😀");
        JsonNode event = new ObjectMapper().readTree(only().toJson());
        assertThat(event.path("source").asText()).isEqualTo("quo\"ted");
        assertThat(event.path("type").asText()).isEqualTo("My");
        assertThat(event.path("team").asText()).isEqualTo("a\nb");
        assertThat(event.path("subject").asText()).isEqualTo(POD_SUBJECT);
        assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
        assertThat(event.path("data").path("x").asDouble()).isEqualTo(1.0);
    }

    @Test
    void binaryDataIsWhatItsContentTypeSays() throws Exception {
        String[] headers = {
            "ce-specversion", "1.0", "ce-id", "1", "ce-source", "s", "ce-type", "t", "Content-Type", null
        };
        headers[9] = "text/plain";
        assertThat(api.post(POD, "plain", headers).status()).isEqualTo(200);
        assertThat(only().data().asText()).isEqualTo("plain");
        headers[9] = "application/json";
        assertThat(api.post(POD, "1,\"type\":\"injected\"", headers).message()).contains("not the JSON");
        assertThat(api.post(POD, "{} {}", headers).status()).isEqualTo(400);
        assertThat(api.postChunked(POD, new ByteArrayInputStream(new byte[] {'"', (byte) 0xff, '"'}), headers)
                        .message())
                .contains("UTF-8");
        headers[3] = "2";
        headers[9] = "application/octet-stream";
        assertThat(api.postChunked(POD, new ByteArrayInputStream(new byte[] {(byte) 0xff, 0}), headers)
                        .status())
                .isEqualTo(200);
        assertThat(stored().get(0).event().toJson()).contains("\"data_base64\":\"/wA=\"");
    }

    @Test
    void aBinaryCloudEventsTimeIsOneToo() throws Exception {
        String[] headers = {"ce-specversion", "1.0", "ce-id", "1", "ce-source", "s", "ce-type", "t", "ce-time", "soon"};
        ApiClient.Answer answer = api.post(POD, "{}", headers);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).startsWith("the header ce-time is \"soon\", which is no time; write it as 2026-");
        assertThat(stored()).isEmpty();
        headers[9] = "2026-01-31T08:00:00.5+08:00";
        assertThat(api.post(POD, "{}", headers).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"ce-id, 1, ce-specversion", "ce-specversion, 1.0, ce-id"})
    void halfACloudEventIsRefused(String name, String value, String missing) throws Exception {
        assertThat(api.post(POD, "{}", name, value).message()).contains("header " + missing);
        assertThat(stored()).isEmpty();
    }

    @Test
    void whatSaysItIsACloudEventMustBeOne() throws Exception {
        String type = "application/cloudevents+json";
        assertThat(api.post(POD, "{}", "Content-Type", type).message())
                .isEqualTo("the body is no CloudEvent: its attribute specversion is missing");
        assertThat(api.post(POD, CLOUD_EVENT.replace("\"1.0\"", "\"0.3\""), "Content-Type", type)
                        .message())
                .contains("specversion is not 1.0");
        assertThat(api.post(POD, CLOUD_EVENT.replace("\"My\"", "7"), "Content-Type", type)
                        .message())
                .contains("type is no string");
        assertThat(api.post(POD, "[]", "Content-Type", type).message()).contains("no JSON object");
        assertThat(api.post(POD, CLOUD_EVENT, "Content-Type", "application/cloudevents+avro")
                        .status())
                .isEqualTo(415);
        assertThat(stored()).isEmpty();
    }

    @Test
    void aBatchIsStoredWholeAndInOrder() throws Exception {
        ApiClient.Answer answer = api.post(POD, "[{\"n\":0}," + CLOUD_EVENT + ",{\"n\":2,\"type\":\"T\"}]");
        assertThat(answer.data().path("list")).hasSize(3);
        assertThat(answer.data().path("list").path(1).path("id").asText()).isEqualTo("a/1");
        assertThat(stored()).extracting(event -> event.event().type()).containsExactly("T", "My", "Default");

        assertThat(api.post(
                                POD,
                                "[" + CLOUD_EVENT.replace("a/1", "a/2") + "]",
                                "Content-Type",
                                "application/cloudevents-batch+json")
                        .data()
                        .path("list"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | [] | empty",
                "application/json | [{},7] | element 1 of the batch is no JSON object",
                "application/json | [{},[{}]] | element 1 of the batch is no JSON object",
                "application/cloudevents-batch+json | [] | empty",
                "application/cloudevents-batch+json | {} | no JSON array",
                "application/cloudevents-batch+json | [{\"id\":\"1\"}] | element 0 of the batch is no CloudEvent: its attribute specversion is missing",
                "application/cloudevents+json | {\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"time\":\"soon\"} | the time of the body is \"soon\", which is no time; write it as 2026-",
                "application/json | {\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"time\":\"2026-01-31 08:00\"} | the time of the body is \"2026-01-31 08:00\"",
                "application/json | [{},{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"time\":7}] | the time of element 1 of the batch is \"7\"",
                "application/cloudevents-batch+json | [{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data_base64\":\"=x\"}] | the data_base64 of element 0 of the batch is no base64; encode",
                "application/json | {\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data_base64\":{}} | the data_base64 of the body is no base64; encode",
                "application/json | {\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":1,\"data_base64\":\"YQ==\"} | the body has both data and data_base64; send one of them",
                "application/json | \"text\" | no JSON object",
                "application/json | null | no JSON object",
                "application/json | {\"a\": | not JSON: line 1",
                "application/json | { | Unexpected end-of-input",
                "application/json | {\"a\":1} {} | not JSON",
                "application/x-www-form-urlencoded | a=1&b=2 | not JSON"
            })
    void aBadBodyIsRefusedAndNothingStored(String contentType, String body, String reason) throws Exception {
        ApiClient.Answer answer = api.post(POD, body, "Content-Type", contentType);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains(reason).doesNotContain("Feature", "com.", "REDACTED", "start marker");
        assertThat(stored()).isEmpty();
    }

    @Test
    void aPathThatGoesOnBehindAnOperationsIsNone() throws Exception {
        ApiClient.Answer answer = api.post("/api/v1/namespaces/shop/events/ops.x/y", "{}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.message()).contains("there is no such path");
        assertThat(stored()).isEmpty();
    }

    @Test
    void jsonBeyondTheParsersLimitsIsTheClientsMistake() throws Exception {
        for (String body : List.of(
                "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
                "{\"a\":" + "9".repeat(5_000) + "}",
                "{\"" + "k".repeat(60_000) + "\":1}")) {
            ApiClient.Answer answer = api.post(POD, body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.message()).contains("limits").doesNotContain("Constraints");
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void aNumberStaysTheNumberThatWasSent() throws Exception {
        api.post(POD, "{\"a\":1e400,\"b\":1.0,\"c\":0.12345678901234567890123}");
        assertThat(only().dataJson()).isEqualTo("{\"a\":1E+400,\"b\":1.0,\"c\":0.12345678901234567890123}");
    }

    @Test
    void aProtocolThatNobodySpeaksIsTheClientsMistake() throws Exception {
        String push = "POST " + POD + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        for (String request : List.of(
                push + "Transfer-Encoding: none, such\r\n\r\n",
                push.replace("1.1", "9.9") + "Content-Length: 2\r\n\r\n{}",
                push.replace("POST", "CONNECT") + "\r\n")) {
            assertThat(api.rawAnswer(request.getBytes(StandardCharsets.UTF_8)))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("nosniff", "{\"code\":-1,\"message\":\"this ", "none that opsbus knows");
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void aBodyThatBreaksOffIsAnsweredInTheApisForm() throws Exception {
        String answer = api.rawAnswer(("POST " + POD
                        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("Content-Type: application/json", "Content-Security-Policy: ", "nosniff")
                .endsWith("{\"code\":-1,\"message\":\"bad request\"}");
        assertThat(stored()).isEmpty();
    }

    @Test
    void anIdempotencyKeyMakesARetryHarmless() throws Exception {
        ApiClient.Answer first = api.post(POD, "{\"n\":1}", "Idempotency-Key", "k 1");
        ApiClient.Answer again = api.post(POD, "{\"n\":1}", "Idempotency-Key", "k 1");
        assertThat(again.data().path("duplicate").asBoolean()).isTrue();
        assertThat(again.data().path("id")).isEqualTo(first.data().path("id"));
        assertThat(again.data().path("sequence")).isEqualTo(first.data().path("sequence"));
        assertThat(stored()).hasSize(1);

        ApiClient.Answer elsewhere =
                api.post("/api/v1/namespaces/shop/events/pods.other.events", "{\"n\":1}", "Idempotency-Key", "k 1");
        assertThat(elsewhere.data().path("duplicate").asBoolean())
                .as("a key counts on its subject")
                .isFalse();
        assertThat(elsewhere.data().path("id")).isNotEqualTo(first.data().path("id"));

        api.post(POD, "[{\"n\":1},{\"n\":2}]", "Idempotency-Key", "batch");
        assertThat(api.post(POD, "[{\"n\":1},{\"n\":2}]", "Idempotency-Key", "batch")
                        .data()
                        .path("list"))
                .allMatch(event -> event.path("duplicate").asBoolean());
        assertThat(stored()).hasSize(4);
        assertThat(api.post(POD, "{}", "Idempotency-Key", "k".repeat(300)).status())
                .isEqualTo(400);
    }

    @Test
    void aCloudEventsOwnIdDoesTheSame() throws Exception {
        api.post(POD, CLOUD_EVENT);
        assertThat(api.post(POD, CLOUD_EVENT).data().path("duplicate").asBoolean())
                .isTrue();
        assertThat(api.post(POD, CLOUD_EVENT.replace("//here", "//there"))
                        .data()
                        .path("duplicate")
                        .asBoolean())
                .as("an id counts for its source")
                .isFalse();
        assertThat(api.post(POD, "{\"n\":1}").data().path("duplicate").asBoolean())
                .isFalse();
        assertThat(api.post(POD, "{\"n\":1}").data().path("duplicate").asBoolean())
                .as("without any id each is new")
                .isFalse();
        assertThat(stored()).hasSize(4);
    }

    @Test
    void tooMuchIsRefusedChunkedOrNot() throws Exception {
        String large = "{\"a\":\"" + "x".repeat(1_100_000) + "\"}";
        assertThat(api.post(POD, large).status()).isEqualTo(413);
        ApiClient.Answer chunked =
                api.postChunked(POD, new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8)));
        assertThat(chunked.status()).isEqualTo(413);
        assertThat(chunked.message()).contains("larger than 1048576 bytes", "opsbus.api.max-body");
        ApiClient.Answer forNats = api.post(POD, "[{\"n\":1},{\"a\":\"" + "x".repeat(1_048_400) + "\"}]");
        assertThat(forNats.status()).isEqualTo(413);
        assertThat(forNats.message())
                .startsWith("element 1 of the batch has 1048")
                .contains("max_payload");
        assertThat(api.post(POD, "[" + "{},".repeat(1_000) + "{}]").message()).contains("1001 events");
        assertThat(stored()).isEmpty();
        assertThat(api.post(POD, "[" + "{},".repeat(999) + "{}]").data().path("list"))
                .hasSize(1_000);
    }

    /** The route of the operation, or the one that all pushes end in. */
    @ParameterizedTest
    @ValueSource(strings = {"event-api", "push"})
    void whileItsRouteIsStoppedNobodyWaitsForIt(String route) throws Exception {
        camel.getRouteController().stopRoute(route);
        try {
            ApiClient.Answer answer = api.post(POD, "{}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.message()).contains("stopped", "Hawtio");
            assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
        } finally {
            camel.getRouteController().startRoute(route);
        }
        assertThat(api.post(POD, "{}").status()).isEqualTo(200);
    }

    @Test
    void soIsWhatTheStreamItselfDoesNotTake() throws Exception {
        StreamConfiguration shape = bus.management().getStreamInfo(Streams.OPS).getConfiguration();
        bus.management()
                .updateStream(StreamConfiguration.builder(shape)
                        .maximumMessageSize(2_000)
                        .build());
        ApiClient.Answer answer = api.post(POD, "[{\"n\":1},{\"a\":\"" + "x".repeat(3_000) + "\"}]");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("code").asInt()).isEqualTo(-1);
        assertThat(answer.message())
                .matches("element 1 of the batch: a message of 3\\d{3} bytes for " + POD_SUBJECT
                        + " is larger than NATS takes \\(max_msg_size of its stream 2000\\); 1 of 2 events are stored");
        assertThat(only().dataJson()).isEqualTo("{\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 1_000})
    void aBatchIsStoredAndAnsweredInItsOrder(int size) throws Exception {
        JsonNode list = api.post(POD, batch(size, n -> false)).data().path("list");
        assertThat(list.findValuesAsText("sequence"))
                .isEqualTo(IntStream.rangeClosed(1, size)
                        .mapToObj(Integer::toString)
                        .toList());
        List<Stored> stored = stored();
        assertThat(numbers(stored)).isEqualTo(IntStream.range(0, size).boxed().toList());
        assertThat(list.findValuesAsText("id"))
                .containsExactlyInAnyOrderElementsOf(
                        stored.stream().map(event -> event.event().id()).toList());
    }

    /** Whichever of a batch the stream refuses: the first of them is named, and what is stored is what is said. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void ofABatchItIsSaidWhatIsRefusedAndHowMuchIsStored(long seed) throws Exception {
        StreamConfiguration shape = bus.management().getStreamInfo(Streams.OPS).getConfiguration();
        bus.management()
                .updateStream(StreamConfiguration.builder(shape)
                        .maximumMessageSize(2_000)
                        .build());
        Random random = new Random(seed);
        int size = 2 + random.nextInt(seed % 2 == 0 ? 98 : 298);
        Set<Integer> large = new TreeSet<>();
        while (large.size() < 1 + seed % 3) {
            large.add(random.nextInt(size));
        }
        ApiClient.Answer answer = api.post(POD, batch(size, large::contains));
        List<Integer> stored = numbers(stored());
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.message())
                .startsWith("element " + large.iterator().next() + " of the batch: ")
                .endsWith("; " + stored.size() + " of " + size + " events are stored");
        assertThat(stored).isSorted().doesNotHaveDuplicates().doesNotContainAnyElementsOf(large);
        if (size <= 100) { // of longer ones the rest may have been left out
            assertThat(stored).hasSize(size - large.size());
        }
    }

    private static String batch(int size, IntPredicate large) {
        return IntStream.range(0, size)
                .mapToObj(n -> "{\"n\":" + n + ",\"a\":\"" + "x".repeat(large.test(n) ? 3_000 : 3) + "\"}")
                .collect(joining(",", "[", "]"));
    }

    /** In the stream's order. */
    private static List<Integer> numbers(List<Stored> newestFirst) {
        List<Integer> numbers = new ArrayList<>();
        newestFirst.forEach(
                stored -> numbers.add(0, stored.event().data().path("n").asInt()));
        return numbers;
    }

    /** In one piece, instead of in chunks. */
    @Test
    void anAnswerSaysItsLength() throws Exception {
        for (ApiClient.Answer answer : List.of(
                api.post(POD, "{\"a\":\"é\"}"),
                api.post(POD, "[{},{}]"),
                api.post(POD, "no JSON"),
                api.get("/api/v1/events/ops.>"))) {
            assertThat(answer.response().headers().firstValueAsLong("Content-Length"))
                    .as(answer.body())
                    .hasValue(answer.body().getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void aZeroTimeIsNone() throws Exception {
        api.post(
                POD,
                CLOUD_EVENT
                        .replace("\"type\":\"My\"", "\"type\":\"Kube\",\"time\":\"0001-01-01T00:00:00Z\"")
                        .replace("{\"x\":1.0}", "{\"reason\":\"R\",\"eventTime\":\"0001-01-01T00:00:00Z\"}"));
        assertThat(only().time()).isNull();
        assertThat(only().text()).isEqualTo("cluster: prod_1 \nnamespace: shop \npod: web-0 \nreason: R \n");
        assertThat(api.get("/api/v1/events/ops.%3E")
                        .data()
                        .path("list")
                        .path(0)
                        .path("time")
                        .asText())
                .as("when it was stored")
                .startsWith("20");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /api/v1/nothing | 404", "POST | /api/v1/nothing | 404",
                        "POST | /api/v1/namespaces/a/events | 404", "GET | /api/v1/namespaces/a/events/b | 405",
                "DELETE | /api/v1/events | 405", "PUT | /api/v1/events | 405", "GET | /api/v1/ | 404",
                        "POST | /api/v1/namespaces/a//events/b | 400"
            })
    void anUnknownPathOrMethodHasTheApisForm(String method, String path, int status) throws Exception {
        ApiClient.Answer answer = api.send(
                java.net.http.HttpRequest.newBuilder(api.uri(path))
                        .method(
                                method,
                                java.net.http.HttpRequest.BodyPublishers.ofString(
                                        method.equals("POST") ? "<script>alert(1)</script>" : "")),
                "Content-Type",
                "text/html",
                "X-Mine",
                "1");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("code").asInt()).isEqualTo(-1);
        assertThat(answer.message()).isNotBlank();
        assertThat(answer.body()).doesNotContain("script");
        assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/json");
        assertThat(answer.response().headers().firstValue("X-Mine")).isEmpty();
    }

    @Test
    void otherContentTypesAndAnswersAreRefusedInTheApisForm() throws Exception {
        for (String type : List.of(
                "text/plain",
                "application/xml",
                "multipart/form-data; boundary=x",
                "nonsense",
                "*/*",
                "application/*")) {
            ApiClient.Answer answer = api.post(POD, "{}", "Content-Type", type);
            assertThat(answer.status()).as(type).isEqualTo(415);
            assertThat(answer.json().path("code").asInt()).isEqualTo(-1);
        }
        ApiClient.Answer unacceptable = api.post(POD, "{}", "Accept", "application/xml");
        assertThat(unacceptable.status()).isEqualTo(406);
        assertThat(unacceptable.json().path("code").asInt()).isEqualTo(-1);
        assertThat(api.post(POD, "{}", "Accept", "text/html, */*;q=0.1").status())
                .isEqualTo(200);
        assertThat(api.post(POD, "").message()).contains("empty");
        assertThat(stored()).hasSize(1);
    }
}
