package routes.hooks.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.KeywordRegex;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;
import routes.hooks.spec.Origin;

/**
 * Small hooks, subjects and texts over few characters, so that they often meet: overlapping, empty, folded, broken
 * across lines.
 */
final class RandomHooks {

    private static final String[] CHARACTERS = {
        "a", "b", "A", "B", "k", "K", "\u212A", "s", "S", "\u017F", "i", "é", "É", "ß", "中", "文", "😀", "\n", " ", "-",
        ".", "1"
    };
    private static final String[] SOUP = {
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        "*",
        "+",
        "?",
        ".",
        "^",
        "$",
        "\\",
        ",",
        ":",
        "-",
        "<",
        ">",
        "=",
        "!",
        "P",
        "Q",
        "E",
        "d",
        "x",
        "p",
        "i",
        "m",
        "0",
        "1",
        "2",
        "a",
        "b",
        "k",
        "(?i)",
        "(?i:",
        "(?-i)",
        "(?m)",
        "(?:",
        "(?P<n>",
        "[[:alpha:]",
        "[^a]",
        "\\Q",
        "\\E",
        "\\b",
        "\\pL",
        "\\p{Han}",
        "\\x61",
        "\\x{62}",
        "\\d",
        "\\.",
        "{1}",
        "{0}",
        "{2,}",
        "{0,1}",
        "中",
        "\n",
        "ab",
        "ba"
    };

    private final Random random;

    RandomHooks(long seed) {
        random = new Random(seed);
    }

    List<EventHook> hooks() {
        return IntStream.range(0, 1 + random.nextInt(10)).mapToObj(this::hook).toList();
    }

    private EventHook hook(int number) {
        MatchType type = MatchType.values()[random.nextInt(MatchType.values().length)];
        Keywords keywords = new Keywords(
                words(type, 4), words(type, random.nextInt(3)), MatchMode.values()[random.nextInt(2)], type);
        return new EventHook(
                "default",
                "h" + number,
                "webhook",
                subject(true),
                "http://localhost/",
                Map.of(),
                keywords,
                "",
                false,
                new Origin("test", 0, 0));
    }

    private List<String> words(MatchType type, int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> type == MatchType.REGEX ? regex() : text(type == MatchType.EXACT ? 2 : 5))
                .toList();
    }

    String subject(boolean pattern) {
        StringBuilder subject = new StringBuilder("ops");
        int tokens = 1 + random.nextInt(3);
        for (int i = 0; i < tokens; i++) {
            boolean last = i == tokens - 1;
            subject.append('.')
                    .append(
                            pattern && random.nextInt(2) == 0
                                    ? last && random.nextBoolean() ? ">" : "*"
                                    : random.nextBoolean() ? "x" : "y");
        }
        return subject.toString();
    }

    /** Up to so many characters; often none. */
    String text(int most) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(most + 1);
        int few = 2 + random.nextInt(CHARACTERS.length - 1);
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[random.nextInt(few)]);
        }
        return text.toString();
    }

    /** One that RE2/J takes: grown by its rules, or a soup of its syntax. */
    String regex() {
        while (true) {
            String regex = random.nextInt(3) == 0 ? soup() : flags() + alternatives(2);
            if (KeywordRegex.problem(regex).isEmpty()) {
                return regex;
            }
        }
    }

    private String soup() {
        StringBuilder soup = new StringBuilder();
        int length = 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            soup.append(SOUP[random.nextInt(SOUP.length)]);
        }
        return soup.toString();
    }

    private String flags() {
        return List.of("", "", "", "(?i)", "(?m)", "(?sm)", "(?s)", "(?is)", "^", "(?m)^")
                .get(random.nextInt(10));
    }

    private String alternatives(int depth) {
        List<String> branches = new ArrayList<>();
        do {
            branches.add(branch(depth));
        } while (random.nextInt(3) == 0);
        return String.join("|", branches);
    }

    private String branch(int depth) {
        StringBuilder branch = new StringBuilder();
        int atoms = random.nextInt(4);
        for (int i = 0; i < atoms; i++) {
            branch.append(atom(depth))
                    .append(
                            random.nextInt(4) == 0
                                    ? List.of("*", "+", "?", "{2}", "{1,2}", "{0,2}", "*?", "+?")
                                            .get(random.nextInt(8))
                                    : "");
        }
        return branch.toString();
    }

    private String atom(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0, 1, 2 -> escaped(text(4));
            case 3 -> ".";
            case 4 ->
                List.of("[ab]", "[^a]", "\\d", "\\s", "[[:upper:]]", "[]a]", "\\p{Han}")
                        .get(random.nextInt(7));
            case 5 -> List.of("^", "$", "\\b", "\\A", "\\z", "\\B").get(random.nextInt(6));
            case 6 -> "\\Q" + text(3) + "\\E";
            case 7 -> "(" + alternatives(depth - 1) + ")";
            default ->
                List.of("(?:", "(?i:", "(?i)(", "(?P<g>", "(?-i:", "(?i)(?-i:").get(random.nextInt(6))
                        + alternatives(depth - 1) + ")";
        };
    }

    private static String escaped(String text) {
        return text.replace(".", "\\.");
    }
}
