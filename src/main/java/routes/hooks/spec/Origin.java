package routes.hooks.spec;

/**
 * Where something was written.
 *
 * @param source the file's path as the user gave it, or {@code EventHooks namespace/name} for a custom resource
 * @param line from 1; 0 when there are no lines to point at
 * @param column from 1; 0 when there are no lines to point at
 */
public record Origin(String source, int line, int column) {

    /**
     * Whether the operator wrote it, in a file; else the author of a custom resource did, who may do less
     * (docs/security.md).
     */
    public boolean isFile() {
        return line > 0;
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
