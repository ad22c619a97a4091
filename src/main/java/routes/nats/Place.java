package routes.nats;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Where a message is in its stream: the same whenever the server hands it out, and another one in a stream that was
 * made anew.
 *
 * @param sequence 1 for the stream's first message
 * @param stored when, in nanoseconds since 1970
 */
record Place(long sequence, long stored) {

    private static final int TOKENS = 9;
    private static final int SEQUENCE = 5;
    private static final int STORED = 7;
    /** A domain and an account's hash, behind {@code $JS.ACK}. */
    private static final int MORE = 2;

    Instant storedAt() {
        return Instant.ofEpochSecond(0, stored);
    }

    /**
     * How long it still waits, in milliseconds: never longer than it is to, whatever the server's clock and this one's
     * say.
     *
     * @param millis how long it waits in all
     * @param now in milliseconds since 1970
     */
    long waits(long millis, long now) {
        return Math.min(millis, TimeUnit.NANOSECONDS.toMillis(stored) + millis - now);
    }

    /**
     * Reads what every message needs, and no more: jnats's own reading of all of it is a tenth of the router's time.
     *
     * @param reply {@code $JS.ACK.{stream}.{consumer}.{delivered}.{sequence}.{consumer's sequence}.{stored}.{pending}},
     *     perhaps with domain and account behind {@code ACK} and something at the end
     * @see <a href="https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-15.md">ADR-15</a>
     * @throws IllegalArgumentException when it is none
     */
    static Place of(String reply) {
        if (reply == null || !reply.startsWith("$JS.ACK.")) {
            throw new IllegalArgumentException("not a message of a stream");
        }
        int more = reply.chars().filter(c -> c == '.').count() < TOKENS ? 0 : MORE;
        return new Place(number(reply, SEQUENCE + more), number(reply, STORED + more));
    }

    private static long number(String reply, int token) {
        int from = 0;
        int to = reply.indexOf('.');
        for (int i = 0; i < token && to > 0; i++) {
            from = to + 1;
            to = reply.indexOf('.', from);
        }
        if (to < 0) {
            throw new IllegalArgumentException("a message of a stream says where it is: " + reply);
        }
        return Long.parseLong(reply, from, to, 10);
    }
}
