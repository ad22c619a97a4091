package routes.nats;

import io.nats.client.Message;
import io.nats.client.support.NatsJetStreamConstants;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Requests for messages: the server sends so many for each, or what it has until its time is over. */
final class Pulls {

    /** Of each. */
    static final Duration TIME = Duration.ofSeconds(2);

    private static final class Pull {
        private final long end = System.nanoTime() + TIME.toNanos();
        private int missing;
    }

    private final Deque<Pull> pulls = new ArrayDeque<>();

    void add(int messages) {
        Pull pull = new Pull();
        pull.missing = messages;
        pulls.add(pull);
    }

    /** Messages that can still come. */
    int coming() {
        while (!pulls.isEmpty() && pulls.peek().end - System.nanoTime() <= 0) {
            pulls.remove();
        }
        int coming = 0;
        for (Pull pull : pulls) {
            coming += pull.missing;
        }
        return coming;
    }

    /** So many have come, or will not. */
    void minus(int messages) {
        int left = messages;
        while (left > 0 && !pulls.isEmpty()) {
            Pull first = pulls.peek();
            int taken = Math.min(left, first.missing);
            first.missing -= taken;
            left -= taken;
            if (first.missing == 0) {
                pulls.remove();
            }
        }
    }

    Duration untilTheLastEnds() {
        return Duration.ofNanos(pulls.isEmpty() ? 1 : Math.max(1, pulls.getLast().end - System.nanoTime()));
    }

    /**
     * How many messages will not come that were asked for. A request ends when its time is over, when it has its
     * messages or its bytes, or with the server that took it, and the server says so in words that change with its
     * version; but with one that ends early it says how much of it is left.
     *
     * @param pending header {@code Nats-Pending-Messages}, null when there is none
     * @throws IOException for what is no end of a request: the durable is gone, or is not what it was made
     */
    static int notComing(Status status, String pending) throws IOException {
        String said = String.valueOf(status.getMessage());
        if (status.getCode() == Status.NOT_FOUND_CODE
                || status.getCode() == Status.REQUEST_TIMEOUT_CODE
                || Status.SERVER_SHUTDOWN.equals(said)) {
            return 0; // the time shows it
        }
        if (Status.LEADERSHIP_CHANGE.equals(said)) {
            return Integer.MAX_VALUE; // the next leader knows of no request
        }
        if (status.getCode() == Status.CONFLICT_CODE && (pending != null || Status.BATCH_COMPLETED.equals(said))) {
            return pending == null ? 0 : Integer.parseInt(pending);
        }
        throw new IOException("the server answers a request for messages with " + status.getMessageWithCode());
    }

    static int notComing(Message message) throws IOException {
        return notComing(
                message.getStatus(),
                message.hasHeaders()
                        ? message.getHeaders().getFirst(NatsJetStreamConstants.NATS_PENDING_MESSAGES)
                        : null);
    }
}
