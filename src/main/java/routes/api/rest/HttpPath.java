package routes.api.rest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A path that a route listens on, and whether it may: opsbus serves some itself, and of those a few need no token. */
final class HttpPath {

    /** First parts of what opsbus serves itself; {@code HttpPathTest} holds them against what is there. */
    static final Set<String> OWN = new TreeSet<>(List.of(
            "",
            "actuator",
            "api",
            "console",
            "demo",
            "error",
            "index.html",
            "login",
            "login.css",
            "logout",
            "webjars"));

    private HttpPath() {}

    /** @param prefix whether it is the beginning of a path only */
    static String of(String path, boolean prefix) {
        String whole = "/" + String.valueOf(path).replaceAll("^/+|/+$", "");
        return prefix ? (whole.equals("/") ? "" : whole) + "/**" : whole;
    }

    /** Why a route that is not opsbus' own may not listen there. */
    static Optional<String> problem(String path) {
        String first = path.substring(1).split("/", 2)[0];
        if (first.contains("{") || first.contains("*") || first.contains("?")) {
            return Optional.of(
                    "the path " + path + " could be one of opsbus' own; begin it with a word, for example /my");
        }
        return OWN.contains(first)
                ? Optional.of("the path " + path + " is for opsbus' own pages and API; begin it with another word than "
                        + String.join(
                                ", ",
                                OWN.stream().filter(word -> !word.isEmpty()).toList()))
                : Optional.empty();
    }

    /** Whether a request could not tell them apart: the names of parameters are the route's own. */
    static boolean same(String one, String other) {
        return one.replaceAll("\\{[^/}]*}", "{}").equals(other.replaceAll("\\{[^/}]*}", "{}"));
    }

    /** @param one methods, separated by commas; null for all */
    static boolean share(String one, String other) {
        return one == null
                || other == null
                || Arrays.stream(one.toUpperCase(Locale.ROOT).split(","))
                        .anyMatch(List.of(other.toUpperCase(Locale.ROOT).split(","))::contains);
    }
}
