package routes.hooks.match;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import routes.hooks.match.Prefilter.Literal;

/**
 * Reads from a regular expression what every text it finds must hold: the runs of plain characters in it. RE2/J has no
 * such function and keeps its parse tree to itself. What this reader does not know for certain, it says nothing of.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2: syntax</a>
 */
final class RegexPrefilter {

    /** A single character is in most texts, so it selects nothing. */
    private static final int SHORTEST_RUN = 2;

    private static final Pattern REPEAT = Pattern.compile("\\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?}");

    private final String regex;
    private int at;
    private boolean ignoreCase;

    private RegexPrefilter(String regex) {
        this.regex = regex;
    }

    /** @param regex one that RE2/J accepts */
    static Prefilter of(String regex) {
        try {
            RegexPrefilter reader = new RegexPrefilter(regex);
            Prefilter whole = reader.alternatives();
            return reader.more() ? Prefilter.ANYTHING : whole;
        } catch (UnknownSyntax e) {
            return Prefilter.ANYTHING;
        }
    }

    private static final class UnknownSyntax extends RuntimeException {
        UnknownSyntax() {
            super(null, null, false, false);
        }
    }

    /** What is known of one branch so far: finished parts, and the run of characters that is being read. */
    private static final class Branch {
        private final List<Prefilter> parts = new ArrayList<>();
        private final StringBuilder run = new StringBuilder();
        private boolean runIgnoresCase;

        void add(int codePoint, boolean ignoreCase) {
            if (ignoreCase != runIgnoresCase) {
                endRun();
                runIgnoresCase = ignoreCase;
            }
            run.appendCodePoint(ignoreCase ? Character.toLowerCase(codePoint) : codePoint);
        }

        void endRun() {
            if (run.length() >= SHORTEST_RUN) {
                parts.add(new Literal(run.toString(), runIgnoresCase));
            }
            run.setLength(0);
        }

        Prefilter end() {
            endRun();
            return Prefilter.allOf(parts);
        }
    }

    private boolean more() {
        return at < regex.length();
    }

    private int next() {
        if (!more()) {
            throw new UnknownSyntax();
        }
        int codePoint = regex.codePointAt(at);
        at += Character.charCount(codePoint);
        return codePoint;
    }

    private boolean skip(String expected) {
        boolean there = regex.startsWith(expected, at);
        at += there ? expected.length() : 0;
        return there;
    }

    private void skipPast(String end) {
        int found = regex.indexOf(end, at);
        if (found < 0) {
            throw new UnknownSyntax();
        }
        at = found + end.length();
    }

    private Prefilter alternatives() {
        List<Prefilter> branches = new ArrayList<>();
        do {
            branches.add(branch());
        } while (skip("|"));
        return Prefilter.anyOf(branches);
    }

    private Prefilter branch() {
        Branch branch = new Branch();
        while (more() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            int c = next();
            switch (c) {
                case '(' -> group(branch);
                case '[' -> {
                    characterClass();
                    any(branch);
                }
                case '.' -> any(branch);
                case '^', '$' -> repeats(); // no character, so a run goes on
                case '\\' -> escape(branch);
                case '*', '+', '?' -> throw new UnknownSyntax();
                default -> literal(c, branch);
            }
        }
        return branch.end();
    }

    /** One character that may be any of several. */
    private void any(Branch branch) {
        repeats();
        branch.endRun();
    }

    private void literal(int codePoint, Branch branch) {
        Repeats repeats = repeats();
        if (repeats == Repeats.MAYBE_NEVER || ignoreCase && codePoint >= 0x80) {
            branch.endRun();
            return;
        }
        branch.add(codePoint, ignoreCase);
        if (repeats == Repeats.AT_LEAST_ONCE) {
            branch.endRun();
        }
    }

    private void group(Branch branch) {
        boolean outside = ignoreCase;
        if (skip("?P<") || skip("?<")) {
            skipPast(">");
        } else if (skip("?") && flags()) {
            mustNotRepeat(); // flags for the rest of the group around: the repeat would be that of what stands before
            return;
        }
        Prefilter inside = alternatives();
        if (!skip(")")) {
            throw new UnknownSyntax();
        }
        ignoreCase = outside;
        branch.endRun();
        if (repeats() != Repeats.MAYBE_NEVER) {
            branch.parts.add(inside);
        }
    }

    /** Reads {@code i-s:} or {@code i-s)}. @return whether it was the latter, which begins no group */
    private boolean flags() {
        boolean on = true;
        while (true) {
            switch (next()) {
                case 'i' -> ignoreCase = on;
                case 'm', 's', 'U' -> {}
                case '-' -> on = false;
                case ':' -> {
                    return false;
                }
                case ')' -> {
                    return true;
                }
                default -> throw new UnknownSyntax();
            }
        }
    }

    private void characterClass() {
        skip("^");
        skip("]"); // first in a class it is a member
        while (!skip("]")) {
            if (skip("[:")) {
                skipPast(":]");
            } else if (next() == '\\') {
                next();
            }
        }
    }

    private void escape(Branch branch) {
        int c = next();
        switch (c) {
            case 'A', 'b', 'B', 'z' -> repeats();
            case 'd', 'D', 's', 'S', 'w', 'W' -> any(branch);
            case 'p', 'P' -> {
                if (next() == '{') {
                    skipPast("}");
                }
                any(branch);
            }
            case 'x' -> {
                if (next() == '{') {
                    skipPast("}");
                } else {
                    next();
                }
                any(branch);
            }
            case 'Q' -> quoted(branch);
            case 'a' -> literal(0x07, branch);
            case 'f' -> literal('\f', branch);
            case 'n' -> literal('\n', branch);
            case 'r' -> literal('\r', branch);
            case 't' -> literal('\t', branch);
            case 'v' -> literal(0x0B, branch);
            default -> {
                if (c >= 0x80 || Character.isLetterOrDigit(c)) {
                    throw new UnknownSyntax();
                }
                literal(c, branch);
            }
        }
    }

    /** {@code \Q…\E}; a repeat behind it is that of its last character. */
    private void quoted(Branch branch) {
        int end = regex.indexOf("\\E", at);
        int[] characters =
                regex.substring(at, end < 0 ? regex.length() : end).codePoints().toArray();
        at = end < 0 ? regex.length() : end + 2;
        if (characters.length == 0) {
            mustNotRepeat();
            return;
        }
        int here = at;
        at = regex.length(); // so that only the last one finds a repeat
        for (int i = 0; i < characters.length - 1; i++) {
            literal(characters[i], branch);
        }
        at = here;
        literal(characters[characters.length - 1], branch);
    }

    private enum Repeats {
        ONCE,
        AT_LEAST_ONCE,
        MAYBE_NEVER
    }

    /** How often what was just read may come, by the operators behind it. */
    private Repeats repeats() {
        Repeats all = Repeats.ONCE;
        while (more()) {
            Matcher counted = REPEAT.matcher(regex).region(at, regex.length());
            if (skip("*") || skip("?")) {
                all = Repeats.MAYBE_NEVER;
            } else if (skip("+")) {
                all = all == Repeats.MAYBE_NEVER ? all : Repeats.AT_LEAST_ONCE;
            } else if (counted.lookingAt()) {
                at = counted.end();
                boolean never = all == Repeats.MAYBE_NEVER || counted.group(1).equals("0");
                all = never ? Repeats.MAYBE_NEVER : Repeats.AT_LEAST_ONCE;
            } else {
                return all;
            }
            skip("?"); // as few as possible: says nothing of how many are allowed
        }
        return all;
    }

    private void mustNotRepeat() {
        if (more() && "*+?{".indexOf(regex.charAt(at)) >= 0) {
            throw new UnknownSyntax();
        }
    }
}
