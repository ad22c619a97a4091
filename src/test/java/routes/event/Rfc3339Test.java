package routes.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-05-01T10:20:30Z",
                "2024-02-29T23:59:59.999999999Z",
                "2024-05-01T10:20:30.5Z",
                "2024-05-01T10:20:30.123456Z",
                "0001-01-01T00:00:00Z",
                "2024-05-01T10:20:30+02:00",
                "2024-05-01T10:20Z",
                "2024-05-01t10:20:30z",
                "+12024-05-01T10:20:30Z",
                "-0001-05-01T10:20:30Z",
                "2024-05-01T24:00:00Z",
                "2023-02-29T00:00:00Z",
                "2024-13-01T00:00:00Z",
                "2024-05-01T10:20:60Z",
                "2024-05-01T25:00:00Z",
                "2024-05-01T10:20:30.Z",
                "2024-05-01T10:20:30.1234567890Z",
                "2024-05-01 10:20:30Z",
                "2024-05-01T10:20:3Z",
                "2024-05-01T10:20:30",
                "2024-05-01T10:20:30.12aZ",
                "2024-05-01T10:20:30Z0Z",
                "",
                "Z",
                "٢٠٢٤-05-01T10:20:30Z"
            })
    void readsWhatJavaTimeReads(String text) {
        assertThat(orNothing(text, true)).as(text).isEqualTo(orNothing(text, false));
    }

    private static OffsetDateTime orNothing(String text, boolean ours) {
        try {
            return ours ? Rfc3339.parse(text) : OffsetDateTime.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
