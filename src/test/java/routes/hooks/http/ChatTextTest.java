package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an event says, and however long, each chat gets a message that it takes. */
class ChatTextTest extends CallsEndpoint {

    /** What a chat says that it takes at most, of the text or of the whole body, and where its text stands. */
    private enum Chat {
        WECOM("/text/content", 2_048, text -> text.getBytes(StandardCharsets.UTF_8).length, body -> 0),
        DINGTALK("/text/content", 20_000, text -> 0, body -> body.getBytes(StandardCharsets.UTF_8).length),
        FEISHU("/content/text", 20_480, text -> 0, body -> body.getBytes(StandardCharsets.UTF_8).length),
        SLACK("/text", 40_000, String::length, body -> 0),
        XIEZUO("/text/content", 5_000, String::length, body -> 0);

        private final String at;
        private final int most;
        private final ToIntFunction<String> ofText;
        private final ToIntFunction<String> ofBody;

        Chat(String at, int most, ToIntFunction<String> ofText, ToIntFunction<String> ofBody) {
            this.at = at;
            this.most = most;
            this.ofText = ofText;
            this.ofBody = ofBody;
        }

        String type() {
            return name().toLowerCase();
        }

        int size(String body, String text) {
            return Math.max(ofText.applyAsInt(text), ofBody.applyAsInt(body));
        }
    }

    private static final Pattern CUT = Pattern.compile("(?s)(.*)… \\(cut, ([0-9]+) bytes more\\) \n(.*)");
    private static final List<String> CHARACTERS = List.of(
            "a", " ", "\n", "\"", "\\", "\u0001", "\t", "\u007f", "<", ">", "&", "<at", "é", "节", "𝄞", "👩‍🚀",
            "\u2028", "/", "'", "{{", "${");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(20261126);

    /** Of one character or of many kinds, and often about as long as the chat's limit. */
    private String anyText(int about) {
        List<String> among =
                random.nextBoolean() ? CHARACTERS : List.of(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
        int length = random.nextInt(3) == 0 ? random.nextInt(100) : random.nextInt(2 * about);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(among.get(random.nextInt(among.size())));
        }
        return text.toString();
    }

    private static String plain(String sent) {
        return sent.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replace("＜", "<");
    }

    @ParameterizedTest
    @EnumSource(Chat.class)
    void whatIsSentIsValidWithinTheLimitAndAPrefix(Chat chat) throws Exception {
        boolean cut = false;
        for (int i = 0; i < 150; i++) {
            String event = anyText(chat.most);
            String additional =
                    random.nextInt(10) == 0 ? anyText(chat.most) : random.nextBoolean() ? "" : "action: <!here> & 节点";
            hooks.deliver(
                    chat.type(),
                    Map.of("url", endpoint.url("/"), "secret", "SEC0", "text", event, "additional", additional));
            String body = endpoint.request().body();
            String text = JSON.reader().readTree(body).at(chat.at).asText();

            assertThat(chat.size(body, text)).isLessThanOrEqualTo(chat.most);
            assertThat(text.codePoints()).noneMatch(c -> Character.getType(c) == Character.SURROGATE);
            cut |= isFaithful(text, event, additional);
        }
        assertThat(cut).isTrue();
    }

    /** Whether it was cut; fails when what is there is not the event's and the hook's own text from its beginning. */
    private static boolean isFaithful(String sent, String event, String additional) {
        if (plain(sent).equals(plain(event + additional))) {
            return false;
        }
        String text = sent;
        if (sent.endsWith(additional)) {
            text = sent.substring(0, sent.length() - additional.length());
        } else { // only then the hook's own text was too long itself
            Matcher own = CUT.matcher(sent);
            assertThat(own.matches()).isTrue();
            assertThat(own.group(3)).isEmpty();
            Matcher events = CUT.matcher(own.group(1));
            String kept = events.matches() ? events.group(3) : own.group(1).substring(event.length());
            assertThat(additional).startsWith(kept);
            assertThat(Integer.parseInt(own.group(2))).isEqualTo(bytes(additional.substring(kept.length())));
            if (!events.matches()) {
                return true;
            }
            text = own.group(1).substring(0, own.group(1).length() - kept.length());
        }
        Matcher cut = CUT.matcher(text);
        assertThat(cut.matches()).isTrue();
        assertThat(plain(event)).startsWith(plain(cut.group(1)));
        assertThat(Integer.parseInt(cut.group(2)))
                .isEqualTo(bytes(plain(event).substring(plain(cut.group(1)).length())));
        return true;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void asMuchAsFitsIsSent() throws Exception {
        hooks.deliver("wecom", Map.of("url", endpoint.url("/"), "text", "节".repeat(1_000), "additional", "!"));
        assertThat(JSON.readTree(endpoint.request().body()).at("/text/content").asText())
                .isEqualTo("节".repeat(673) + "… (cut, 981 bytes more) \n!");

        hooks.deliver("wecom", Map.of("url", endpoint.url("/"), "text", "x".repeat(2_047), "additional", "!"));
        assertThat(JSON.readTree(endpoint.request().body()).at("/text/content").asText())
                .isEqualTo("x".repeat(2_047) + "!");
    }

    @Test
    void aRobotMessageThatXiezuoWouldRefuseIsCutAsAText() throws Exception {
        ObjectNode message = JSON.createObjectNode().put("msgtype", "text");
        message.putObject("text").put("content", "x".repeat(6_000));
        hooks.deliver("xiezuo", Map.of("url", endpoint.url("/"), "text", message.toString()));
        assertThat(JSON.readTree(endpoint.request().body()).at("/text/content").asText())
                .startsWith("{\"msgtype\"")
                .contains("… (cut, ")
                .hasSizeLessThanOrEqualTo(5_000);
    }
}
