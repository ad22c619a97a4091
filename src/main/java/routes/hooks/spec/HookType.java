package routes.hooks.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * What a hook's {@code type} stands for: the definition part of a Kamelet (camel.apache.org/v1).
 *
 * @param url what {@code spec.url} is for this type: annotation {@code opsbus.io/url}, {@code http} if absent
 * @param properties by name, in the Kamelet's order; without {@code url} and {@code additional} they are the options
 * @param parameters names the Kamelet's template refers to as <code>{{name}}</code>: they must be given as Kamelet
 *     parameters, all else reaches the template as variables
 */
public record HookType(String name, UrlKind url, Map<String, Property> properties, Set<String> parameters) {

    public enum UrlKind {
        HTTP,
        SUBJECT,
        ENDPOINT
    }

    /**
     * @param type of JSON schema: string, boolean, integer, …
     * @param defaultValue null when there is none
     * @param allowed the values of {@code enum}; empty when any value will do
     */
    public record Property(String name, String type, String defaultValue, List<String> allowed, boolean required) {

        boolean mustBeGiven() {
            return required && defaultValue == null;
        }

        /** What is wrong with a value and which would do. */
        Optional<String> problem(String value) {
            if (!allowed.isEmpty() && !allowed.contains(value)) {
                return Optional.of("`" + value + "` is unknown; " + Suggestion.among(allowed, value));
            }
            if (type.equals("boolean") && !value.equals("true") && !value.equals("false")) {
                return Optional.of("`" + value + "` is not a boolean; write true or false");
            }
            if (type.equals("integer") && !value.matches("[-+]?[0-9]{1,18}")) {
                return Optional.of("`" + value + "` is not a whole number; write for example 10");
            }
            return Optional.empty();
        }
    }

    private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\??([A-Za-z_][A-Za-z0-9_.-]*)(?::[^}]*)?}}");
    private static final Set<String> NOT_OPTIONS = Set.of("url", "additional");

    /** What a hook of this type may write under {@code options}. */
    public Set<String> options() {
        Set<String> options = new TreeSet<>(properties.keySet());
        options.removeAll(NOT_OPTIONS);
        return options;
    }

    static Optional<HookType> read(Node document, Problems problems) {
        if (!(document instanceof MappingNode root)) {
            problems.add(document, "", Fields.kindOf(document) + ", not a Kamelet");
            return Optional.empty();
        }
        Fields kamelet = new Fields(root, "", problems);
        if (!kamelet.string("kind").filter("Kamelet"::equals).isPresent()) {
            kamelet.report("kind", "a hook type is of kind: Kamelet");
            return Optional.empty();
        }
        Optional<Fields> metadata = kamelet.mapping("metadata");
        Optional<Fields> spec = kamelet.mapping("spec");
        Optional<String> typeName = metadata.flatMap(fields -> fields.required("name", "my-chat"));
        Optional<Fields> definition = spec.flatMap(fields -> fields.mapping("definition"));
        if (typeName.isEmpty()
                || definition.isEmpty()
                || spec.get().value("template").isEmpty()) {
            problems.add(document, "", "a hook type needs metadata.name, spec.definition and spec.template");
            return Optional.empty();
        }
        UrlKind url =
                metadata.get().mapping("annotations").map(HookType::urlKind).orElse(UrlKind.HTTP);
        Set<String> parameters = new TreeSet<>();
        collectReferences(spec.get().at("template"), parameters, new HashSet<>());
        Map<String, Property> properties = properties(definition.get());
        parameters.removeIf(name -> !properties.containsKey(name) && !NOT_OPTIONS.contains(name));
        return problems.isEmpty()
                ? Optional.of(new HookType(typeName.get(), url, properties, parameters))
                : Optional.empty();
    }

    private static UrlKind urlKind(Fields annotations) {
        String written = annotations.string("opsbus.io/url").orElse("http");
        for (UrlKind kind : UrlKind.values()) {
            if (kind.name().equalsIgnoreCase(written)) {
                return kind;
            }
        }
        annotations.report("opsbus.io/url", "must be http, subject or endpoint");
        return UrlKind.HTTP;
    }

    private static Map<String, Property> properties(Fields definition) {
        Map<String, Property> properties = new LinkedHashMap<>();
        List<String> required = definition.strings("required").orElse(List.of());
        definition
                .mapping("properties")
                .ifPresent(all -> all.keys()
                        .forEach(name -> all.mapping(name)
                                .ifPresent(one -> properties.put(
                                        name,
                                        new Property(
                                                name,
                                                one.string("type").orElse("string"),
                                                one.value("default")
                                                        .map(HookType::text)
                                                        .orElse(null),
                                                allowed(one),
                                                required.contains(name))))));
        return properties;
    }

    private static List<String> allowed(Fields property) {
        return property.value("enum")
                .filter(SequenceNode.class::isInstance)
                .map(SequenceNode.class::cast)
                .map(list -> list.getValue().stream().map(HookType::text).toList())
                .orElse(List.of());
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** @param seen nodes already walked: an alias may lead back to its own anchor */
    private static void collectReferences(Node node, Set<String> names, Set<Node> seen) {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof ScalarNode scalar) {
            REFERENCE.matcher(scalar.getValue()).results().forEach(found -> names.add(found.group(1)));
        } else {
            children(node).forEach(child -> collectReferences(child, names, seen));
        }
    }

    private static List<Node> children(Node node) {
        if (node instanceof SequenceNode list) {
            return list.getValue();
        }
        List<Node> children = new ArrayList<>();
        ((MappingNode) node).getValue().forEach(entry -> {
            children.add(entry.getKeyNode());
            children.add(entry.getValueNode());
        });
        return children;
    }
}
