package routes.hooks.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The keys of one YAML mapping, read strictly: what is not of the wanted kind becomes a problem with its place and
 * counts as absent. A key without a value (null) is absent.
 */
final class Fields {

    private final MappingNode mapping;
    private final String path;
    private final Problems problems;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();

    Fields(MappingNode mapping, String path, Problems problems) {
        this.mapping = mapping;
        this.path = path;
        this.problems = problems;
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problems.add(entry.getKeyNode(), path, "a key must be plain text");
            } else if (entries.putIfAbsent(key.getValue(), entry) != null) {
                problems.add(key, pathOf(key.getValue()), "is written twice; keep one");
            }
        }
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    Set<String> keys() {
        return entries.keySet();
    }

    /** Reports every other key. */
    void allowOnly(Set<String> known, Function<String, String> hint) {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.add(entry.getKeyNode(), pathOf(key), "unknown key; " + hint.apply(key));
            }
        });
    }

    /** The value's node, or the mapping's own when the key is absent. */
    Node at(String key) {
        return value(key).orElse(mapping);
    }

    Optional<Node> value(String key) {
        return Optional.ofNullable(entries.get(key))
                .map(NodeTuple::getValueNode)
                .filter(node -> !Tag.NULL.equals(node.getTag()));
    }

    void report(String key, String message) {
        problems.add(at(key), pathOf(key), message);
    }

    Optional<String> string(String key) {
        return value(key).flatMap(node -> string(node, pathOf(key)));
    }

    /** A string that must be there and not be blank. */
    Optional<String> required(String key, String example) {
        Optional<Node> node = value(key);
        if (node.isEmpty()) {
            report(key, "is required, for example " + example);
            return Optional.empty();
        }
        Optional<String> text = string(key);
        if (text.isPresent() && text.get().isBlank()) {
            report(key, "is empty; write for example " + example);
            return Optional.empty();
        }
        return text;
    }

    /** Whether the key has this value; anything else is a problem. */
    boolean requireExactly(String key, String wanted) {
        Optional<String> written = string(key);
        if (written.filter(wanted::equals).isPresent()) {
            return true;
        }
        if (written.isPresent() || value(key).isEmpty()) {
            report(key, written.map(text -> "is " + text).orElse("is required") + "; write " + key + ": " + wanted);
        }
        return false;
    }

    boolean bool(String key) {
        return value(key)
                .map(node -> {
                    if (Tag.BOOL.equals(node.getTag())) {
                        return isTrue((ScalarNode) node);
                    }
                    report(key, kindOf(node) + "; write true or false");
                    return false;
                })
                .orElse(false);
    }

    /** A value of a typed property, {@code boolean} and {@code integer} also without quotes. */
    Optional<String> scalar(String key, String type) {
        Optional<Node> node = value(key);
        if (type.equals("boolean")
                && node.filter(n -> Tag.BOOL.equals(n.getTag())).isPresent()) {
            return Optional.of(Boolean.toString(isTrue((ScalarNode) node.get())));
        }
        if (type.equals("integer")
                && node.filter(n -> Tag.INT.equals(n.getTag())).isPresent()) {
            return node.map(n -> ((ScalarNode) n).getValue());
        }
        return string(key);
    }

    /** YAML 1.1 has more words for it: yes, on. */
    private static boolean isTrue(ScalarNode node) {
        return Set.of("true", "yes", "on").contains(node.getValue().toLowerCase(Locale.ROOT));
    }

    Optional<List<String>> strings(String key) {
        return strings(key, text -> Optional.empty());
    }

    /** @param problem what is wrong with one of the strings */
    Optional<List<String>> strings(String key, Function<String, Optional<String>> problem) {
        return value(key).flatMap(node -> {
            if (node instanceof SequenceNode list) {
                return Optional.of(strings(list, pathOf(key), problem));
            }
            report(key, kindOf(node) + "; write a list, each entry on a line of its own after \"- \"");
            return Optional.empty();
        });
    }

    private List<String> strings(SequenceNode list, String listPath, Function<String, Optional<String>> problem) {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            Node node = list.getValue().get(i);
            String at = listPath + "[" + i + "]";
            string(node, at).ifPresent(text -> {
                strings.add(text);
                problem.apply(text).ifPresent(message -> problems.add(node, at, message));
            });
        }
        return strings;
    }

    Optional<Fields> mapping(String key) {
        return value(key).flatMap(node -> {
            if (node instanceof MappingNode fields) {
                return Optional.of(new Fields(fields, pathOf(key), problems));
            }
            report(key, kindOf(node) + "; write \"key: value\" lines");
            return Optional.empty();
        });
    }

    private Optional<String> string(Node node, String at) {
        if (Tag.STR.equals(node.getTag()) && node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        problems.add(
                node,
                at,
                kindOf(node)
                        + (node instanceof ScalarNode scalar
                                ? "; put it in quotes: \"" + scalar.getValue() + "\""
                                : "; write text, in quotes when it begins with { or ["));
        return Optional.empty();
    }

    static String kindOf(Node node) {
        if (node instanceof SequenceNode) {
            return "is a list";
        }
        if (node instanceof MappingNode) {
            return "is a mapping";
        }
        Tag tag = node.getTag();
        if (Tag.INT.equals(tag) || Tag.FLOAT.equals(tag)) {
            return "is a number";
        }
        if (Tag.STR.equals(tag)) {
            return "is text";
        }
        return Tag.BOOL.equals(tag)
                ? "is a boolean"
                : Tag.NULL.equals(tag)
                        ? "is empty"
                        : Tag.TIMESTAMP.equals(tag) ? "is a date" : "has the tag " + tag.getValue();
    }
}
