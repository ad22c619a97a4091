package routes.hooks.sources;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import routes.hooks.spec.HookProblem;

/** The EventHooks of a cluster, as the reconciler sees them. */
public interface HookResources {

    /**
     * The resources of the moment, JSON by {@code namespace/name}; empty while they can't be read. The same instance as
     * before means that nothing changed.
     */
    Optional<Map<String, String>> current();

    /**
     * Tells the author of a resource what became of it.
     *
     * @param problems what is wrong with it; none: it is in use
     * @param runs whether an earlier version of it is in use, when there are problems
     */
    void report(String id, List<HookProblem> problems, boolean runs);

    /** No cluster: there are none, for certain. */
    HookResources NONE = new HookResources() {
        @Override
        public Optional<Map<String, String>> current() {
            return Optional.of(Map.of());
        }

        @Override
        public void report(String id, List<HookProblem> problems, boolean runs) {
            throw new IllegalStateException("there are no resources to report on");
        }
    };
}
