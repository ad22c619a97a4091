package routes.hooks.delivery;

import io.nats.client.impl.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Function;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.hooks.http.RetryAfter;
import routes.nats.DeadLetterStream;
import routes.nats.WireHeaders;

/**
 * One match on its way to one hook: what a message of {@code opsbus.deliveries.>}, {@code opsbus.retries.>},
 * {@code opsbus.parked.>} or {@code opsbus.deadletters.>} says. The body is the event as it was on the bus; an event
 * too large to travel with these headers stays in its stream, and the delivery says where.
 *
 * @param hook {@code namespace/name}
 * @param eventId the event's id
 * @param source the event's source when that is not opsbus, else null: an id is unique among those of its source only
 * @param subject the event's subject on the wire
 * @param attempt the attempt that comes next, 1 the first
 * @param stored when the event was stored in {@code ops}
 * @param notBefore no attempt before this, or null
 * @param reference {@code stream:sequence} of an event too large to travel, or null
 * @param body the event as it was on the bus, empty when there is a reference
 */
public record Delivery(
        String hook,
        String eventId,
        String source,
        String subject,
        int attempt,
        Instant stored,
        Instant notBefore,
        String reference,
        byte[] body) {

    private static final String HOOK = "Opsbus-Hook";
    static final String EVENT = DeadLetterStream.EVENT;
    private static final String SOURCE = "Opsbus-Source";
    private static final String SUBJECT = DeadLetterStream.SUBJECT;
    private static final String ATTEMPT = "Opsbus-Attempt";
    private static final String STORED = "Opsbus-Stored";
    private static final String NOT_BEFORE = "Opsbus-Not-Before";
    private static final String REFERENCE = "Opsbus-Reference";
    /** Two names of Kubernetes have 253 characters each at most. */
    private static final int LONGEST_HOOK = 600;
    /** Longer than any endpoint may ask to be left alone, whatever the clocks of two replicas differ. */
    private static final Duration LONGEST_WAIT = RetryAfter.LONGEST.plusHours(1);

    /**
     * {@code {event id}/{namespace}/{name}}, and {@code {source}#} before it when the source is not opsbus: the same on
     * every attempt, after every restart and on every replica.
     */
    public String id() {
        return id(eventId, source, hook);
    }

    public static String id(String eventId, String sourceOrNull, String hook) {
        return (sourceOrNull == null ? "" : sourceOrNull + "#") + eventId + "/" + hook;
    }

    /** The event's source as a delivery has it. */
    public static String source(OpsEvent event) {
        return OpsEvent.SOURCE.equals(event.source()) ? null : event.source();
    }

    /**
     * The event's place in a subject: {@code {namespace}.{name}}, where a dot of the name is an underscore, which no
     * Kubernetes name has.
     */
    static String token(String hook) {
        int slash = hook.indexOf('/');
        return hook.substring(0, slash).replace('.', '_') + "."
                + hook.substring(slash + 1).replace('.', '_');
    }

    Delivery nextAttempt(Instant earliest) {
        return new Delivery(hook, eventId, source, subject, attempt + 1, stored, earliest, reference, body);
    }

    /**
     * The same once more from the beginning, as if the event was stored just now: what gives up after a time counts
     * anew.
     */
    Delivery again(Instant now) {
        return new Delivery(hook, eventId, source, subject, 1, now, null, reference, body);
    }

    /** The same, but the event does not travel along. @param position where it is */
    Delivery staying(String position) {
        return new Delivery(hook, eventId, source, subject, attempt, stored, notBefore, position, new byte[0]);
    }

    /** @param messageId makes that storing it twice stores it once */
    public Headers headers(String messageId) {
        Headers headers = WireHeaders.withId(messageId);
        describe((name, value) -> headers.put(name, WireHeaders.encode(value)));
        return headers;
    }

    /** All but its body, as headers whose values are not encoded yet. */
    void describe(BiConsumer<String, String> header) {
        header.accept(HOOK, hook);
        header.accept(EVENT, eventId);
        if (source != null) {
            header.accept(SOURCE, source);
        }
        header.accept(SUBJECT, subject);
        header.accept(ATTEMPT, Integer.toString(attempt));
        header.accept(STORED, Long.toString(stored.toEpochMilli()));
        if (notBefore != null) {
            header.accept(NOT_BEFORE, Long.toString(notBefore.toEpochMilli()));
        }
        if (reference != null) {
            header.accept(REFERENCE, reference);
        }
    }

    /**
     * Reads a stored delivery. Its times are only believed as far as opsbus may have written them, since what never
     * happens ends nothing: one that was stored later than now was stored now, and none waits longer than an endpoint
     * may ask for. What is stored of it next says so too.
     *
     * @param header value of a header, null when it has none
     * @throws IllegalArgumentException when it is not one that opsbus stored
     */
    static Delivery read(Function<String, String> header, byte[] body) {
        String hook = header.apply(HOOK);
        if (hook == null || hook.indexOf('/') < 1 || header.apply(EVENT) == null || header.apply(SUBJECT) == null) {
            throw new IllegalArgumentException(
                    "not a delivery: the headers " + HOOK + ", " + EVENT + " and " + SUBJECT + " are needed");
        }
        if (hook.length() > LONGEST_HOOK
                || !Subject.isConcrete(token(hook))) { // to which nothing could be published, a dead letter neither
            throw new IllegalArgumentException("not a delivery: the header " + HOOK + " names no hook");
        }
        int attempt = Integer.parseInt(header.apply(ATTEMPT));
        if (attempt < 1) {
            throw new IllegalArgumentException("not a delivery: its attempt is " + attempt);
        }
        Instant now = Instant.now();
        String notBefore = header.apply(NOT_BEFORE);
        String source = header.apply(SOURCE);
        return new Delivery(
                hook,
                WireHeaders.decode(header.apply(EVENT)),
                source == null ? null : WireHeaders.decode(source),
                WireHeaders.decode(header.apply(SUBJECT)),
                attempt,
                atMost(now, header.apply(STORED)),
                notBefore == null ? null : atMost(now.plus(LONGEST_WAIT), notBefore),
                header.apply(REFERENCE),
                body);
    }

    private static Instant atMost(Instant latest, String millis) {
        Instant time = Instant.ofEpochMilli(Long.parseLong(millis));
        return time.isAfter(latest) ? latest : time;
    }
}
