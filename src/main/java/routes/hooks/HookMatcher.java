package routes.hooks;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.function.Predicate;
import routes.event.Subject;

/**
 * Decides for one hook: its subject, then its keywords. Excludes come first and one hit is enough whatever the
 * matchMode; without includes the hook fires. Immutable and safe for many threads.
 */
public final class HookMatcher {

    /**
     * @param why the clause that decided: {@code subject}, {@code exclude: k}, {@code include: k},
     *            {@code include: all}, {@code include missing: k}, {@code no include matched},
     *            {@code no exclude matched} (fires: there are excludes only) or {@code no keywords}
     */
    public record Verdict(boolean fires, String why) {
    }

    private record Keyword(String written, Predicate<String> isIn) {
    }

    private static final Verdict SUBJECT = new Verdict(false, "subject");

    private final String subject;
    private final List<Keyword> include;
    private final List<Keyword> exclude;
    private final MatchMode mode;

    /** @throws com.google.re2j.PatternSyntaxException for a hook that {@link HookReader} would not have accepted */
    public HookMatcher(EventHook hook) {
        subject = hook.subject();
        include = compile(hook.keywords().include(), hook.keywords().matchType());
        exclude = compile(hook.keywords().exclude(), hook.keywords().matchType());
        mode = hook.keywords().matchMode();
    }

    public Verdict decide(String eventSubject, String text) {
        return Subject.matches(subject, eventSubject) ? decide(text) : SUBJECT;
    }

    boolean needsText() {
        return !include.isEmpty() || !exclude.isEmpty();
    }

    /** The keywords' part of the decision, for an event whose subject is known to match. */
    Verdict decide(String text) {
        for (Keyword keyword : exclude) {
            if (keyword.isIn.test(text)) {
                return new Verdict(false, "exclude: " + keyword.written);
            }
        }
        if (include.isEmpty()) {
            return new Verdict(true, exclude.isEmpty() ? "no keywords" : "no exclude matched");
        }
        return mode == MatchMode.ALL ? decideAll(text) : decideAny(text);
    }

    private Verdict decideAny(String text) {
        for (Keyword keyword : include) {
            if (keyword.isIn.test(text)) {
                return new Verdict(true, "include: " + keyword.written);
            }
        }
        return new Verdict(false, "no include matched");
    }

    private Verdict decideAll(String text) {
        for (Keyword keyword : include) {
            if (!keyword.isIn.test(text)) {
                return new Verdict(false, "include missing: " + keyword.written);
            }
        }
        return new Verdict(true, "include: all");
    }

    private static List<Keyword> compile(List<String> keywords, MatchType type) {
        return keywords.stream().map(keyword -> new Keyword(keyword, test(keyword, type))).toList();
    }

    private static Predicate<String> test(String keyword, MatchType type) {
        return switch (type) {
            case CONTAINS -> text -> text.contains(keyword);
            case EXACT -> keyword::equals;
            case REGEX -> {
                Pattern pattern = KeywordRegex.compile(keyword);
                yield text -> pattern.matcher(text).find();
            }
        };
    }
}
