package routes.hooks;

import routes.hooks.spec.EventHook;

/** An operator can't resume what its author paused. */
public final class PausedByAuthorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PausedByAuthorException(EventHook hook) {
        super("the hook " + hook.id() + " is paused by its author; take `paused: true` out of it (" + hook.origin()
                + ")");
    }
}
