package routes.hooks.match;

import com.google.re2j.Pattern;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import routes.event.Subject;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.KeywordRegex;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;

/**
 * Decides for one hook: its subject, then its keywords. Excludes come first and one hit is enough whatever the
 * matchMode; without includes the hook fires. Immutable and safe for many threads.
 */
public final class HookMatcher {

    /**
     * @param why the clause that decided: {@code subject}, {@code exclude: k}, {@code include: k}, {@code include:
     *     all}, {@code include missing: k}, {@code no include matched}, {@code no exclude matched} (fires: there are
     *     excludes only) or {@code no keywords}
     */
    public record Verdict(boolean fires, String why) {}

    /** Whether a text holds a keyword. */
    private interface Test {
        boolean isIn(String text, MatchLimit limit);
    }

    /**
     * @param isLiteral its prefilter says all: whoever knows which literals the text holds need not look again, which
     *     takes long for a keyword that repeats itself
     */
    private record Keyword(String written, Prefilter prefilter, boolean isLiteral, Test test) {

        boolean matches(String text, Predicate<Prefilter> allows, MatchLimit limit) {
            return allows.test(prefilter) && (isLiteral && allows != NOTHING_KNOWN || test.isIn(text, limit));
        }
    }

    private static final Predicate<Prefilter> NOTHING_KNOWN = prefilter -> true;

    private static final Verdict SUBJECT = new Verdict(false, "subject");

    private final String subject;
    private final List<Keyword> include;
    private final List<Keyword> exclude;
    private final MatchMode mode;
    private final boolean isRegex;

    /** @throws com.google.re2j.PatternSyntaxException for a hook that {@link HookReader} would not have accepted */
    public HookMatcher(EventHook hook) {
        subject = hook.subject();
        include = compile(hook.keywords().include(), hook.keywords().matchType());
        exclude = compile(hook.keywords().exclude(), hook.keywords().matchType());
        mode = hook.keywords().matchMode();
        isRegex = hook.keywords().matchType() == MatchType.REGEX;
    }

    public Verdict decide(String eventSubject, String text) {
        return decide(eventSubject, text, NOTHING_KNOWN, MatchLimit.NONE);
    }

    public Verdict decide(String eventSubject, String text, MatchLimit limit) {
        return decide(eventSubject, text, NOTHING_KNOWN, limit);
    }

    Verdict decide(String eventSubject, String text, Predicate<Prefilter> allows, MatchLimit limit) {
        return Subject.matches(subject, eventSubject) ? decide(text, allows, limit) : SUBJECT;
    }

    /** Whether its keywords are expressions, so that deciding can take long. */
    boolean isRegex() {
        return isRegex;
    }

    boolean needsText() {
        return !include.isEmpty() || !exclude.isEmpty();
    }

    /** What a text must at least hold for the hook to fire. */
    Prefilter prefilter() {
        List<Prefilter> parts = include.stream().map(Keyword::prefilter).toList();
        return include.isEmpty()
                ? Prefilter.ANYTHING
                : mode == MatchMode.ALL ? Prefilter.allOf(parts) : Prefilter.anyOf(parts);
    }

    /** The literals that {@link #decide(String, Predicate, MatchLimit)} asks for. */
    Set<Prefilter.Literal> literals() {
        Set<Prefilter.Literal> literals = new LinkedHashSet<>();
        include.forEach(keyword -> keyword.prefilter.collect(literals));
        exclude.forEach(keyword -> keyword.prefilter.collect(literals));
        return literals;
    }

    /** The keywords' part of the decision, for an event whose subject is known to match. */
    Verdict decide(String text) {
        return decide(text, NOTHING_KNOWN, MatchLimit.NONE);
    }

    /**
     * @param allows whether the text may hold a keyword with this prefilter, so that a regex that can't match need not
     *     run
     * @throws MatchTooSlowException when the limit gives it up
     */
    Verdict decide(String text, Predicate<Prefilter> allows, MatchLimit limit) {
        for (Keyword keyword : exclude) {
            if (keyword.matches(text, allows, limit)) {
                return new Verdict(false, "exclude: " + keyword.written);
            }
        }
        if (include.isEmpty()) {
            return new Verdict(true, exclude.isEmpty() ? "no keywords" : "no exclude matched");
        }
        return mode == MatchMode.ALL ? decideAll(text, allows, limit) : decideAny(text, allows, limit);
    }

    private Verdict decideAny(String text, Predicate<Prefilter> allows, MatchLimit limit) {
        for (Keyword keyword : include) {
            if (keyword.matches(text, allows, limit)) {
                return new Verdict(true, "include: " + keyword.written);
            }
        }
        return new Verdict(false, "no include matched");
    }

    private Verdict decideAll(String text, Predicate<Prefilter> allows, MatchLimit limit) {
        for (Keyword keyword : include) {
            if (!keyword.matches(text, allows, limit)) {
                return new Verdict(false, "include missing: " + keyword.written);
            }
        }
        return new Verdict(true, "include: all");
    }

    private static List<Keyword> compile(List<String> keywords, MatchType type) {
        return keywords.stream()
                .map(keyword ->
                        new Keyword(keyword, prefilter(keyword, type), type == MatchType.CONTAINS, test(keyword, type)))
                .toList();
    }

    private static Prefilter prefilter(String keyword, MatchType type) {
        if (type == MatchType.REGEX) {
            return RegexPrefilter.of(keyword);
        }
        return keyword.isEmpty() ? Prefilter.ANYTHING : new Prefilter.Literal(keyword, false);
    }

    private static Test test(String keyword, MatchType type) {
        return switch (type) {
            case CONTAINS -> (text, limit) -> text.contains(keyword);
            case EXACT -> (text, limit) -> keyword.equals(text);
            case REGEX -> {
                Pattern pattern = KeywordRegex.compile(keyword);
                yield (text, limit) -> limit.finds(pattern, text);
            }
        };
    }
}
