package routes.hooks;

import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What a document was read from.
 *
 * @param file        path as the user gave it; null for a custom resource
 * @param environment values for placeholders; null where placeholders have no meaning
 */
record Source(String file, Function<String, String> environment) {

    static final Source RESOURCE = new Source(null, null);

    Origin origin(Node at, String hookId) {
        if (file == null) {
            return new Origin(hookId == null ? "EventHooks" : "EventHooks " + hookId, 0, 0);
        }
        return new Origin(file, at.getStartMark().getLine() + 1, at.getStartMark().getColumn() + 1);
    }

    boolean isFile() {
        return file != null;
    }
}
