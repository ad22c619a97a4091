package routes.hooks.sources;

import java.util.regex.Pattern;

/** Something that there may be once in opsbus. */
record CamelName(String kind, String id) {

    static final String ROUTE = "route with the id";
    static final String BEAN = "bean named";
    static final String DATA_FORMAT = "data format with the id";
    static final String TEMPLATE = "route template with the id";
    static final String CONFIGURATION = "route configuration with the id";
    static final String REST = "rest with the id";

    /** Routes of hooks, and their instances of Kamelets. */
    private static final Pattern OF_A_HOOK = Pattern.compile("hook:.*|type-.*|hook-[^.]*\\..*");

    /** Whether a hook that comes later may have it. */
    boolean isOfHooks() {
        return kind.equals(ROUTE) && OF_A_HOOK.matcher(id).matches();
    }

    /** What is said of one that {@link #isOfHooks}. */
    String refusal() {
        return "a " + this
                + " may be one of a hook: ids that begin with hook: or type-, or are hook-{namespace}.{name}, are the hooks' own; give this one another id";
    }

    /** Camel compares ids of route configurations so. */
    boolean isLike(CamelName other) {
        return kind.equals(other.kind)
                && (kind.equals(CONFIGURATION) ? id.equalsIgnoreCase(other.id) : id.equals(other.id));
    }

    @Override
    public String toString() {
        return kind + " " + id;
    }
}
