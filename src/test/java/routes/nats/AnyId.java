package routes.nats;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Ids as other people make them: of any characters, some very long, some looking like an encoded one. */
public final class AnyId {

    private static final List<String> PARTS = List.of(
            "a",
            "Z",
            "7",
            "/",
            ".",
            "-",
            "#",
            "%",
            "%41",
            "%25",
            "%zz",
            "%2",
            " ",
            "\"",
            "\\",
            "*",
            ">",
            ":",
            "\r\n",
            "\t",
            "\u0000",
            "\u001b[31m",
            "\u007f",
            "é",
            "İ",
            "北京",
            "节点",
            "\uD83D\uDE00",
            "\u2028",
            "\u202e",
            "\ufeff",
            "{{x}}",
            "${body}",
            "RAW(x)");

    private AnyId() {}

    /** Different ones, none empty. The last is as long as NATS takes: every character of it is three in a header. */
    public static List<String> many(long seed, int count) {
        Random random = new Random(seed);
        Set<String> ids = new LinkedHashSet<>(
                List.of("北京/u-1/42", "%E5%8C%97%E4%BA%AC/u-1/42", "%25E5%258C%2597/u-1/42", " ", "%", "+"));
        while (ids.size() < count - 1) {
            StringBuilder id = new StringBuilder();
            for (int i = random.nextInt(random.nextInt(20) == 0 ? 1_000 : 12); i >= 0; i--) {
                id.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            ids.add(id.toString());
        }
        ids.add("\n".repeat(20_000));
        return new ArrayList<>(ids);
    }
}
