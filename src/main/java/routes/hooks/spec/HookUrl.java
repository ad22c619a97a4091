package routes.hooks.spec;

import java.util.Optional;
import routes.event.ForwardTarget;
import routes.hooks.http.EgressRule;

/** What {@code spec.url} must look like, by the kind of url that the type wants. */
public final class HookUrl {

    private HookUrl() {}

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
            case HTTP -> HttpForm.problem(url);
            case SUBJECT -> ForwardTarget.problem(url);
            case ENDPOINT -> endpointProblem(url, rules, isFile);
        };
    }

    /** Why this installation does not let the hook send there, as far as can be told from what is written. */
    public static Optional<String> forbidden(EventHook hook, EgressRule egress) {
        return egress.problem(
                hook.author(), HttpForm.withoutGaps(hook.url()), hook.options().getOrDefault(HttpOptions.PROXY, ""));
    }

    private static Optional<String> endpointProblem(String url, EndpointRules rules, boolean isFile) {
        try {
            HookEndpoint.read(url, rules, isFile);
            return Optional.empty();
        } catch (HookEndpoint.Refused e) {
            return Optional.of(e.getMessage());
        }
    }
}
