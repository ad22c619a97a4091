package routes.nats;

/** The server would refuse the message for its size with headers. */
public final class MessageTooLargeException extends MessageRefusedException {

    private final long bytes;
    private final long most;

    MessageTooLargeException(String subject, long bytes, long most, String limit) {
        super(
                "a message of " + bytes + " bytes for " + subject + " is larger than NATS takes (" + limit + " " + most
                        + ")",
                null);
        this.bytes = bytes;
        this.most = most;
    }

    /** Bytes that it has, its headers counted. */
    public long bytes() {
        return bytes;
    }

    /** Bytes that a message on this subject may have, its headers counted. */
    public long most() {
        return most;
    }
}
