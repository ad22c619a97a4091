package routes.hooks.delivery;

import java.util.Collection;
import java.util.Optional;

/** The hooks of the moment, as far as delivering to them goes. */
public interface Targets {

    /** Those that run. */
    Collection<? extends Target> all();

    /** One that runs. */
    Optional<? extends Target> find(String hook);

    default boolean runs(String hook) {
        return find(hook).isPresent();
    }

    /** Whether a hook that does not run is there all the same, so that what waits for it must go on waiting. */
    boolean mayExist(String hook);

    /** Whether the hook ran in this process and was removed since. */
    boolean wasRemoved(String hook);
}
