package routes.event;

import java.util.Locale;
import java.util.Optional;

/**
 * The {@code url} of a hook of {@code type: event}: where it publishes, seen from the subject of the event it handles.
 * Three forms, as in the original:
 *
 * <ul>
 *   <li>with {@code *}: a walk over both; {@code ops.clusters.*.nodes.*.alerts} takes cluster and node from the source;
 *   <li>without, below {@code ops.}: the subject itself;
 *   <li>anything else replaces the source's last token: {@code alerts}.
 * </ul>
 */
public final class ForwardTarget {

    private ForwardTarget() {}

    /**
     * The target subject, lower case. Publish to it only when {@link Subject#isConcrete}: a source with fewer tokens
     * than the url has wildcards leaves some of them standing.
     */
    public static String resolve(String url, String sourceSubject) {
        String target;
        if (url.contains("*") && !sourceSubject.isEmpty()) {
            target = fill(Subject.tokens(url), Subject.tokens(sourceSubject));
        } else if (!Subject.isOps(url)) {
            target = sourceSubject.substring(0, sourceSubject.lastIndexOf('.') + 1) + url;
        } else {
            target = url;
        }
        return target.toLowerCase(Locale.ROOT);
    }

    /**
     * Each {@code *} takes the source's next token; a literal that equals the source's next token moves on there too.
     */
    private static String fill(String[] template, String[] source) {
        int next = 0;
        for (int i = 0; i < template.length && next < source.length; i++) {
            if (template[i].equals("*")) {
                template[i] = source[next++];
            } else if (template[i].equals(source[next])) {
                next++;
            }
        }
        return String.join(".", template);
    }

    /** Why no event can ever be published by this url, and how to write it; empty when one can. */
    public static Optional<String> problem(String url) {
        if (url == null || url.isEmpty()) {
            return Optional.of(
                    "is empty; write a subject such as ops.clusters.*.nodes.*.alerts, or the new last token, such as alerts");
        }
        if (url.contains("://")) {
            return Optional.of("\"" + url
                    + "\" is an address; type event publishes to a subject, such as ops.clusters.*.nodes.*.alerts");
        }
        Optional<String> malformed = Subject.malformed(url);
        if (malformed.isPresent()) {
            return malformed;
        }
        String[] tokens = Subject.tokens(url);
        for (String token : tokens) {
            if (token.equals(">")) {
                return Optional.of(
                        "\"" + url
                                + "\" has >, which can't be published to; write one * for each token to take from the event's subject");
            }
        }
        if (url.contains("*") && !tokens[0].equals("*") && !tokens[0].equalsIgnoreCase("ops")) {
            return Optional.of("\"" + url + "\" is not below ops; start it with ops.");
        }
        return Optional.empty();
    }
}
