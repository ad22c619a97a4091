package routes.api.events;

import java.util.Arrays;

/**
 * A subject pattern taken apart once, for it is asked for every event. All events are below {@code ops.}, so that a
 * wildcard in its place means just that.
 */
final class TailPattern {

    private final String text;
    private final String[] tokens;
    private final boolean open;

    /** @param text valid, see {@link EventFilter#pattern} */
    TailPattern(String text) {
        this.text = text.equals(">")
                ? "ops.>"
                : text.replaceFirst("^\\*(?=\\.)", "ops"); // the server takes no wildcard there
        String[] all = split(this.text);
        this.open = all[all.length - 1].equals(">");
        this.tokens = open ? Arrays.copyOf(all, all.length - 1) : all;
    }

    static String[] split(String subject) {
        return subject.split("\\.", -1);
    }

    /** The same as {@link routes.event.Subject#matches}. */
    boolean matches(String[] subject) {
        if (open ? subject.length <= tokens.length : subject.length != tokens.length) {
            return false;
        }
        for (int i = tokens.length - 1; i >= 0; i--) { // subjects differ in their ends more than in their beginnings
            if (!tokens[i].equals("*") && !tokens[i].equals(subject[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
