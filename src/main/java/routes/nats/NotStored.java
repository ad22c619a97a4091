package routes.nats;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** Says what it means when a message was not stored; the client's own words are about its futures and classes. */
final class NotStored {

    /** jnats's words when nobody takes the subject; it has no exception of its own for that. */
    static final String NO_STREAM = "503 No Responders";

    private static final String CLOSING = "connection closing";
    private static final String NO_RESPONDERS = "No Responders";
    private static final String MOST = "maximum ";

    private NotStored() {}

    /** An {@link IOException} for people, or the failure itself when it is none of the client's. */
    static Throwable of(Throwable failure, String subject, Duration timeout) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            if (cause instanceof JetStreamApiException answer) {
                return new IOException(answered(answer, subject), failure);
            }
            if (said.contains(NO_RESPONDERS)) {
                return new IOException(
                        "no stream takes " + subject + ", or JetStream is away (" + NO_STREAM + ")", failure);
            }
            if (cause instanceof CancellationException && said.contains(CLOSING)) {
                return new IOException(
                        "the connection to NATS was closed before it said that it has stored the message", failure);
            }
            if (cause instanceof CancellationException || cause instanceof TimeoutException) {
                return new IOException(
                        "NATS did not say within " + timeout.toMillis()
                                + " ms (opsbus.nats.publish-timeout) that it has stored the message",
                        failure);
            }
        }
        return failure;
    }

    private static String answered(JetStreamApiException answer, String subject) {
        String said = answer.getErrorDescription();
        return said.startsWith(MOST)
                ? "the stream that takes " + subject + " is full (" + said
                        + "); it takes more when some of its messages are gone, or its limit is raised"
                : said;
    }
}
