package routes.hooks.spec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates how large an expression becomes once compiled. RE2/J 1.8 lacks the limits of Go's RE2: nested counted
 * repeats such as {@code ((a{1000}){1000}){1000}} take all memory, and deep nesting overflows the stack.
 */
public final class RegexSize {

    private static final long MAX_SIZE = 50_000;
    private static final int MAX_DEPTH = 250;
    private static final int GROUP = 2; // where it begins and where it ends
    /** Some 600 ranges of characters, as large as so many states. A repeat shares them. */
    private static final long UNICODE_CLASS_SIZE = 60;

    private static final Pattern UNICODE_CLASS = Pattern.compile("\\\\[pP]");
    private static final Pattern REPEAT = Pattern.compile("\\{([0-9]{1,4})(,([0-9]{0,4}))?}");

    private RegexSize() {}

    public static Optional<String> problem(String regex) {
        try {
            measure(regex);
            return Optional.empty();
        } catch (TooLarge e) {
            return Optional.of(e.getMessage());
        }
    }

    private static final class TooLarge extends RuntimeException {
        private TooLarge(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * About so many states: each takes some 50 bytes, and may be looked at for each character of a text. 0 of one that
     * has a {@link #problem}.
     */
    public static long of(String regex) {
        try {
            return measure(regex);
        } catch (TooLarge e) {
            return 0;
        }
    }

    private static long measure(String regex) {
        Deque<Long> groups = new ArrayDeque<>();
        Matcher repeat = REPEAT.matcher(regex);
        long classes =
                UNICODE_CLASS_SIZE * UNICODE_CLASS.matcher(regex).results().count();
        long size = 0;
        long atom = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '[') {
                size += atom;
                atom = 1;
                i = endOfClass(regex, i);
            } else if (regex.startsWith("\\Q", i)) {
                int end = regex.indexOf("\\E", i + 2);
                int to = end < 0 ? regex.length() : end;
                size += atom + Math.max(0, to - i - 3);
                atom = to > i + 2 ? 1 : 0;
                i = to + 1;
            } else if (c == '(') {
                groups.push(size + atom);
                size = 0;
                atom = 0;
            } else if (c == ')' && !groups.isEmpty()) {
                atom += size + GROUP;
                size = groups.pop();
            } else if (c == '{' && repeat.region(i, regex.length()).lookingAt()) {
                atom *= times(repeat);
                i = repeat.end() - 1;
            } else {
                size += atom;
                atom = 1;
                i += c == '\\' ? 1 : 0;
            }
            if (groups.size() > MAX_DEPTH) {
                throw new TooLarge("is nested more than " + MAX_DEPTH + " groups deep; write several keywords");
            }
            if (size + atom + classes > MAX_SIZE) {
                throw new TooLarge("is too large: its repeats multiply; write smaller counts, or + and *");
            }
        }
        return size + atom + classes;
    }

    /** Where the class that begins there ends: what is in it are no groups and no repeats. */
    private static int endOfClass(String regex, int begin) {
        int i = begin + (regex.startsWith("^", begin + 1) ? 2 : 1);
        i += regex.startsWith("]", i) ? 1 : 0; // the first one is a character
        while (i < regex.length() && regex.charAt(i) != ']') {
            int named = regex.startsWith("[:", i) ? regex.indexOf(":]", i) : -1;
            i = named >= 0 ? named + 2 : i + (regex.charAt(i) == '\\' ? 2 : 1);
        }
        return i;
    }

    private static long times(Matcher repeat) {
        String upper = repeat.group(3) == null || repeat.group(3).isEmpty() ? repeat.group(1) : repeat.group(3);
        return Math.max(1, Long.parseLong(upper));
    }
}
