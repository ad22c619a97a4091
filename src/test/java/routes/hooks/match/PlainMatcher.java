package routes.hooks.match;

import com.google.re2j.Pattern;
import java.util.List;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;

/** What a hook means, in the plainest words: the oracle for everything faster. */
final class PlainMatcher {

    private PlainMatcher() {}

    static List<EventHook> matching(List<EventHook> hooks, String subject, String text) {
        return hooks.stream().filter(hook -> wants(hook, subject, text)).toList();
    }

    private static boolean wants(EventHook hook, String subject, String text) {
        Keywords keywords = hook.keywords();
        if (!hears(hook.subject().split("\\.", -1), subject.split("\\.", -1), 0)
                || keywords.exclude().stream().anyMatch(word -> holds(text, word, keywords.matchType()))) {
            return false;
        }
        if (keywords.include().isEmpty()) {
            return true;
        }
        return keywords.matchMode() == MatchMode.ALL
                ? keywords.include().stream().allMatch(word -> holds(text, word, keywords.matchType()))
                : keywords.include().stream().anyMatch(word -> holds(text, word, keywords.matchType()));
    }

    private static boolean hears(String[] pattern, String[] subject, int at) {
        if (at == pattern.length || at == subject.length) {
            return pattern.length == subject.length;
        }
        return pattern[at].equals(">")
                || (pattern[at].equals("*") || pattern[at].equals(subject[at])) && hears(pattern, subject, at + 1);
    }

    private static boolean holds(String text, String word, MatchType type) {
        return switch (type) {
            case CONTAINS -> text.contains(word);
            case EXACT -> text.equals(word);
            case REGEX ->
                Pattern.compile(
                                word.startsWith("(?s)") || word.startsWith("(?m)") || word.startsWith("(?sm)")
                                        ? word
                                        : "(?s)" + word)
                        .matcher(text)
                        .find();
        };
    }
}
