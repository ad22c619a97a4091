package routes.hooks.sources;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What files of Camel's and opsbus have called by a name already, which Camel would silently replace, and what hooks
 * are to have.
 */
final class TakenNames {

    /** Where Camel's components, languages and data formats say what they are called; it takes a bean of that name. */
    private static final List<String> NAMED = List.of("component", "language", "dataformat");

    private final ModelCamelContext camel;
    private final Map<String, List<CamelName>> files;
    private final Set<String> types;

    /**
     * @param files what those that run have, by file
     * @param types the hook types there are: a template of such a name would stand in for their Kamelet
     */
    TakenNames(ModelCamelContext camel, Map<String, List<CamelName>> files, Set<String> types) {
        this.camel = camel;
        this.files = files;
        this.types = types;
    }

    /** @throws RuntimeException that says of which name, who has it, and where it is written when it is */
    void check(String file, CamelFile next) {
        List<CamelName> names = next.names();
        for (int i = 0; i < names.size(); i++) {
            CamelName name = names.get(i);
            if (name.isOfHooks()) {
                throw refused(next.place(name, false), name.refusal());
            }
            boolean above = names.subList(0, i).stream().anyMatch(name::isLike);
            String holder = above ? "in this file" : holder(file, name);
            if (holder != null) {
                throw refused(
                        next.place(name, above),
                        "a " + name + " exists already, " + holder + "; give this one another "
                                + (name.kind().equals(CamelName.BEAN) ? "name" : "id"));
            }
        }
    }

    /** Who else has it, or null. */
    private String holder(String file, CamelName name) {
        for (Map.Entry<String, List<CamelName>> other : files.entrySet()) {
            if (!other.getKey().equals(file) && other.getValue().stream().anyMatch(name::isLike)) {
                return "in " + other.getKey();
            }
        }
        boolean ran = files.getOrDefault(file, List.of()).stream().anyMatch(name::isLike);
        return !ran && isOpsbus(name) ? "and is opsbus' own" : null;
    }

    private static RuntimeException refused(Optional<Node> place, String message) {
        return place.<RuntimeException>map(node -> new YamlDeserializationException(node, message))
                .orElseGet(() -> new IllegalArgumentException(message));
    }

    private boolean isOpsbus(CamelName name) {
        return switch (name.kind()) {
            case CamelName.ROUTE -> camel.getRouteDefinition(name.id()) != null;
            case CamelName.TEMPLATE -> types.contains(name.id()) || camel.getRouteTemplateDefinition(name.id()) != null;
            case CamelName.CONFIGURATION ->
                camel.getRouteConfigurationDefinitions().stream()
                        .anyMatch(one -> name.id().equalsIgnoreCase(one.getId()));
            case CamelName.REST ->
                camel.getRestDefinitions().stream().anyMatch(one -> name.id().equals(one.getId()));
            default ->
                camel.getRegistry().lookupByName(name.id()) != null
                        || camel.getCamelContextExtension()
                                .getContextPlugin(Model.class)
                                .getDataFormats()
                                .containsKey(name.id())
                        || NAMED.stream()
                                .anyMatch(kind -> camel.getClassResolver()
                                                .loadResourceAsURL(
                                                        "META-INF/services/org/apache/camel/" + kind + "/" + name.id())
                                        != null);
        };
    }
}
