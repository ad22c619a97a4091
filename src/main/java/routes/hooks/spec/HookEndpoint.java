package routes.hooks.spec;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.component.http.HttpEndpointUriFactory;

/**
 * The {@code spec.url} of a hook whose type sends to a Camel endpoint ({@code opsbus.io/url: endpoint}), taken apart.
 * It is the one place that turns what an author wrote into an address for Camel, and it knows only letters, digits and
 * a few signs that mean nothing there: no reference ({@code #class:}), property, placeholder, expression,
 * {@code RAW()}, {@code %}, nor a second {@code ?} or {@code &} can come through. Which of the addresses that can be
 * written may be used is a table of components, their paths and their parameters.
 *
 * @param component lower case
 * @param path without leading slashes; for http and https the whole url, which goes as a variable to route http-post
 *     and is never Camel's to read
 * @param parameters none for http and https
 */
public record HookEndpoint(String component, String path, Map<String, String> parameters) {

    /** The url is not an endpoint that a hook may have; the message says which is. */
    public static final class Refused extends Exception {
        private Refused(String message) {
            super(message);
        }
    }

    /**
     * What may follow a component's colon.
     *
     * @param pathForm the path in words
     * @param fixed parameters that every such endpoint has
     */
    private record Allowed(Pattern path, String pathForm, Map<String, Pattern> parameters, Map<String, String> fixed) {}

    private static final Pattern BOOLEAN = Pattern.compile("true|false");

    private static final Map<String, Allowed> TABLE = Map.of(
            "log",
                    new Allowed(
                            Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*"),
                            "a name, as in log:incidents",
                            Map.of(
                                    "level",
                                    Pattern.compile("TRACE|DEBUG|INFO|WARN|ERROR"),
                                    "showHeaders",
                                    BOOLEAN,
                                    "showBody",
                                    BOOLEAN,
                                    "showBodyType",
                                    BOOLEAN,
                                    "maxChars",
                                    Pattern.compile("[0-9]{1,6}")),
                            Map.of()),
            "nats",
                    new Allowed(
                            Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*"),
                            "a subject without wildcards, as in nats:audit.nodes",
                            Map.of("jetstreamEnabled", BOOLEAN),
                            Map.of()),
            // only what was made for hooks: opsbus' own routes are direct: too. A hook whose route is not there must
            // not wait for it
            "direct",
                    new Allowed(
                            Pattern.compile("hooks(\\.[A-Za-z0-9_-]+)+"),
                            "hooks.NAME, and a route of a file that begins with from: direct:hooks.NAME",
                            Map.of(),
                            Map.of("block", "false")));

    /** A component that an operator added: no parameters, and files only. */
    private static final Allowed ADDED =
            new Allowed(Pattern.compile("[A-Za-z0-9._/:@-]+"), "letters, digits and . _ / : @ -", Map.of(), Map.of());

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(//)?([^?]+)(?:\\?(.*))?", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("([A-Za-z]+)=([A-Za-z0-9]+)");
    private static final Set<String> OWN_SUBJECTS = Set.of("ops", "opsbus", "_inbox");
    private static final Set<String> HTTP = Set.of("http", "https");
    private static final String HTTP_DOOR = "direct:http-post";

    public HookEndpoint {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads what an author wrote.
     *
     * @param isFile whether the operator is the author, and not that of a custom resource
     */
    static HookEndpoint read(String url, EndpointRules rules, boolean isFile) throws Refused {
        HookEndpoint endpoint = parse(url);
        if (!rules.camelComponents().contains(endpoint.component)) {
            throw new Refused(
                    "uses the Camel component " + endpoint.component + ", which is not allowed here; allowed are "
                            + String.join(", ", new TreeSet<>(rules.camelComponents()))
                            + " (property opsbus.hooks.camel-components)");
        }
        if (!isFile && !HTTP.contains(endpoint.component) && !TABLE.containsKey(endpoint.component)) {
            throw new Refused("uses the Camel component " + endpoint.component
                    + ", which is for files only; allowed in a custom resource are http, https, "
                    + String.join(", ", new TreeSet<>(TABLE.keySet())));
        }
        if (endpoint.component.equals("nats")) {
            endpoint.requireAllowedSubject(rules.natsSubjects());
        }
        return endpoint;
    }

    /** As {@link #read}, for a url that was read before. */
    public static HookEndpoint parse(String url) throws Refused {
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            throw new Refused("is not a Camel endpoint; write component:name, for example log:incidents");
        }
        String component = form.group(1).toLowerCase(Locale.ROOT);
        if (HTTP.contains(component)) {
            return http(component, url);
        }
        Allowed allowed = TABLE.getOrDefault(component, ADDED);
        if (!allowed.path.matcher(form.group(3)).matches()) {
            throw new Refused("must have, after " + component + ":, " + allowed.pathForm);
        }
        return new HookEndpoint(
                component,
                form.group(3),
                form.group(4) == null ? Map.of() : parameters(component, allowed, form.group(4)));
    }

    private static HookEndpoint http(String component, String url) throws Refused {
        Optional<String> problem = HttpForm.problem(url);
        if (problem.isPresent()) {
            throw new Refused(problem.get());
        }
        Set<String> options = new HttpEndpointUriFactory().propertyNames();
        int query = url.indexOf('?');
        for (String parameter :
                query < 0 ? new String[0] : url.substring(query + 1).split("[&;#]")) {
            String name = parameter.replaceFirst("=.*", "");
            if (options.contains(name) || name.startsWith("httpClient.") || name.startsWith("httpConnection.")) {
                throw new Refused("sets " + name
                        + ", an option of Camel's http component, which a hook can't set: it is sent as by type webhook. "
                        + "Leave it out, or send to direct:hooks.NAME and set it in a Camel route of hooks/");
            }
        }
        return new HookEndpoint(component, url, Map.of());
    }

    private static Map<String, String> parameters(String component, Allowed allowed, String query) throws Refused {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String written : query.split("&", -1)) {
            Matcher parameter = PARAMETER.matcher(written);
            boolean known = parameter.matches()
                    && allowed.parameters.containsKey(parameter.group(1))
                    && allowed.parameters
                            .get(parameter.group(1))
                            .matcher(parameter.group(2))
                            .matches();
            if (!known || parameters.put(parameter.group(1), parameter.group(2)) != null) {
                // not what was written: it may hold a key
                throw new Refused("has a parameter that a hook can't set; "
                        + (allowed.parameters.isEmpty()
                                ? component + ": takes none"
                                : component + ": takes, each once, "
                                        + new TreeMap<>(allowed.parameters)
                                                .entrySet().stream()
                                                        .map(one -> one.getKey() + "="
                                                                + one.getValue()
                                                                        .pattern()
                                                                        .replace("[0-9]{1,6}", "NUMBER"))
                                                        .collect(Collectors.joining(", "))));
            }
        }
        return parameters;
    }

    /**
     * Each component's first token may be somebody's; opsbus' own and the server's are nobody's, whatever the operator
     * wrote.
     */
    private void requireAllowedSubject(Set<String> prefixes) throws Refused {
        String first = path.replaceFirst("\\..*", "").toLowerCase(Locale.ROOT);
        if (OWN_SUBJECTS.contains(first)) {
            throw new Refused("is a subject of opsbus or of NATS itself; to publish an event on ops.… use type: event");
        }
        if (prefixes.stream().noneMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "."))) {
            throw new Refused("is a subject that hooks may not publish on; "
                    + (prefixes.isEmpty()
                            ? "none is allowed here"
                            : "allowed are those below " + String.join(", ", new TreeSet<>(prefixes)))
                    + " (property opsbus.hooks.nats-subjects)");
        }
    }

    /** The address for Camel. */
    public String uri() {
        if (HTTP.contains(component)) {
            return HTTP_DOOR;
        }
        Map<String, String> all = new TreeMap<>(parameters);
        all.putAll(TABLE.getOrDefault(component, ADDED).fixed);
        return component + ":" + path
                + (all.isEmpty()
                        ? ""
                        : all.entrySet().stream()
                                .map(one -> one.getKey() + "=" + one.getValue())
                                .collect(Collectors.joining("&", "?", "")));
    }
}
