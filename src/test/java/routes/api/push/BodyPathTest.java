package routes.api.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyPathTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Optional<JsonNode> read(String path, String body) throws Exception {
        return BodyPath.of(path).in(JSON.readTree(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$ | 3 | 3",
                "$ | {} | {}",
                "$.a | {\"a\":1} | 1",
                "$.a.b | {\"a\":{\"b\":\"x\"}} | \"x\"",
                "$['a.b'] | {\"a.b\":1} | 1",
                "$.a[0] | {\"a\":[1,2]} | 1",
                "$.a[-1] | {\"a\":[1,2]} | 2"
            })
    void findsWhatItNames(String path, String body, String found) throws Exception {
        assertThat(read(path, body)).contains(JSON.readTree(found));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$.a | {}",
                "$.a | {\"a\":null}",
                "$.a | 3",
                "$.a | []",
                "$.a | \"a\"",
                "$.a.b | {\"a\":\"b\"}",
                "$.a[0] | {\"a\":[]}",
                "$.a[0] | {\"a\":{\"0\":1}}",
                "$.a[0] | {\"a\":\"text\"}",
                "$ | null"
            })
    void findsNothingWhereThereIsNothing(String path, String body) throws Exception {
        assertThat(read(path, body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$..a",
                "$.a[?(@.b=='c')]",
                "$.a[?(@.b =~ /(a+)+b/)]",
                "$.a.length()",
                "$.concat($.a)",
                "$.a[*]",
                "$.*",
                "$.a[0:2]",
                "$.a["
            })
    void whatDoesNotLeadToOneValueIsRefused(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BodyPath.of(path))
                .withMessageContaining("write names and indexes only");
    }

    @ParameterizedTest
    @CsvSource({
        "a.b,does not begin with $",
        "'',does not begin with $",
        "$.a['b,can't be read",
        "$.,can't be read",
        "$.a[x],can't be read"
    })
    void whatIsNoPathIsRefused(String path, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> BodyPath.of(path)).withMessageContaining(message);
    }

    /** Whatever the body, there is something or there is not; anything else would be an answer 500. */
    @Test
    void noBodyMakesItFail() throws Exception {
        List<BodyPath> paths = new ArrayList<>();
        for (String path : List.of("$", "$.a", "$.a.b", "$.a[0]", "$[0]", "$['']", "$.a[1].b", "$[-1]", "$.a[-2]")) {
            paths.add(BodyPath.of(path));
        }
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            JsonNode body = JSON.readTree(any(random, 4));
            paths.forEach(path -> assertThat(path.in(body)).isNotNull());
        }
    }

    private static String any(Random random, int depth) {
        return switch (depth == 0 ? random.nextInt(5) : random.nextInt(9)) {
            case 0 -> "null";
            case 1 -> "1e400";
            case 2 -> "\"a\"";
            case 3 -> "true";
            case 4 -> "\"\"";
            case 5, 6 -> "[" + any(random, depth - 1) + "," + any(random, depth - 1) + "]";
            case 7 -> "[]";
            default ->
                "{\"a\":" + any(random, depth - 1) + ",\"b\":" + any(random, depth - 1) + ",\"\":"
                        + any(random, depth - 1) + "}";
        };
    }
}
