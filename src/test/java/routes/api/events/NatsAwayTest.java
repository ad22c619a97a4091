package routes.api.events;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Statistics;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import routes.nats.Streams;

@TestPropertySource(properties = "opsbus.nats.publish-timeout=1s")
class NatsAwayTest extends EventApiTest {

    private void assertAway(ApiClient.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.response().headers().firstValue("Retry-After")).contains("2");
        assertThat(answer.json().path("code").asInt()).isEqualTo(-1);
        assertThat(answer.message()).isNotEqualTo("success").contains("NATS");
    }

    @Test
    void everythingSaysSoAndWorksAgainWithoutARestart() throws Exception {
        assertThat(api.post(POD, "{}", "Idempotency-Key", "before").status()).isEqualTo(200);
        server.stop();
        assertAway(api.post(POD, "{}", "Idempotency-Key", "meanwhile"));
        await().until(() -> !bus.isConnected());
        assertAway(api.post(POD, "{}", "Idempotency-Key", "meanwhile"));
        assertAway(api.get("/api/v1/events/ops.>"));
        assertAway(api.get("/api/v1/events"));
        server.start();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(api.post(POD, "{}", "Idempotency-Key", "meanwhile")
                                .status())
                        .isEqualTo(200));
        assertThat(api.post(POD, "{}", "Idempotency-Key", "before")
                        .data()
                        .path("duplicate")
                        .asBoolean())
                .isTrue();
        assertThat(api.get("/api/v1/events/ops.>").data().path("total").asInt()).isEqualTo(2);
    }

    @Test
    void whoIsConnectedAndGetsNoAnswerIsToldSo() throws Exception {
        try (AutoCloseable frozen = server.frozen()) {
            ApiClient.Answer answer = api.post(POD, "{}");
            assertAway(answer);
            assertThat(answer.message())
                    .isEqualTo(
                            "NATS stored 0 of 1 event: NATS did not say within 1000 ms (opsbus.nats.publish-timeout) that it has stored the message");
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(api.post(POD, "{}").status()).isEqualTo(200));
    }

    /** NATS answers nothing, so what has left is what was not waited for. */
    @Test
    void aBatchIsOnItsWayBeforeAnyOfItIsAnswered() throws Exception {
        String batch =
                IntStream.range(0, 100).mapToObj(n -> "{\"n\":" + n + "}").collect(joining(",", "[", "]"));
        Statistics sent =
                bus.connection().getStatistics(); // there is no connection any more when it is frozen for long
        long before = sent.getOutMsgs();
        try (AutoCloseable frozen = server.frozen()) {
            ApiClient.Answer answer = api.post(POD, batch, "Idempotency-Key", "k");
            assertAway(answer);
            assertThat(answer.message()).startsWith("NATS stored 0 of 100 events: NATS did not say within 1000 ms");
            assertThat(sent.getOutMsgs() - before).isGreaterThanOrEqualTo(100);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                api.post(POD, batch, "Idempotency-Key", "k").status())
                        .isEqualTo(200));
        JsonNode stored = api.post(POD, batch, "Idempotency-Key", "k").data().path("list");
        assertThat(stored.findValuesAsText("sequence"))
                .isEqualTo(IntStream.rangeClosed(1, 100)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(stored.findValuesAsText("duplicate")).hasSize(100).containsOnly("true");
    }

    @Test
    void aMissingStreamIsNoSuccess() throws Exception {
        bus.management().deleteStream(Streams.OPS);
        assertAway(api.get("/api/v1/events/ops.>"));
        assertAway(api.get("/api/v1/events"));
        ApiClient.Answer missing = api.post(POD, "{}"); // and has it made
        assertAway(missing);
        assertThat(missing.message()).contains("no stream takes " + POD_SUBJECT).doesNotContain("Exception");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(api.post(POD, "{}").status()).isEqualTo(200));
    }

    @Test
    void aFullStreamIsNoSuccess() throws Exception {
        StreamConfiguration ops = bus.management().getStreamInfo(Streams.OPS).getConfiguration();
        bus.management()
                .updateStream(StreamConfiguration.builder(ops)
                        .discardPolicy(DiscardPolicy.New)
                        .maxMessages(2)
                        .build());
        ApiClient.Answer answer = api.post(POD, "[{\"n\":1},{\"n\":2},{\"n\":3}]", "Idempotency-Key", "k");
        assertAway(answer);
        assertThat(answer.message())
                .startsWith("NATS stored 2 of 3 events: the stream that takes " + POD_SUBJECT
                        + " is full (maximum messages exceeded); ")
                .doesNotContain("Exception");
        bus.management()
                .updateStream(StreamConfiguration.builder(ops)
                        .discardPolicy(DiscardPolicy.New)
                        .maxMessages(100)
                        .build());
        assertThat(api.post(POD, "[{\"n\":1},{\"n\":2},{\"n\":3}]", "Idempotency-Key", "k")
                        .status())
                .isEqualTo(200);
        assertThat(api.get("/api/v1/events/ops.>").data().path("total").asInt()).isEqualTo(3);
    }
}
