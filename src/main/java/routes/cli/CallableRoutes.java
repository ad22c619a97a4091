package routes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookEndpoint;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookType;
import routes.hooks.spec.HookTypes;

/**
 * What hooks can call in some files: plain Camel routes that begin with {@code from: direct:NAME}.
 *
 * @param names in order
 */
record CallableRoutes(Set<String> names) {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String DIRECT = "direct";

    /** @param texts YAML; what can't be read holds none, and is told of elsewhere */
    static CallableRoutes in(Collection<String> texts) {
        Set<String> names = new TreeSet<>();
        for (String text : texts) {
            try (MappingIterator<JsonNode> documents =
                    YAML.readerFor(JsonNode.class).readValues(text)) {
                while (documents.hasNextValue()) {
                    documents.nextValue().findValues("from").forEach(from -> names.add(name(from)));
                }
            } catch (IOException e) {
                // then it holds none
            }
        }
        return new CallableRoutes(names);
    }

    /** Both ways of the DSL: {@code direct:name}, and {@code direct} with its parameters. */
    private static String name(JsonNode from) {
        String uri = from.isTextual() ? from.asText() : from.path("uri").asText();
        return uri.equals(DIRECT)
                ? from.at("/parameters/name").asText()
                : uri.replaceFirst("^" + DIRECT + ":(//)?([^?]*).*", "$2");
    }

    /** Why this hook calls nobody: its deliveries would fail until somebody writes the route. */
    Optional<HookProblem> problem(EventHook hook, HookTypes types) {
        try {
            if (types.find(hook.type())
                    .filter(type -> type.url() == HookType.UrlKind.ENDPOINT)
                    .isEmpty()) {
                return Optional.empty();
            }
            HookEndpoint endpoint = HookEndpoint.parse(hook.url());
            if (!endpoint.component().equals(DIRECT) || names.contains(endpoint.path())) {
                return Optional.empty();
            }
            return Optional.of(
                    new HookProblem(
                            hook.origin(),
                            hook.id(),
                            "spec.url: no route of these files begins with from: direct:" + endpoint.path()
                                    + ", so nobody takes what the hook sends; write the route in a file beside it, or mend the name"));
        } catch (HookEndpoint.Refused e) {
            return Optional.empty(); // it was refused when it was read
        }
    }
}
