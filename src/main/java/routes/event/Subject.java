package routes.event;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * NATS subjects of operations events: tokens separated by dots, all lower case, below {@code ops.}.
 *
 * @see <a href="https://docs.nats.io/nats-concepts/subjects">NATS: subject-based messaging</a>
 */
public final class Subject {

    private static final String OPS = "ops.";
    private static final String CLUSTERS = OPS + "clusters.";
    /** As long as a Kubernetes name may be. */
    private static final int MAX_TOKEN_BYTES = 253;

    private static final int MAX_SUBJECT_BYTES = 1024;
    /** The token of what has no name. */
    static final String NOBODY = "_";

    private static final Map<String, String> IRREGULAR_PLURALS = Map.of(
            "endpoints", "endpoints",
            "eventhooks", "eventhooks",
            "securitycontextconstraints", "securitycontextconstraints");

    private Subject() {}

    /**
     * One token that is safe to publish: lower case, with {@code _} for the dot and for everything that NATS does not
     * allow or gives a meaning (white space, control characters, wildcards). Cut after 253 bytes of UTF-8. Letters of
     * any script stay. {@code null} and the empty name give {@code _}.
     */
    public static String token(String name) {
        if (name == null || name.isEmpty()) {
            return NOBODY;
        }
        StringBuilder token = new StringBuilder(name.length());
        int bytes = 0;
        for (int codePoint : name.toLowerCase(Locale.ROOT).codePoints().toArray()) {
            int safe = isAllowed(codePoint) && codePoint != '.' && !isWildcard(codePoint) ? codePoint : '_';
            bytes += Character.toString(safe).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_TOKEN_BYTES) {
                break;
            }
            token.appendCodePoint(safe);
        }
        return token.toString();
    }

    /**
     * {@code ops.clusters.{cluster}.namespaces.{namespace}.{type}.{name}.{observation}}, without the namespace when it
     * is {@code null} or empty (cluster-scoped objects).
     *
     * @param resourceTypePlural the resource's real plural, see {@link #plural}
     */
    public static String ofKubernetes(
            String cluster, String namespaceOrNull, String resourceTypePlural, String name, String observation) {
        boolean namespaced = namespaceOrNull != null && !namespaceOrNull.isEmpty();
        return inCluster(
                cluster,
                (namespaced ? "namespaces." + token(namespaceOrNull) + "." : "") + token(resourceTypePlural) + "."
                        + token(name) + "." + token(observation));
    }

    /** {@code ops.clusters.{cluster}.{tokens}}. @param tokens as they are, see {@link #unpublishable} */
    public static String inCluster(String cluster, String tokens) {
        return CLUSTERS + token(cluster) + "." + tokens;
    }

    /** The token of the cluster that a subject names; empty when it names none. */
    public static Optional<String> cluster(String subject) {
        return subject.startsWith(CLUSTERS) ? Optional.of(tokens(subject)[2]) : Optional.empty();
    }

    /** Whether the subject, perhaps a pattern, is one of operations events: below {@code ops}. */
    public static boolean isOps(String subject) {
        return subject.startsWith(OPS);
    }

    /** {@code ops.notifications.providers.{provider}.channels.{channel}.severities.{severity}}. */
    public static String ofNotification(String provider, String channel, String severity) {
        return OPS + "notifications.providers." + token(provider)
                + ".channels." + token(channel)
                + ".severities." + token(severity);
    }

    /**
     * The lower-case plural of a Kubernetes kind, as in the URL of its API: {@code NetworkPolicy} →
     * {@code networkpolicies}.
     */
    public static String plural(String kind) {
        String singular = kind.toLowerCase(Locale.ROOT);
        if (IRREGULAR_PLURALS.containsKey(singular)) {
            return IRREGULAR_PLURALS.get(singular);
        }
        if (singular.matches(".*(s|x|ch|sh)")) {
            return singular + "es";
        }
        if (singular.matches(".*[^aeiou]y")) {
            return singular.substring(0, singular.length() - 1) + "ies";
        }
        return singular + "s";
    }

    /**
     * The singular of a plural found in a subject; the original's kind + "s" as well ({@code ingresss} → {@code ingre},
     * as there).
     */
    static String singular(String plural) {
        if (IRREGULAR_PLURALS.containsKey(plural) && !plural.equals("eventhooks")) {
            return plural;
        }
        if (plural.endsWith("sses") || plural.endsWith("statuses")) {
            return plural.substring(0, plural.length() - 2);
        }
        if (plural.endsWith("ies")) {
            return plural.substring(0, plural.length() - 3) + "y";
        }
        return plural.replaceFirst("s+$", "");
    }

    /**
     * Whether a subscription to {@code pattern} gets what is published on {@code subject}: {@code *} is one token, a
     * last {@code >} one or more.
     */
    public static boolean matches(String pattern, String subject) {
        String[] patterns = tokens(pattern);
        String[] tokens = tokens(subject);
        for (int i = 0; i < patterns.length; i++) {
            if (i >= tokens.length) {
                return false;
            }
            if (patterns[i].equals(">")) {
                return i == patterns.length - 1;
            }
            if (!patterns[i].equals("*") && !patterns[i].equals(tokens[i])) {
                return false;
            }
        }
        return patterns.length == tokens.length;
    }

    /** Whether the subject can be published to: no empty token, wildcard, white space or control character. */
    public static boolean isConcrete(String subject) {
        return subject != null
                && !hasEmptyToken(subject)
                && subject.codePoints().allMatch(c -> isAllowed(c) && !isWildcard(c));
    }

    /**
     * Why a subscription to {@code pattern} can never get an event of {@code ops.>}, and how to write it; empty when it
     * can.
     */
    public static Optional<String> problem(String pattern) {
        if (pattern == null || pattern.isEmpty()) {
            return Optional.of("is empty; write a subject such as ops.clusters.*.nodes.*.events");
        }
        Optional<String> malformed = malformed(pattern);
        if (malformed.isPresent()) {
            return malformed;
        }
        String[] tokens = tokens(pattern);
        for (int i = 0; i < tokens.length - 1; i++) {
            if (tokens[i].equals(">")) {
                return Optional.of("\"" + pattern
                        + "\" has > before its end; > stands for all the rest and comes last, * stands for one token");
            }
        }
        String first = tokens[0].toLowerCase(Locale.ROOT);
        if (!first.equals("ops") && !first.equals("*") && !first.equals(">")) {
            return Optional.of(
                    "\"" + pattern + "\" is not below ops; every event's subject starts with ops., such as ops."
                            + pattern.toLowerCase(Locale.ROOT));
        }
        if (tokens.length == 1 && !first.equals(">")) {
            return Optional.of(
                    "\"" + pattern + "\" is one token and no event has so short a subject; write ops.> for all events");
        }
        return tooLong(pattern);
    }

    /** Why no event can be published to {@code subject}, and how to write it; empty when one can. */
    public static Optional<String> unpublishable(String subject) {
        Optional<String> malformed = malformed(subject);
        if (malformed.isPresent()) {
            return malformed;
        }
        if (subject.codePoints().anyMatch(Subject::isWildcard)) {
            return Optional.of("\"" + subject
                    + "\" has a wildcard, and an event is published to one subject; write a name for each * and >");
        }
        if (!isOps(subject)) {
            return Optional.of("\"" + subject + "\" is not below ops; every event's subject starts with ops.");
        }
        return tooLong(subject);
    }

    /** NATS closes the connection of who sends a protocol line above 4 kB, and with it everybody's. */
    private static Optional<String> tooLong(String subject) {
        int bytes = subject.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= MAX_SUBJECT_BYTES
                ? Optional.empty()
                : Optional.of("\"" + subject.substring(0, 40) + "…\" has " + bytes + " bytes; a subject has "
                        + MAX_SUBJECT_BYTES + " at most");
    }

    /**
     * What is wrong with a subject's form whether one subscribes or publishes; wildcards that are whole tokens are
     * fine.
     */
    static Optional<String> malformed(String subject) {
        if (!subject.codePoints().allMatch(Subject::isAllowed)) {
            return Optional.of("\"" + visible(subject)
                    + "\" has white space or a control character, which NATS does not allow in a subject; remove it");
        }
        if (hasEmptyToken(subject)) {
            return Optional.of(
                    "\"" + subject + "\" has an empty token; remove the superfluous dot, or write * for any one token");
        }
        for (String token : tokens(subject)) {
            if (token.length() > 1 && token.codePoints().anyMatch(Subject::isWildcard)) {
                return Optional.of("\"" + token
                        + "\" is only partly a wildcard, which NATS takes literally; write * for the whole token"
                        + " and select by a keyword");
            }
        }
        return Optional.empty();
    }

    static String[] tokens(String subject) {
        return subject.split("\\.", -1);
    }

    private static boolean hasEmptyToken(String subject) {
        return subject.isEmpty() || subject.startsWith(".") || subject.endsWith(".") || subject.contains("..");
    }

    private static boolean isWildcard(int codePoint) {
        return codePoint == '*' || codePoint == '>';
    }

    private static boolean isAllowed(int codePoint) {
        return !Character.isWhitespace(codePoint)
                && !Character.isSpaceChar(codePoint)
                && !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.SURROGATE;
    }

    private static String visible(String subject) {
        StringBuilder visible = new StringBuilder();
        subject.codePoints().forEach(c -> {
            if (isAllowed(c) || c == ' ') {
                visible.appendCodePoint(c);
            } else {
                visible.append(String.format("\\u%04x", c));
            }
        });
        return visible.toString();
    }
}
