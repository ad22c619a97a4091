package routes.hooks.sources;

import static org.apache.camel.dsl.yaml.common.YamlDeserializerSupport.asText;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import routes.hooks.spec.Suggestion;

/**
 * A file of Camel's that is a resource of Kubernetes: {@code kind: Integration} or {@code kind: Pipe}, as Camel K and
 * {@code camel} of JBang export them.
 */
final class CamelResource {

    private static final String API = "camel.apache.org/v1";
    private static final Set<String> ROOT = new TreeSet<>(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    private static final Set<String> OPERATORS = new TreeSet<>(Set.of(
            "configuration",
            "dependencies",
            "integrationKit",
            "profile",
            "replicas",
            "repositories",
            "serviceAccountName",
            "template",
            "traits",
            "integration"));
    private static final Set<String> ENDPOINT = new TreeSet<>(Set.of("ref", "uri", "properties", "dataTypes", "types"));
    private static final Set<String> REFERENCE = new TreeSet<>(Set.of("apiVersion", "kind", "name", "namespace"));
    private static final Set<String> REFERRED =
            new TreeSet<>(Set.of("Kamelet", "KafkaTopic", "Broker", "Channel", "InMemoryChannel"));

    private CamelResource() {}

    /**
     * The list of an Integration, or the Pipe itself.
     *
     * @param ignored gets what only Camel K's operator could do
     */
    static Node flows(MappingNode document, List<String> ignored) {
        String kind = text(document, "kind");
        if ("KameletBinding".equals(kind)) {
            throw new YamlDeserializationException(
                    document,
                    "kind: KameletBinding is the old name of Pipe; write apiVersion: " + API + " and kind: Pipe");
        }
        if (!"Integration".equals(kind) && !"Pipe".equals(kind)) {
            throw new YamlDeserializationException(
                    document, "holds neither a list of Camel's nor kind: Integration or kind: Pipe");
        }
        String version = text(document, "apiVersion");
        if (!API.equals(version)) {
            throw new YamlDeserializationException(
                    document,
                    "apiVersion: " + (version == null ? "is required" : "is " + version) + "; write apiVersion: "
                            + API);
        }
        allowOnly(document, "", ROOT);
        if (at(document, "metadata") instanceof MappingNode metadata
                && at(metadata, "annotations") instanceof MappingNode annotations) {
            keys(annotations).stream()
                    .filter(key -> key.startsWith("trait.camel.apache.org/"))
                    .forEach(ignored::add);
        }
        if (!(at(document, "spec") instanceof MappingNode spec)) {
            throw new YamlDeserializationException(document, "spec: is required");
        }
        OPERATORS.stream().filter(keys(spec)::contains).map("spec."::concat).forEach(ignored::add);
        return kind.equals("Pipe") ? pipe(document, spec) : integration(spec);
    }

    private static Node integration(MappingNode spec) {
        if (at(spec, "sources") instanceof SequenceNode sources
                && !sources.getValue().isEmpty()) {
            throw new YamlDeserializationException(
                    sources, "spec.sources: source code is not run here; write its routes in YAML under spec.flows");
        }
        allowOnly(spec, "spec.", with(OPERATORS, "flows", "sources"));
        Node flows = at(spec, "flows");
        if (flows == null) {
            throw new YamlDeserializationException(
                    spec, "spec.flows: is required, a list of Camel's elements, for example - route:");
        }
        return list(flows, "spec.flows");
    }

    private static Node pipe(MappingNode document, MappingNode spec) {
        allowOnly(spec, "spec.", with(OPERATORS, "errorHandler", "sink", "source", "steps"));
        for (String end : List.of("source", "sink")) {
            if (at(spec, end) == null) {
                throw new YamlDeserializationException(spec, "spec." + end + ": is required, with a uri or a ref");
            }
            endpoint(at(spec, end), "spec." + end);
        }
        Node steps = at(spec, "steps");
        if (steps != null) {
            List<Node> all = list(steps, "spec.steps").getValue();
            for (int i = 0; i < all.size(); i++) {
                endpoint(all.get(i), "spec.steps[" + i + "]");
            }
        }
        if (at(spec, "errorHandler") instanceof MappingNode handler) {
            allowOnly(handler, "spec.errorHandler.", Set.of("log", "none", "sink"));
        }
        return document;
    }

    private static void endpoint(Node node, String path) {
        if (!(node instanceof MappingNode endpoint)) {
            throw new YamlDeserializationException(node, path + ": needs a uri or a ref");
        }
        allowOnly(endpoint, path + ".", ENDPOINT);
        if ((at(endpoint, "ref") == null) == (at(endpoint, "uri") == null)) {
            throw new YamlDeserializationException(node, path + ": needs a uri or a ref, and not both");
        }
        if (at(endpoint, "ref") instanceof MappingNode ref) {
            allowOnly(ref, path + ".ref.", REFERENCE);
            String kind = text(ref, "kind");
            if (text(ref, "name") == null || !REFERRED.contains(String.valueOf(kind))) {
                throw new YamlDeserializationException(
                        ref,
                        path + ".ref: "
                                + (text(ref, "name") == null
                                        ? "needs a name"
                                        : "kind: " + unknown(String.valueOf(kind), REFERRED)));
            }
        }
    }

    static SequenceNode list(Node node, String path) {
        if (!(node instanceof SequenceNode list)) {
            throw new YamlDeserializationException(
                    node, (path.isEmpty() ? "" : path + ": ") + "is not a list; each entry begins with -");
        }
        return list;
    }

    private static void allowOnly(MappingNode mapping, String path, Set<String> known) {
        for (NodeTuple entry : mapping.getValue()) {
            String key = asText(entry.getKeyNode());
            if (!known.contains(key)) {
                throw new YamlDeserializationException(entry.getKeyNode(), path + unknown(key, known));
            }
        }
    }

    static String unknown(String name, Set<String> known) {
        return name + ": is unknown; " + Suggestion.among(known, name);
    }

    private static Set<String> with(Set<String> some, String... more) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(Set.of(more));
        return all;
    }

    private static List<String> keys(MappingNode mapping) {
        return mapping.getValue().stream()
                .map(entry -> asText(entry.getKeyNode()))
                .toList();
    }

    private static Node at(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(entry -> key.equals(asText(entry.getKeyNode())))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    private static String text(MappingNode mapping, String key) {
        Node value = at(mapping, key);
        return value == null ? null : asText(value);
    }
}
