package routes.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CutTest {

    private static final String[] CHARACTERS = {"a", "\"", "\\", "\n", "\u0001", "é", "节", "😀", "\u2028"};
    private final Random random = new Random(10);

    @Test
    void whateverItHoldsACutEventFitsIsWholeAndSaysHowLargeItWas() throws Exception {
        for (int round = 0; round < 60; round++) {
            OpsEvent event =
                    OpsEvent.of("id", "Kube", "ops.x", "north", OffsetDateTime.parse("2026-01-02T03:04:05Z"), data(3));
            int size = event.payload().length;
            int bytes = 260 + random.nextInt(size);
            OpsEvent cut = event.cutTo(bytes).orElseThrow();

            assertThat(cut.payload().length).isLessThanOrEqualTo(bytes);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(cut.payload()))
                    .toString(); // fails on half a character
            assertThat(text).doesNotContain("\\ud83d\"", "?");
            OpsEvent read = OpsEvent.parse("ops.x", cut.payload(), "none");
            assertThat(read.isCloudEvent()).isTrue();
            assertThat(read.id()).isEqualTo("id");
            assertThat(read.cluster()).isEqualTo("north");
            assertThat(WireJson.MAPPER.readTree(cut.payload()).path("truncated").asInt())
                    .isEqualTo(bytes < size ? size : 0);
        }
    }

    private JsonNode data(int depth) {
        if (depth == 0 || random.nextInt(8) == 0) {
            return TextNode.valueOf(text(random.nextInt(400)));
        }
        if (random.nextInt(5) == 0) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (int i = random.nextInt(30); i >= 0; i--) {
                array.add(data(depth - 1));
            }
            return array;
        }
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("message", text(random.nextInt(1_000)))
                .put("count", 7);
        object.set("more", data(depth - 1));
        return object;
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    @Test
    void theMessageIsCutBeforeAnythingElse() {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("reason", "r".repeat(1_200))
                .put("message", "m".repeat(10_000));
        OpsEvent cut = event(data).cutTo(2_000).orElseThrow();
        assertThat(cut.data().path("reason").asText())
                .as("longer than what is left of the message")
                .hasSize(1_200);
        assertThat(cut.data().path("message").asText()).matches("m{200,800}… \\(cut, 10000 characters\\)");
        assertThat(cut.payload().length).isBetween(1_995, 2_000);
    }

    @Test
    void thenEveryTextAndThenAllOfTheData() {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("reason", "r".repeat(10_000))
                .put("message", "m".repeat(10_000));
        assertThat(event(data).cutTo(2_000).orElseThrow().data().path("reason").asText())
                .matches("r{500,1000}… .*");
        ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 5_000; i++) {
            numbers.add(i);
        }
        assertThat(event(numbers).cutTo(2_000).orElseThrow().data().isMissingNode())
                .isTrue();
        assertThat(event(numbers).cutTo(50)).isEqualTo(Optional.empty());
    }

    private static OpsEvent event(JsonNode data) {
        return OpsEvent.of("id", "Kube", "ops.x", null, OffsetDateTime.parse("2026-01-02T03:04:05Z"), data);
    }
}
