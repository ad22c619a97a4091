package routes.hooks.sources;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The nodes of a text, in the order in which they are written, each with its path: {@code route.from.steps[0].log}. */
final class CamelNodes {

    private static final Set<String> NAMES = Set.of("id", "name", "routeId");

    private final List<Place> places = new ArrayList<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param key the last word of the path */
    record Place(String path, String key, Node node) {

        String isFound() {
            String kind = node instanceof SequenceNode ? "a list" : node instanceof MappingNode ? "a map" : "text";
            return (path.isEmpty() ? "" : path + ": ") + "is " + kind;
        }
    }

    CamelNodes(Node root) {
        add("", "", root);
    }

    private void add(String path, String key, Node node) {
        if (!seen.add(node)) { // an alias
            return;
        }
        places.add(new Place(path, key, node));
        if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode name) {
                    add((path.isEmpty() ? "" : path + ".") + name.getValue(), name.getValue(), entry.getValueNode());
                }
            }
        } else if (node instanceof SequenceNode list) {
            for (int i = 0; i < list.getValue().size(); i++) {
                // which element of the whole list it is, is said by the line
                add(
                        path.isEmpty() ? "" : path + "[" + i + "]",
                        key,
                        list.getValue().get(i));
            }
        }
    }

    /** What is written as text, with its path. */
    List<Place> texts() {
        return places.stream().filter(place -> place.node instanceof ScalarNode).toList();
    }

    /** What is a list, a map or text and begins there. */
    Optional<Place> at(Mark mark, Predicate<Node> kind) {
        return places.stream()
                .filter(place -> kind.test(place.node)
                        && place.node
                                .getStartMark()
                                .filter(start ->
                                        start.getLine() == mark.getLine() && start.getColumn() == mark.getColumn())
                                .isPresent())
                .findFirst();
    }

    /** Where something is called so: the first place, or the last. */
    Optional<Node> called(String name, boolean last) {
        return places.stream()
                .filter(place -> NAMES.contains(place.key)
                        && place.node instanceof ScalarNode text
                        && text.getValue().equals(name))
                .map(Place::node)
                .reduce((one, next) -> last ? next : one);
    }
}
