package routes.hooks.spec;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * What an operator lets hooks reach through {@code type: camel} and other types whose url is an endpoint;
 * {@link HookEndpoint} says the rest.
 *
 * @param camelComponents schemes, such as {@code log}
 * @param natsSubjects prefixes of whole tokens: {@code audit} allows {@code nats:audit} and {@code nats:audit.a}; none:
 *     no {@code nats:}
 * @param resourceEndpoints whether custom resources may be of such a type, as files may
 */
@ConfigurationProperties("opsbus.hooks")
public record EndpointRules(
        @DefaultValue({"direct", "http", "https", "log", "nats"})
        Set<String> camelComponents,

        @DefaultValue Set<String> natsSubjects,
        @DefaultValue("false") boolean resourceEndpoints) {

    /** Of an installation where nothing is configured. */
    public static EndpointRules defaults() {
        return new Binder(new MapConfigurationPropertySource()).bindOrCreate("opsbus.hooks", EndpointRules.class);
    }
}
