package routes.hooks.spec;

import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What a document was read from.
 *
 * @param file path as the user gave it; null for a custom resource
 * @param resource {@code namespace/name} of a custom resource; null for a file
 * @param environment values for placeholders; null where placeholders have no meaning
 */
record Source(String file, String resource, Function<String, String> environment) {

    static Source file(String path, Function<String, String> environment) {
        return new Source(path, null, environment);
    }

    static Source resource(String id) {
        return new Source(null, id, null);
    }

    Origin origin(Node at) {
        return isFile()
                ? new Origin(
                        file, at.getStartMark().getLine() + 1, at.getStartMark().getColumn() + 1)
                : new Origin("EventHooks " + resource, 0, 0);
    }

    boolean isFile() {
        return file != null;
    }
}
