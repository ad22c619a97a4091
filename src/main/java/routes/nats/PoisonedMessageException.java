package routes.nats;

/** Thrown in a route behind a JetStream consumer: this message can never be handled, do not deliver it again. */
public final class PoisonedMessageException extends Exception {

    public PoisonedMessageException(String message) {
        super(message);
    }
}
