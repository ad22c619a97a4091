package routes.hooks;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;
import routes.event.ForwardTarget;

/** What {@code spec.url} must look like, by the kind of url that the type wants. */
final class HookUrl {

    /** Filled in by the time of the event when a request is made (type elasticsearch), and no part of a URI. */
    private static final Pattern DATE = Pattern.compile("\\{(date|YYYY([.-]?MM([.-]?DD)?)?)}");
    private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:\\S.*");

    private HookUrl() {
    }

    static String example(HookType type) {
        return switch (type.url()) {
            case HTTP -> "https://example.com/hook";
            case SUBJECT -> "ops.clusters.*.nodes.*.alerts";
            case ENDPOINT -> "log:incidents";
        };
    }

    static Optional<String> problem(HookType type, String url) {
        return switch (type.url()) {
            case HTTP -> httpProblem(url);
            case SUBJECT -> ForwardTarget.problem(url);
            case ENDPOINT -> ENDPOINT.matcher(url).matches() ? Optional.empty()
                    : Optional.of("is not a Camel endpoint; write for example " + example(type));
        };
    }

    private static Optional<String> httpProblem(String url) {
        try {
            URI uri = new URI(DATE.matcher(url).replaceAll(date -> "0".repeat(date.group().length())));
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!http || uri.getRawAuthority() == null) {
                return Optional.of("is not an http or https url; write for example https://example.com/hook");
            }
            return uri.getPort() <= 65_535 ? Optional.empty()
                    : Optional.of("has the port " + uri.getPort() + "; ports end at 65535");
        } catch (URISyntaxException e) {
            // not e.getInput(): the query of such urls holds keys, and this is printed
            return Optional.of("is not a url: " + e.getReason() + " at character " + (e.getIndex() + 1)
                    + "; write it percent-encoded");
        }
    }
}
