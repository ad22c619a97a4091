package routes.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.compat.Recorded;

class OpsEventTest {

    private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-02T03:04:00Z");
    private static final String HEAD = "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"s\",\"type\":\"Default\"";

    @TestFactory
    Stream<DynamicTest> theOriginalsEnvelopesAreReadAndWrittenByteForByte() {
        return Recorded.cases("envelopes.json")
                .map(c -> DynamicTest.dynamicTest(c.path("Name").asText(), () -> {
                    JsonNode recorded = c.path("Event");
                    OpsEvent written = OpsEvent.of(
                            recorded.path("id").asText(),
                            recorded.path("type").asText(),
                            recorded.path("subject").asText(),
                            recorded.path("cluster").asText(),
                            OffsetDateTime.parse(recorded.path("time").asText()),
                            recorded.path("data"));
                    assertThat(written.toJson()).isEqualTo(WireJson.write(recorded));

                    OpsEvent read = OpsEvent.parse(c.path("Subject").asText(), written.payload(), "none");
                    assertThat(read.isCloudEvent()).isTrue();
                    assertThat(read.dataJson()).isEqualTo(WireJson.write(recorded.path("data")));
                    assertThat(read.data()).isEqualTo(recorded.path("data"));
                    assertThat(read.cluster())
                            .isEqualTo(recorded.path("cluster").asText());
                }));
    }

    @Test
    void theEnvelopeHasTheOriginalsKeysOrderAndEscapes() {
        ObjectNode data = WireJson.MAPPER.createObjectNode().put("message", "a<b> & \u2028 \u0001 节点\n\"");
        OpsEvent event = OpsEvent.of("c/u/1", "Kube", "ops.x.y", "Prod", TIME, data);

        assertThat(new String(event.payload(), UTF_8))
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"c/u/1\","
                                + "\"source\":\"https://github.com/shaowenchen/ops\",\"type\":\"Kube\",\"subject\":\"ops.x.y\","
                                + "\"datacontenttype\":\"application/json\",\"time\":\"2026-01-02T03:04:00Z\","
                                + "\"data\":{\"message\":\"a\\u003cb\\u003e \\u0026 \\u2028 \\u0001 节点\\n\\\"\"},\"cluster\":\"Prod\"}");
    }

    @Test
    void theCloudEventsSdkReadsWhatWeWrite() {
        OpsEvent event = OpsEvent.of(
                        "c/u/1",
                        "Kube",
                        "ops.x",
                        "Prod",
                        TIME,
                        WireJson.MAPPER.createObjectNode().put("a", "<"))
                .forwarded("ops.y", "8", "ns/hook", TIME);

        CloudEvent read = new JsonFormat().deserialize(event.payload());
        assertThat(read.getId()).isEqualTo("8");
        assertThat(read.getSubject()).isEqualTo("ops.y");
        assertThat(read.getTime()).isEqualTo(TIME);
        assertThat(read.getExtension("cluster")).isEqualTo("Prod");
        assertThat(read.getExtension("passedhooks")).isEqualTo("ns/hook");
        assertThat(new String(read.getData().toBytes(), UTF_8)).isEqualTo("{\"a\":\"<\"}");

        CloudEvent wrapped = new JsonFormat()
                .deserialize(
                        OpsEvent.parse("ops.x", bytes("plain"), "1").toJson().getBytes(UTF_8));
        assertThat(wrapped.getType()).isEqualTo("Default");
        assertThat(wrapped.getDataContentType()).isEqualTo("text/plain");
    }

    @Test
    void theDataKeepsItsSpelling() {
        String data = "{ \"b\" : 1.0, \"a\":\"\\u003c\\/节\", \"a\":1e400 , \"n\":[ ]}";
        OpsEvent event = OpsEvent.parse(
                "ops.x", bytes(HEAD + ",\"é\":\"节\", \"data\" : " + data + " ,\"cluster\":\"c\"}"), "none");

        assertThat(event.isCloudEvent()).isTrue();
        assertThat(event.dataJson()).isEqualTo(data);
        assertThat(event.text()).isEqualTo(data);
        assertThat(event.cluster()).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1.50e3", "true", "null", "\"te\\u003cxt\"", "[1,{\"a\":[]}]", "{}", "\"\""})
    void dataOfAnyJsonTypeIsCutOutExactly(String data) {
        OpsEvent last = OpsEvent.parse("ops.x", bytes(HEAD + ",\"data\":" + data + "}"), "none");
        OpsEvent first = OpsEvent.parse("ops.x", bytes("{\"data\":" + data + "," + HEAD.substring(1) + "}"), "none");

        assertThat(last.dataJson()).isEqualTo(data);
        assertThat(first.dataJson()).isEqualTo(data);
        assertThat(first.text()).isEqualTo(data);
    }

    @Test
    void textDataIsTheStringItself() {
        OpsEvent event = OpsEvent.parse(
                "ops.x",
                bytes(HEAD + ",\"datacontenttype\":\"text/plain; charset=utf-8\",\"data\":\"a \\u003c b\"}"),
                "none");

        assertThat(event.text()).isEqualTo("a < b");
        assertThat(event.dataJson()).isEqualTo("\"a \\u003c b\"");
    }

    @Test
    void base64DataIsDecoded() {
        OpsEvent json = OpsEvent.parse(
                "ops.x",
                bytes(HEAD + ",\"datacontenttype\":\"application/json\",\"data_base64\":\"eyJhIjoxfQ==\"}"),
                "none");
        assertThat(json.dataJson()).isEqualTo("{\"a\":1}");
        assertThat(json.data().path("a").asInt()).isEqualTo(1);
        assertThat(json.forwarded("ops.y", "8", "a/b", TIME).toJson()).contains("\"data_base64\":\"eyJhIjoxfQ==\"");

        OpsEvent text = OpsEvent.parse(
                "ops.x", bytes(HEAD + ",\"datacontenttype\":\"text/plain\",\"data_base64\":\"aGk=\"}"), "none");
        assertThat(text.text()).isEqualTo("hi");
        assertThat(text.dataJson()).isEqualTo("\"hi\"");
    }

    @Test
    void anEventWithoutDataHasNone() {
        OpsEvent event = OpsEvent.parse("ops.x", bytes(HEAD + "}"), "none");

        assertThat(event.isCloudEvent()).isTrue();
        assertThat(event.dataJson()).isNull();
        assertThat(event.data().isMissingNode()).isTrue();
        assertThat(event.text()).isEmpty();
        assertThat(event.time()).isNull();
    }

    @Test
    void theSubjectIsTheWires() {
        OpsEvent event = OpsEvent.parse("ops.wire", bytes(HEAD + ",\"subject\":\"ops.attribute\"}"), "none");

        assertThat(event.subject()).isEqualTo("ops.wire");
    }

    @Test
    void aTimeThatIsNoneIsNull() {
        assertThat(OpsEvent.parse("ops.x", bytes(HEAD + ",\"time\":\"soon\"}"), "none")
                        .time())
                .isNull();
        assertThat(OpsEvent.parse("ops.x", bytes(HEAD + ",\"time\":5}"), "none").time())
                .isNull();
        assertThat(OpsEvent.parse("ops.x", bytes(HEAD + ",\"time\":\"2026-01-02T03:04:00+08:00\"}"), "none")
                        .time())
                .isEqualTo("2026-01-02T03:04:00+08:00");
    }

    @Test
    void aForwardedEventIsTheSameUnderANewIdTimeAndSubject() {
        String data = "{\"b\": 1.0,\"a\":\"\\u003c\"}";
        OpsEvent event =
                OpsEvent.parse("ops.x", bytes(HEAD + ",\"data\":" + data + ",\"cluster\":\"C\",\"count\":3}"), "none");

        OpsEvent once = event.forwarded("ops.y", "8", "ns/a", TIME);
        assertThat(once.toJson())
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"8\",\"source\":\"s\",\"type\":\"Default\","
                        + "\"subject\":\"ops.y\",\"time\":\"2026-01-02T03:04:00Z\",\"data\":" + data
                        + ",\"cluster\":\"C\",\"count\":3,\"passedhooks\":\"ns/a\"}");
        assertThat(once.subject()).isEqualTo("ops.y");

        OpsEvent twice = OpsEvent.parse("ops.y", once.payload(), "none").forwarded("ops.z", "9", "ns/b", TIME);
        assertThat(twice.passedHooks()).containsExactly("ns/a", "ns/b");
        assertThat(event.passedHooks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain text",
                "{\"message\":\"m\"}",
                "[]",
                "{",
                "{\"specversion\":\"1.0\"}",
                "\"text\"",
                "null",
                "5",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":5,\"source\":\"s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"} more"
            })
    void whatIsNoCloudEventIsMatchedOnItsRawText(String raw) {
        OpsEvent event = OpsEvent.parse("ops.x", bytes(raw), "stream-5");

        assertThat(event.isCloudEvent()).isFalse();
        assertThat(event.text()).isEqualTo(raw);
        assertThat(event.id()).isEqualTo("stream-5");
        assertThat(event.payload()).isEqualTo(bytes(raw));

        OpsEvent wrapped = OpsEvent.parse("ops.x", bytes(event.toJson()), "none");
        assertThat(wrapped.isCloudEvent()).isTrue();
        assertThat(wrapped.id()).isEqualTo("stream-5");
        assertThat(wrapped.type()).isEqualTo("Default");
        assertThat(wrapped.text()).isEqualTo(raw);
        assertThat(event.forwarded("ops.y", "8", "a/b", TIME).text()).isEqualTo(raw);
    }

    @Test
    void bytesThatAreNotUtf8ArePassedOnUnchanged() {
        byte[] bytes = {'a', (byte) 0xff, 'b'};
        OpsEvent event = OpsEvent.parse("ops.x", bytes, "1");

        assertThat(event.text()).isEqualTo("a\ufffdb");
        assertThat(event.toJson()).contains("\"data_base64\":\"Yf9i\"");
        assertThat(event.dataJson()).isEqualTo("\"a\ufffdb\"");
    }

    @Test
    void aByteOrderMarkOrAnotherEncodingIsNoCloudEvent() {
        assertThat(OpsEvent.parse("ops.x", bytes("\ufeff" + HEAD + ",\"data\":{\"a\":1}}"), "1")
                        .isCloudEvent())
                .isFalse();
        assertThat(OpsEvent.parse(
                                "ops.x",
                                (HEAD + ",\"data\":{\"a\":1}}").getBytes(java.nio.charset.StandardCharsets.UTF_16),
                                "1")
                        .isCloudEvent())
                .isFalse();
    }

    @Test
    void anEmptyPayloadIsAnEvent() {
        OpsEvent event = OpsEvent.parse("ops.x", new byte[0], "1");

        assertThat(event.text()).isEmpty();
        assertThat(event.dataJson()).isNull();
        assertThat(OpsEvent.parse("ops.x", bytes(event.toJson()), "none").isCloudEvent())
                .isTrue();
    }

    @Test
    void noPayloadThrows() {
        byte[] whole = bytes(
                HEAD
                        + ",\"type\":\"Kube\",\"time\":\"2026-01-02T03:04:05Z\",\"data\":{\"regarding\":{\"kind\":\"Pod\"},\"a\":[1,\"节\"]},\"passedhooks\":\"a b\"}");
        for (int length = 0; length <= whole.length; length++) {
            useAll(Arrays.copyOf(whole, length));
        }
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            useAll(damaged);
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            useAll(noise);
        }
    }

    @Test
    void deepNestingIsARawEvent() {
        OpsEvent array = OpsEvent.parse("ops.x", bytes("[".repeat(200_000)), "1");
        OpsEvent inData = OpsEvent.parse(
                "ops.x", bytes(HEAD + ",\"data\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}"), "1");

        assertThat(array.isCloudEvent()).isFalse();
        assertThat(inData.isCloudEvent()).isFalse();
        assertThat(inData.text()).hasSize(HEAD.length() + 400_009);
    }

    @Test
    void oneMegabyteIsReadLikeAnyOther() {
        String data = "{\"message\":\"" + "x".repeat(1_000_000) + "\"}";

        assertThat(OpsEvent.parse("ops.x", bytes(HEAD + ",\"data\":" + data + "}"), "1")
                        .dataJson())
                .isEqualTo(data);
        assertThat(OpsEvent.parse("ops.x", bytes("x".repeat(1_000_000)), "1").text())
                .hasSize(1_000_000);
    }

    private static void useAll(byte[] payload) {
        OpsEvent event = OpsEvent.parse("ops.clusters.c.nodes.n.events", payload, "fallback");
        assertThat(event.id()).isNotEmpty();
        assertThat(event.text()).isNotNull();
        assertThat(event.passedHooks()).doesNotContain("");
        event.time();
        event.dataJson();
        assertThat(OpsEvent.parse("ops.x", bytes(event.toJson()), "none").isCloudEvent())
                .isTrue();
        assertThat(event.forwarded("ops.y", "new", "ns/hook", TIME).passedHooks())
                .contains("ns/hook");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
