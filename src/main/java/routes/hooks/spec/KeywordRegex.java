package routes.hooks.spec;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * Regular expressions of hooks: RE2 syntax (RE2/J), so that no expression takes more than linear time. As in the
 * original, {@code .} also matches a line break unless the expression begins with flags of its own.
 */
public final class KeywordRegex {

    private KeywordRegex() {}

    /** @throws PatternSyntaxException when {@link #problem} has something to say */
    public static Pattern compile(String regex) {
        return Pattern.compile(setsItsFlags(regex) ? regex : "(?s)" + regex);
    }

    private static boolean setsItsFlags(String regex) {
        return regex.startsWith("(?s)") || regex.startsWith("(?m)") || regex.startsWith("(?sm)");
    }

    /** What is wrong with the expression and how to write it. */
    public static Optional<String> problem(String regex) {
        Optional<String> tooLarge = RegexSize.problem(regex);
        if (tooLarge.isPresent()) {
            return tooLarge;
        }
        try {
            compile(regex);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(
                    advice(regex).orElse("is not a regular expression: " + e.getDescription() + " in `" + regex + "`"));
        }
    }

    private static Optional<String> advice(String regex) {
        if (regex.contains("(?=") || regex.contains("(?!") || regex.contains("(?<=") || regex.contains("(?<!")) {
            return Optional.of("has a look-around such as (?=…), which RE2 does not know: write two keywords and "
                    + "matchMode: ALL for \"both\", or a keyword under exclude for \"not\"");
        }
        if (java.util.regex.Pattern.compile("\\\\[1-9]").matcher(regex).find()) {
            return Optional.of("has a back-reference such as \\1, which RE2 does not know: write out what may repeat, "
                    + "or two keywords with matchMode: ALL");
        }
        return Optional.empty();
    }
}
