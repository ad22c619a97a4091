package routes.hooks.spec;

import java.util.Optional;
import java.util.regex.Pattern;
import routes.event.ForwardTarget;
import routes.hooks.http.EgressRule;
import routes.net.HttpUrl;

/** What {@code spec.url} must look like, by the kind of url that the type wants. */
public final class HookUrl {

    /** Filled in by the time of the event when a request is made (type elasticsearch), and no part of a URI. */
    private static final Pattern DATE = Pattern.compile("\\{(date|YYYY([.-]?MM([.-]?DD)?)?)}");
    /** {@code http://x.x.x.x:x/}, as the original's examples have it: deployed first and filled in later. */
    private static final Pattern PORT_TO_COME = Pattern.compile("^(https?://[^/?#]+):x(?=[/?#]|$)");

    private HookUrl() {
    }

    static String example(HookType type) {
        return switch (type.url()) {
            case HTTP -> "https://example.com/hook";
            case SUBJECT -> "ops.clusters.*.nodes.*.alerts";
            case ENDPOINT -> "log:incidents";
        };
    }

    /** @param isFile whether the operator wrote it, and not the author of a custom resource */
    static Optional<String> problem(HookType type, String url, EndpointRules rules, boolean isFile) {
        return switch (type.url()) {
            case HTTP -> httpProblem(url);
            case SUBJECT -> ForwardTarget.problem(url);
            case ENDPOINT -> endpointProblem(url, rules, isFile);
        };
    }

    /** Why this installation does not let the hook send there, as far as can be told from what is written. */
    public static Optional<String> forbidden(EventHook hook, EgressRule egress) {
        return egress.problem(hook.author(), withoutGaps(hook.url()), hook.options().getOrDefault(HttpOptions.PROXY, ""));
    }

    private static Optional<String> endpointProblem(String url, EndpointRules rules, boolean isFile) {
        try {
            HookEndpoint.read(url, rules, isFile);
            return Optional.empty();
        } catch (HookEndpoint.Refused e) {
            return Optional.of(e.getMessage());
        }
    }

    static Optional<String> httpProblem(String url) {
        try {
            HttpUrl.parse(withoutGaps(url));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static String withoutGaps(String url) {
        String dated = DATE.matcher(url).replaceAll(date -> "0".repeat(date.group().length()));
        return PORT_TO_COME.matcher(dated).replaceFirst("$1:1");
    }
}
