package routes.hooks.delivery;

/**
 * Why a delivery became a dead letter: reason is a word from a small set, status an HTTP status or 0, detail is for
 * people.
 */
public record Failed(String reason, int status, String detail) {

    static final Failed HOOK_REMOVED = new Failed("hook-removed", "the hook was removed before this was delivered");

    public Failed(String reason, String detail) {
        this(reason, 0, detail);
    }
}
