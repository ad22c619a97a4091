package routes.hooks;

import java.io.IOException;

/**
 * What an operator may do with a hook: in effect here at once, on other replicas within seconds, and after every
 * restart.
 */
public final class HookControl {

    private final HookStates states;
    private final HookRegistry registry;
    private final PausedHooks paused;
    private final HookWatch watch;

    HookControl(HookStates states, HookRegistry registry, PausedHooks paused, HookWatch watch) {
        this.states = states;
        this.registry = registry;
        this.paused = paused;
        this.watch = watch;
    }

    /**
     * Lets the hook's deliveries wait until it is resumed; what is under way ends.
     *
     * @param id {@code namespace/name}
     * @throws UnknownHookException no such hook runs
     * @throws IOException NATS is away, or the hooks are not read yet
     */
    public void pause(String id) throws IOException {
        find(id);
        paused.pause(id);
        watch.lookSoon();
    }

    /**
     * Lets what waited come back; starts the hook's route when it was stopped in this process.
     *
     * @param id {@code namespace/name}
     * @throws UnknownHookException no such hook runs
     * @throws PausedByAuthorException it says {@code paused: true}; then nothing changes
     * @throws IOException NATS is away, or the hooks are not read yet
     */
    public void resume(String id) throws IOException {
        Hook hook = find(id);
        if (hook.spec().paused()) {
            throw new PausedByAuthorException(hook.spec());
        }
        paused.resume(id);
        hook.startRoute();
        watch.lookSoon();
    }

    private Hook find(String id) throws IOException {
        HookSet hooks = registry.current();
        if (hooks == HookSet.NONE) {
            throw new IOException("the hooks are not read yet; try again");
        }
        return hooks.find(id).orElseThrow(() -> new UnknownHookException(states.whyUnknown(id)));
    }
}
