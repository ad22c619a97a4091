package routes.hooks.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Camel components that a hook of {@code type: camel} may use. Whoever may write a hook would otherwise reach files
 * and processes of this machine ({@code file:}, {@code exec:}).
 *
 * @param camelComponents schemes, such as {@code log}
 */
@ConfigurationProperties("opsbus.hooks")
public record CamelComponents(@DefaultValue({"direct", "http", "https", "log", "nats"}) Set<String> camelComponents) {

    /** Why an endpoint URI may not be used, and what may; empty when it may. */
    public Optional<String> problem(String uri) {
        int colon = uri.indexOf(':');
        if (colon <= 0) {
            return Optional.of("is not a Camel endpoint URI; write component:name, such as log:alerts");
        }
        String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!camelComponents.contains(scheme)) {
            return Optional.of("uses the Camel component " + scheme + ", which is not allowed here; allowed are "
                    + String.join(", ", new TreeSet<>(camelComponents)) + " (property opsbus.hooks.camel-components)");
        }
        return Optional.empty();
    }
}
