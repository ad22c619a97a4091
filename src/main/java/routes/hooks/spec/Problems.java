package routes.hooks.spec;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;

/** Collects what is wrong in one document; who it concerns is only known once its metadata has been read. */
final class Problems {

    private record Found(Node at, String message) {}

    private final List<Found> found = new ArrayList<>();

    /** @param path of the value inside the document; "" for the document itself */
    void add(Node at, String path, String message) {
        found.add(new Found(at, path.isEmpty() ? message : path + ": " + message));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<HookProblem> in(Source source, String hookId) {
        return found.stream()
                .map(one -> new HookProblem(source.origin(one.at), hookId, one.message))
                .toList();
    }
}
