package routes.hooks;

/** No hook of this name runs. */
public final class UnknownHookException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownHookException(String message) {
        super(message);
    }
}
