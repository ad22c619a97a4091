package routes.api.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.event.OpsEvent;
import routes.event.Subject;

/**
 * Which events a client wants, besides the subject pattern; a criterion that is null lets all pass. Object and names
 * are those in the data, else those in the subject, and compared in any case.
 *
 * @param kind kind of the object, singular or plural
 * @param type type in the data ({@code Normal}, {@code Warning}), else the CloudEvent's
 * @param text part of the readable text
 * @param observation last token of the subject: events, status, alerts, findings
 * @param forwarded false: only what happened, once; true: only what a hook of {@code type: event} published again for
 *     it
 */
public record EventFilter(
        String cluster,
        String namespace,
        String kind,
        String name,
        String reason,
        String type,
        String text,
        String observation,
        Boolean forwarded) {

    public static final EventFilter ALL = new EventFilter(null, null, null, null, null, null, null, null, null);

    /** From the query parameters of the same names. */
    public static EventFilter of(ApiRequest request) {
        return new EventFilter(
                request.query("cluster"),
                request.query("namespace"),
                request.query("kind"),
                request.query("name"),
                request.query("reason"),
                request.query("type"),
                request.query("text"),
                request.query("observation"),
                flag(request, "forwarded"));
    }

    private static Boolean flag(ApiRequest request, String name) {
        String value = request.query(name);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw ApiException.bad("query parameter " + name + " is \"" + value + "\"; write true or false");
        }
        return value == null ? null : Boolean.valueOf(value);
    }

    /**
     * The pattern of a request as NATS takes it for stream {@code ops}: lower case as all subjects are, and below
     * {@code ops} also when it starts with a wildcard.
     *
     * @throws ApiException when no event can be on it
     */
    public static String pattern(String pattern) {
        Subject.problem(pattern).ifPresent(problem -> {
            throw ApiException.bad("subject pattern " + problem);
        });
        return pattern.equals(">") ? "ops.>" : pattern.toLowerCase(Locale.ROOT).replaceFirst("^\\*", "ops");
    }

    public boolean isAll() {
        return equals(ALL);
    }

    public boolean matches(OpsEvent event) {
        if (isAll()) {
            return true;
        }
        JsonNode data = event.data();
        JsonNode regarding = data.path("regarding");
        String[] tokens = event.subject().split("\\.");
        return same(cluster, event.cluster(), after(tokens, "clusters"))
                && same(namespace, text(regarding, "namespace"), after(tokens, "namespaces"))
                && (kind == null || isKind(text(regarding, "kind"), tokens))
                && same(name, text(regarding, "name"), tokens.length > 1 ? tokens[tokens.length - 2] : null)
                && (observation == null || observation.equalsIgnoreCase(tokens[tokens.length - 1]))
                && (forwarded == null || forwarded == !event.passedHooks().isEmpty())
                && same(reason, text(data, "reason"), null)
                && same(type, text(data, "type"), event.type())
                && (text == null || event.text().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)));
    }

    private boolean isKind(String kindInData, String[] tokens) {
        String wanted = kind.toLowerCase(Locale.ROOT);
        String plural =
                kindInData != null ? Subject.plural(kindInData) : tokens.length > 2 ? tokens[tokens.length - 3] : "";
        return wanted.equals(plural) || Subject.plural(wanted).equals(plural);
    }

    private static boolean same(String wanted, String inData, String inSubject) {
        return wanted == null
                || wanted.equalsIgnoreCase(inData)
                || inData == null
                        && inSubject != null
                        && (wanted.equalsIgnoreCase(inSubject)
                                || Subject.token(wanted).equals(inSubject));
    }

    /** The token after a label, or null. */
    private static String after(String[] tokens, String label) {
        for (int i = 1; i < tokens.length - 1; i++) {
            if (tokens[i].equals(label)) {
                return tokens[i + 1];
            }
        }
        return null;
    }

    private static String text(JsonNode parent, String name) {
        return parent.path(name).isTextual() ? parent.path(name).textValue() : null;
    }
}
