package routes.kubernetes;

/** A Kubernetes event of which no operations event can be made, now or ever. */
final class UnreadableEventException extends Exception {

    UnreadableEventException(Throwable cause) {
        super("no operations event can be made of it: " + cause, cause);
    }
}
