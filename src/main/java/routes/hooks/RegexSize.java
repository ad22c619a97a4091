package routes.hooks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates how large an expression becomes once compiled. RE2/J 1.8 lacks the limits of Go's RE2: nested counted
 * repeats such as {@code ((a{1000}){1000}){1000}} take all memory, and deep nesting overflows the stack.
 */
final class RegexSize {

    private static final long MAX_SIZE = 50_000;
    private static final int MAX_DEPTH = 250;
    private static final Pattern REPEAT = Pattern.compile("\\{([0-9]{1,4})(,([0-9]{0,4}))?}");

    private RegexSize() {
    }

    static Optional<String> problem(String regex) {
        Deque<Long> groups = new ArrayDeque<>();
        Matcher repeat = REPEAT.matcher(regex);
        long size = 0;
        long atom = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '(') {
                groups.push(size + atom);
                size = 0;
                atom = 0;
            } else if (c == ')' && !groups.isEmpty()) {
                atom += size;
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
                return Optional.of("is nested more than " + MAX_DEPTH + " groups deep; write several keywords");
            }
            if (size + atom > MAX_SIZE) {
                return Optional.of("is too large: its repeats multiply; write smaller counts, or + and *");
            }
        }
        return Optional.empty();
    }

    private static long times(Matcher repeat) {
        String upper = repeat.group(3) == null || repeat.group(3).isEmpty() ? repeat.group(1) : repeat.group(3);
        return Math.max(1, Long.parseLong(upper));
    }
}
