package routes.hooks.delivery;

import java.time.Instant;
import java.util.Optional;
import routes.event.OpsEvent;
import routes.hooks.http.Failure;
import routes.nats.DeadLetterStream;
import routes.nats.history.Stored;

/**
 * A delivery that was given up, as people see it.
 *
 * @param sequence its place in stream {@code opsbus-deadletters}
 * @param hook {@code namespace/name}, empty when it was given up before any hook
 * @param event id of the event
 * @param subject the event's subject
 * @param reason a word from a small set; {@code unreadable} for a message that opsbus did not store
 * @param status HTTP status, 0 when there was none
 * @param detail what happened, for people
 * @param attempts how often it was tried
 * @param time when it was given up
 * @param text the event's readable text
 */
public record DeadLetter(
        long sequence,
        String hook,
        String event,
        String subject,
        String reason,
        int status,
        String detail,
        int attempts,
        Instant time,
        String text) {

    static DeadLetter of(Stored stored, Delivery delivery, String text) {
        return new DeadLetter(
                stored.sequence(),
                delivery.hook(),
                delivery.eventId(),
                delivery.subject(),
                header(stored, DeliveryStore.REASON),
                status(stored),
                header(stored, DeliveryStore.DETAIL),
                delivery.attempt(),
                stored.stored(),
                text);
    }

    /** Of what is no hook's delivery; {@code unreadable} when opsbus did not store it. */
    static DeadLetter withoutHook(Stored stored, String why) {
        if (stored.header(DeliveryStore.REASON) != null) {
            String event = header(stored, DeadLetterStream.EVENT);
            String subject = header(stored, DeadLetterStream.SUBJECT);
            return new DeadLetter(
                    stored.sequence(),
                    "",
                    event,
                    subject,
                    header(stored, DeliveryStore.REASON),
                    0,
                    header(stored, DeliveryStore.DETAIL),
                    0,
                    stored.stored(),
                    OpsEvent.parse(subject, stored.payload(), event).text());
        }
        return new DeadLetter(
                stored.sequence(), "", "", stored.subject(), "unreadable", 0, why, 0, stored.stored(), "");
    }

    /** Whether only the beginning of its event was kept. */
    static boolean isCut(Stored stored) {
        return stored.header(DeadLetterStream.TRUNCATED) != null;
    }

    /** {@link #detail} without what an endpoint answered. */
    public String detailForReaders() {
        return Failure.detailForReaders(reason, status, detail);
    }

    /** @throws IllegalArgumentException when it is none that opsbus stored */
    static Delivery delivery(Stored stored) {
        return Delivery.read(stored::rawHeader, stored.payload());
    }

    private static String header(Stored stored, String name) {
        return Optional.ofNullable(stored.header(name)).orElse("");
    }

    private static int status(Stored stored) {
        try {
            return Integer.parseInt(header(stored, DeliveryStore.STATUS));
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
