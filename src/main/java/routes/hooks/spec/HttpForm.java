package routes.hooks.spec;

import java.util.Optional;
import java.util.regex.Pattern;
import routes.net.HttpUrl;

/** How a url of HTTP may be written in a hook: some have gaps, which are filled in later. */
final class HttpForm {

    /** Filled in by the time of the event when a request is made (type elasticsearch), and no part of a URI. */
    private static final Pattern DATE = Pattern.compile("\\{(date|YYYY([.-]?MM([.-]?DD)?)?)}");
    /** {@code http://x.x.x.x:x/}, as the original's examples have it: deployed first and filled in later. */
    private static final Pattern PORT_TO_COME = Pattern.compile("^(https?://[^/?#]+):x(?=[/?#]|$)");

    private HttpForm() {}

    /** Why nothing can be sent there, and how to write it; empty when something can. */
    static Optional<String> problem(String url) {
        try {
            HttpUrl.parse(withoutGaps(url));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** With something in its gaps. */
    static String withoutGaps(String url) {
        String dated =
                DATE.matcher(url).replaceAll(date -> "0".repeat(date.group().length()));
        return PORT_TO_COME.matcher(dated).replaceFirst("$1:1");
    }
}
