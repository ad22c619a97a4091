package routes.nats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what is given up into stream {@code opsbus-deadletters}, whatever it is: cut when NATS would not take all of it,
 * since what can't be a dead letter would be tried for ever. What not even its headers can be kept of is counted and
 * told.
 */
public final class DeadLetterStream {

    public static final String SUBJECTS = "opsbus.deadletters.";
    public static final String REASON = "Opsbus-Reason";
    public static final String DETAIL = "Opsbus-Detail";
    public static final String EVENT = "Opsbus-Event";
    public static final String SUBJECT = "Opsbus-Subject";
    /** Bytes of the whole body, when only its beginning is kept. */
    public static final String TRUNCATED = "Opsbus-Truncated";
    /** No namespace is called so: dead letters that are not for one hook. */
    private static final String NO_HOOK = "_.";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterStream.class);
    private static final int LONGEST_HEADER = 200;
    private static final int HEADER_LINE = 32;

    private final NatsBus bus;
    private final MeterRegistry metrics;
    private final Counter lost;
    private final SeldomLog log = new SeldomLog();

    public DeadLetterStream(NatsBus bus, MeterRegistry metrics) {
        this.bus = bus;
        this.metrics = metrics;
        this.lost = Counter.builder("opsbus.deadletters.lost")
                .description("dead letters of which NATS took not even the headers")
                .register(metrics);
    }

    /**
     * Something that is no hook's delivery: a source can't publish it, or the router can't read it.
     *
     * @param from the route it comes from
     * @param id of the event
     * @param subject of the event, or where it was found
     * @param reason a word from a small set
     * @param detail for people
     */
    public CompletableFuture<PublishAck> store(
            String from, String id, String subject, byte[] body, String reason, String detail) {
        Headers headers = WireHeaders.withId(from + "/" + id);
        headers.put(EVENT, WireHeaders.encode(id));
        headers.put(SUBJECT, WireHeaders.encode(subject));
        headers.put(REASON, reason);
        headers.put(DETAIL, WireHeaders.encode(detail));
        return store(NO_HOOK + from, headers, body).whenComplete((ack, failure) -> {
            if (failure == null && (ack == null || !ack.isDuplicate())) {
                metrics.counter("opsbus.events.given.up", "route", from, "reason", reason)
                        .increment();
                log.say(
                        from + " " + reason,
                        more -> LOG.warn(
                                "{}: event {} is a dead letter: {} ({}){}",
                                from,
                                shortened(id),
                                reason,
                                shortened(detail),
                                more));
            }
        });
    }

    /**
     * @param to the rest of the subject
     * @return fails when it may be stored later; completes with null when it never can
     */
    public CompletableFuture<PublishAck> store(String to, Headers headers, byte[] body) {
        String subject = SUBJECTS + to;
        return bus.publish(subject, headers, body)
                .exceptionallyCompose(
                        failure -> again(failure, () -> publishBeginning(subject, headers, body, failure)))
                .exceptionallyCompose(failure ->
                        again(failure, () -> bus.publish(subject, shortened(headers, body.length), new byte[0])))
                .exceptionallyCompose(failure -> again(failure, () -> {
                    lost.increment();
                    LOG.error(
                            "a dead letter for {} is lost, since NATS takes not even its headers: {}; event {}, {}",
                            subject,
                            failure.getMessage(),
                            shortened(String.valueOf(headers.getFirst(EVENT))),
                            headers.getFirst(REASON));
                    return CompletableFuture.completedFuture(null);
                }));
    }

    private interface Attempt {
        CompletableFuture<PublishAck> make();
    }

    private static CompletableFuture<PublishAck> again(Throwable failure, Attempt smaller) {
        return MessageRefusedException.in(failure) == null ? CompletableFuture.failedFuture(failure) : smaller.make();
    }

    private CompletableFuture<PublishAck> publishBeginning(
            String subject, Headers headers, byte[] body, Throwable failure) {
        if (!(MessageRefusedException.in(failure) instanceof MessageTooLargeException tooLarge)) {
            return CompletableFuture.failedFuture(failure);
        }
        long room = tooLarge.most() - headers.serializedLength() - HEADER_LINE;
        if (room < 0) {
            return CompletableFuture.failedFuture(failure);
        }
        Headers marked = new Headers(headers);
        marked.put(TRUNCATED, Integer.toString(body.length));
        return bus.publish(subject, marked, beginning(body, (int) Math.min(room, body.length)));
    }

    /** Not ending within a character of UTF-8. */
    private static byte[] beginning(byte[] body, int bytes) {
        int end = bytes;
        while (end > 0 && end < body.length && end > bytes - 4 && (body[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(body, end);
    }

    private static Headers shortened(Headers headers, int bytes) {
        Headers shortened = new Headers();
        headers.forEach((name, values) -> shortened.put(
                name,
                name.equals(WireHeaders.MESSAGE_ID) && values.get(0).length() > LONGEST_HEADER
                        ? sha256(values.get(0))
                        : shortened(values.get(0))));
        shortened.put(TRUNCATED, Integer.toString(bytes));
        return shortened;
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_HEADER ? value : value.substring(0, LONGEST_HEADER) + "...";
    }

    private static String sha256(String value) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
