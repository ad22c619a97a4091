package routes.hooks.spec;

/**
 * Why something in {@code hooks/} or a custom resource was not accepted.
 *
 * @param origin the place
 * @param hookId {@code namespace/name} of the hook concerned, null when the place does not tell
 * @param message the path inside the document, what is wrong, and how to write it
 */
public record HookProblem(Origin origin, String hookId, String message) {

    /** The hook; by name the file of which no hook can be told. */
    public String concerns() {
        return hookId == null ? origin.source() : hookId;
    }

    /** As compilers print it, so that editors and terminals can jump there: {@code hooks/a.yaml:7:5 message}. */
    @Override
    public String toString() {
        return origin + " " + message;
    }
}
