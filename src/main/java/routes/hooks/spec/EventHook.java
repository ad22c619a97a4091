package routes.hooks.spec;

import java.util.Map;
import routes.hooks.http.Author;

/**
 * One valid hook: the {@code spec} of an {@code EventHooks} resource (crd.chenshaowen.com/v1) with its name.
 *
 * @param type name of a {@link HookType}
 * @param subject NATS pattern on {@code ops.>}, lower case
 * @param url what the type says it is: an HTTP url, a target subject, or a Camel endpoint
 * @param options values for the properties of the type; only those that were written
 * @param keywords never null
 * @param additional text appended to the message as it is; "" when there is none
 * @param paused deliveries wait until the hook is resumed
 */
public record EventHook(
        String namespace,
        String name,
        String type,
        String subject,
        String url,
        Map<String, String> options,
        Keywords keywords,
        String additional,
        boolean paused,
        Origin origin) {

    private static final String FORWARDING_TYPE = "event";

    public EventHook {
        options = Map.copyOf(options);
    }

    /** {@code namespace/name}: what identifies a hook, whether it comes from a file or from a resource. */
    public String id() {
        return id(namespace, name);
    }

    /** Whether it publishes the event again on another subject, which waits on no stranger's server. */
    public boolean forwards() {
        return type.equals(FORWARDING_TYPE);
    }

    public static String id(String namespace, String name) {
        return namespace + "/" + name;
    }

    public Author author() {
        return origin.isFile() ? Author.OPERATOR : Author.RESOURCE;
    }

    /** Whether the other does the same under the same name, wherever it was written. */
    public boolean sameAs(EventHook other) {
        return equals(other.at(origin));
    }

    private EventHook at(Origin elsewhere) {
        return new EventHook(namespace, name, type, subject, url, options, keywords, additional, paused, elsewhere);
    }
}
