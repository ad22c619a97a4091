package routes.nats;

import java.io.IOException;

/** NATS would refuse the message now and ever: it is the message's fault, and trying again helps nobody. */
public class MessageRefusedException extends IOException {

    MessageRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The refusal behind a failure, or null: then another attempt may succeed. */
    public static MessageRefusedException in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MessageRefusedException refused) {
                return refused;
            }
        }
        return null;
    }
}
