package routes.hooks.spec;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Camel's placeholders in the values of a hook file: <code>{{NAME}}</code>, <code>{{NAME:default}}</code>, and the same
 * with {@code env:} in front. Only the environment answers, once: what comes from it is never expanded again.
 */
final class Placeholders {

    /** A placeholder that has no value; the message says which. */
    static final class Unresolved extends Exception {
        private Unresolved(String message) {
            super(message);
        }
    }

    private static final Pattern FORM =
            Pattern.compile("\\{\\{(?:env:)?([A-Za-z_][A-Za-z0-9_.-]*)(?::(.*?))?}}", Pattern.DOTALL);

    private Placeholders() {}

    static boolean areIn(String value) {
        return value.contains("{{");
    }

    static String expand(String value, Function<String, String> environment) throws Unresolved {
        StringBuilder expanded = new StringBuilder();
        int copied = 0;
        Matcher placeholder = FORM.matcher(value);
        while (placeholder.find()) {
            expanded.append(literal(value.substring(copied, placeholder.start())))
                    .append(valueOf(placeholder.group(1), placeholder.group(2), environment));
            copied = placeholder.end();
        }
        return expanded.append(literal(value.substring(copied))).toString();
    }

    private static String valueOf(String name, String fallback, Function<String, String> environment)
            throws Unresolved {
        String value = environment.apply(name);
        if (value == null && fallback == null) {
            throw new Unresolved("the environment variable " + name + " is not set; set it, or write a default: {{"
                    + name + ":default}}");
        }
        return value == null ? fallback : value;
    }

    private static String literal(String text) throws Unresolved {
        if (areIn(text)) {
            throw new Unresolved("has {{ that begins no placeholder; write {{NAME}} or {{NAME:default}}");
        }
        return text;
    }
}
