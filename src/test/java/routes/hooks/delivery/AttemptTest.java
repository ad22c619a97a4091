package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptTest {

    @Test
    void anAttemptIsReadAsItWasWritten() throws Exception {
        Attempt attempt = new Attempt(
                "c/\r\n 节点 \u0000 \"/1",
                "ns/name",
                3,
                Instant.parse("2026-01-31T08:00:00.123Z"),
                "http-503",
                503,
                "HTTP 503: 忙",
                41,
                "opsbus-0");
        assertThat(Attempt.read(attempt.json())).contains(attempt);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "null",
                "{}",
                "{\"event\":\"a\",\"hook\":1,\"time\":\"2026-01-31T08:00:00Z\"}",
                "{\"event\":\"a\",\"hook\":\"b/c\",\"time\":\"yesterday\"}"
            })
    void whatOthersPublishThereIsNone(String body) {
        assertThat(Attempt.read(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cluster/0d5a7a2e/4711", "a.b.>.*", "\r\n", "节点"})
    void whateverTheIdTheSubjectIsOneOfAFew(String event) {
        assertThat(Attempt.subject(event))
                .matches("opsbus\\.attempts\\.[0-9a-f]{4}")
                .isEqualTo(Attempt.subject(event));
    }
}
