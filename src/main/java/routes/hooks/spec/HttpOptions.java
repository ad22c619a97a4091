package routes.hooks.spec;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import routes.net.Proxy;

/**
 * The options that every type has whose url is an HTTP url, whatever its Kamelet: {@code proxy}, and headers, written
 * {@code header.X-Name: value} or below {@code header:}. They become the options, and so the variables, {@code proxy}
 * and {@code header.X-Name}.
 */
final class HttpOptions {

    static final String PROXY = "proxy";
    private static final String HEADER = "header";
    private static final String DOTTED = HEADER + ".";
    private static final int MOST_HEADERS = 32;
    private static final int LONGEST = 4_096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");
    /** What opsbus says of the delivery, what HTTP itself needs, and what is of one connection only. */
    private static final Pattern NOT_THE_AUTHORS =
            Pattern.compile("host|content-(type|length)|webhook-.*|opsbus-.*|camel.*|connection|keep-alive|te|trailer|"
                    + "transfer-encoding|upgrade|proxy-.*|expect|via|date|warning|pragma|cache-control");

    private final Fields options;
    private final Set<String> keys = new TreeSet<>();

    HttpOptions(Fields options, HookType type) {
        this.options = options;
        if (type.url() == HookType.UrlKind.HTTP) {
            keys.addAll(Set.of(PROXY, HEADER));
            options.keys().stream().filter(key -> key.startsWith(DOTTED)).forEach(keys::add);
            keys.removeAll(type.options());
        }
    }

    Set<String> keys() {
        return keys;
    }

    /** @param text reads the text of a key, reporting what is wrong with it */
    Map<String, String> read(BiFunction<Fields, String, Optional<String>> text) {
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (String key : keys) {
            if (key.equals(PROXY)) {
                text.apply(options, key).ifPresent(proxy -> proxy(proxy, values));
            } else if (key.equals(HEADER)) {
                options.mapping(HEADER)
                        .ifPresent(headers ->
                                headers.keys().forEach(name -> header(headers, name, name, text, taken, values)));
            } else {
                header(options, key, key.substring(DOTTED.length()), text, taken, values);
            }
        }
        if (taken.size() > MOST_HEADERS) {
            options.report(HEADER, "has " + taken.size() + " headers; write at most " + MOST_HEADERS);
        }
        return values;
    }

    private void proxy(String proxy, Map<String, String> values) {
        if (proxy.equals("none") || Proxy.parse(proxy).isPresent()) {
            values.put(PROXY, proxy);
        } else {
            options.report(PROXY, "is no proxy; write http://proxy.example.com:3128, or none to call directly");
        }
    }

    private static void header(
            Fields fields,
            String key,
            String name,
            BiFunction<Fields, String, Optional<String>> text,
            Set<String> taken,
            Map<String, String> values) {
        Optional<String> value = text.apply(fields, key);
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            fields.report(key, "is no name of a header; write letters, digits, - and _, at most 100");
        } else if (NOT_THE_AUTHORS.matcher(lower).matches()) {
            fields.report(key, "is a header that opsbus or the connection sets; choose another");
        } else if (!taken.add(lower)) {
            fields.report(key, "is a header that is already written; keep one");
        } else if (value.isPresent()
                && (value.get().length() > LONGEST
                        || !VALUE.matcher(value.get()).matches())) {
            fields.report(
                    key,
                    "is no value of a header; write printable ASCII without a line break, at most " + LONGEST
                            + " characters");
        } else {
            value.ifPresent(written -> values.put(DOTTED + name, written));
        }
    }

    /** The options among a hook's that are headers, by the name of their variable. */
    static Map<String, String> variables(Map<String, String> options) {
        Map<String, String> variables = new LinkedHashMap<>();
        options.forEach((name, value) -> {
            if (name.startsWith(DOTTED)) {
                variables.put(name, value);
            }
        });
        variables.put(PROXY, options.getOrDefault(PROXY, ""));
        return variables;
    }
}
