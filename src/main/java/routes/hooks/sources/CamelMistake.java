package routes.hooks.sources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import routes.hooks.spec.Suggestion;

/** What Camel's reader has against a text, said with the key and with what to write instead. */
final class CamelMistake {

    private static final Pattern STEP = Pattern.compile("Unknown node id: (.*)");
    private static final Pattern KEY = Pattern.compile("Unsupported field: (.*)");
    private static final Pattern UNFIT = Pattern.compile("Unsupported type: .*|Unable to find constructor for node");
    private static final Pattern KIND = Pattern.compile("Node type (array|map|scalar) is invalid, expected (.*)");
    /** Letters by which a key may differ from the one that was meant. */
    private static final int SLIP = 2;

    private static final Map<String, Predicate<Node>> KINDS = Map.of(
            "array", SequenceNode.class::isInstance,
            "map", MappingNode.class::isInstance,
            "scalar", ScalarNode.class::isInstance);
    private static final Map<String, String> WANTED = Map.of(
            "array",
            "a list, of which each entry begins with -",
            "map",
            "its keys indented below it, without -",
            "scalar",
            "its value behind it");

    private final CamelContext camel;

    CamelMistake(CamelContext camel) {
        this.camel = camel;
    }

    /** The same in other words, or as it is when there are no better ones. */
    Exception inWords(Exception thrown, Node root) {
        if (root == null
                || !(thrown instanceof MarkedYamlEngineException marked)
                || marked.getProblem() == null
                || marked.getProblemMark().isEmpty()) {
            return thrown;
        }
        CamelNodes nodes = new CamelNodes(root);
        Matcher step = STEP.matcher(marked.getProblem());
        Matcher key = KEY.matcher(marked.getProblem());
        Matcher kind = KIND.matcher(marked.getProblem());
        if (step.matches()) {
            return said(marked, nodes, node -> true, place -> CamelResource.unknown(step.group(1), steps()));
        }
        if (key.matches()) {
            Optional<String> near =
                    Suggestion.near(keys(), key.group(1), SLIP).filter(word -> !word.equals(key.group(1)));
            return said(
                    marked,
                    nodes,
                    node -> true,
                    place -> key.group(1) + ": is unknown here"
                            + near.map(word -> "; did you mean " + word + "?").orElse(""));
        }
        if (kind.matches() && WANTED.containsKey(kind.group(2))) {
            return said(
                    marked,
                    nodes,
                    KINDS.get(kind.group(1)),
                    place -> place.isFound() + "; write " + WANTED.get(kind.group(2)));
        }
        if (UNFIT.matcher(marked.getProblem()).matches()) {
            return said(
                    marked,
                    nodes,
                    node -> true,
                    place -> place.isFound()
                            + (place.node() instanceof SequenceNode
                                    ? "; write " + WANTED.get("map")
                                    : ", which can't be here"));
        }
        return thrown;
    }

    private static Exception said(
            MarkedYamlEngineException thrown,
            CamelNodes nodes,
            Predicate<Node> kind,
            Function<CamelNodes.Place, String> message) {
        return nodes.at(thrown.getProblemMark().orElseThrow(), kind)
                .<Exception>map(place -> new YamlDeserializationException(place.node(), message.apply(place), thrown))
                .orElse(thrown);
    }

    Set<String> steps() {
        return properties("org.apache.camel.model.ProcessorDefinition");
    }

    Set<String> dataFormats() {
        return properties("org.apache.camel.model.dataformat.DataFormatsDefinition");
    }

    private Set<String> keys() {
        Set<String> all = new TreeSet<>();
        definitions()
                .forEach(
                        definition -> definition.path("properties").fieldNames().forEachRemaining(all::add));
        return all;
    }

    private Set<String> properties(String definition) {
        Set<String> all = new TreeSet<>();
        definitions().path(definition).path("properties").fieldNames().forEachRemaining(all::add);
        return all;
    }

    /** Camel's own schema of what it reads; only after a mistake, for it is large. */
    private JsonNode definitions() {
        try (InputStream schema = camel.getClassResolver().loadResourceAsStream("schema/camelYamlDsl.json")) {
            return new ObjectMapper().readTree(schema).at("/items/definitions");
        } catch (IOException e) {
            throw new IllegalStateException("Camel's schema can't be read", e);
        }
    }
}
