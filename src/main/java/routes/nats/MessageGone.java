package routes.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.support.NatsJetStreamConstants;

/** Whether a refusal of JetStream's says that a message is not in its stream, or not any more. */
public final class MessageGone {

    private static final int NO_MESSAGE = NatsJetStreamConstants.JS_NO_MESSAGE_FOUND_ERR;
    private static final int NO_SEQUENCE = 10043;
    private static final int NOT_DELETED = 10057;

    private MessageGone() {}

    /**
     * The server says it in four ways: the last two are what its store says of a message before the stream's beginning,
     * and of one behind its end.
     */
    public static boolean is(JetStreamApiException e) {
        return switch (e.getApiErrorCode()) {
            case NO_MESSAGE, NO_SEQUENCE -> true;
            case NOT_DELETED ->
                e.getErrorDescription().endsWith("no message found")
                        || e.getErrorDescription().endsWith("stream store EOF");
            default -> false;
        };
    }
}
