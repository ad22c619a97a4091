package routes.nats;

import java.io.IOException;

/** The server would refuse the message, now and ever, for its size with headers. */
public final class MessageTooLargeException extends IOException {

    MessageTooLargeException(String subject, long bytes, long most) {
        super("a message of " + bytes + " bytes for " + subject + " is larger than NATS takes (max_payload " + most + ")");
    }
}
