package routes.hooks.delivery;

import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import routes.event.OpsEvent;
import routes.nats.DeadLetterStream;
import routes.nats.MessageRefusedException;
import routes.nats.NatsBus;
import routes.nats.StreamMessages;
import routes.nats.WireHeaders;

/**
 * Stores deliveries in the streams they wait in. Every method's future completes when the server has them (PubAck), and
 * fails when it may not: then the caller must not ack what it made the delivery from. Message ids are made from the
 * delivery and the place of the message it came from, so that doing the same step again after a crash stores nothing
 * twice, while a delivery may still wait at the same level many times.
 */
public final class DeliveryStore {

    static final String DELIVERIES = "opsbus.deliveries.";
    static final String RETRIES = "opsbus.retries.";
    static final String PARKED = "opsbus.parked.";
    static final String REASON = DeadLetterStream.REASON;
    static final String DETAIL = DeadLetterStream.DETAIL;
    static final String STATUS = "Opsbus-Status";

    private static final int HEADROOM = 4096; // NATS counts headers as payload

    private final NatsBus bus;
    private final StreamMessages messages;
    private final DeadLetterStream letters;
    private final DeadLetterLog deadLetters;

    DeliveryStore(NatsBus bus, DeadLetterStream letters, DeadLetterLog deadLetters) {
        this.bus = bus;
        this.messages = new StreamMessages(bus);
        this.letters = letters;
        this.deadLetters = deadLetters;
    }

    /**
     * A match that NATS would not take: when its stream takes less than was thought, the event stays where it
     * is. @param position of the event
     */
    CompletableFuture<PublishAck> deliverSmaller(Delivery delivery, String position, MessageRefusedException refusal) {
        if (delivery.reference() != null) {
            return bury(delivery, position, refusal);
        }
        Delivery smaller = delivery.staying(position);
        return publish(DELIVERIES, smaller, smaller.headers(delivery.id()))
                .exceptionallyCompose(failure -> buriedIfRefused(failure, smaller, position));
    }

    CompletableFuture<PublishAck> deliverAgain(Delivery delivery, String from) {
        return publish(DELIVERIES, delivery, delivery.headers(delivery.id() + "/" + from));
    }

    /** As {@link #deliverAgain}, and a dead letter when it can never be stored. */
    CompletableFuture<PublishAck> bringBack(Delivery delivery, String from) {
        return move(DELIVERIES, delivery, from);
    }

    /** @param prefix of the subject, which the hook's follows */
    CompletableFuture<PublishAck> move(String prefix, Delivery delivery, String from) {
        return publish(prefix, delivery, delivery.headers(delivery.id() + "/" + from))
                .exceptionallyCompose(failure -> buriedIfRefused(failure, delivery, from));
    }

    private CompletableFuture<PublishAck> buriedIfRefused(Throwable failure, Delivery delivery, String from) {
        MessageRefusedException refusal = MessageRefusedException.in(failure);
        return refusal == null ? CompletableFuture.failedFuture(failure) : bury(delivery, from, refusal);
    }

    /** What NATS will never take would come again for ever. */
    CompletableFuture<PublishAck> bury(Delivery delivery, String from, MessageRefusedException refusal) {
        return deadLetter(delivery, new Failed("too-large", refusal.getMessage()), from);
    }

    /** A message in place of a delivery that is none. @param from the route that met it */
    CompletableFuture<PublishAck> deadLetterUnreadable(
            String from, String position, String subject, byte[] body, String detail) {
        return letters.store(from, position, subject, body, "unreadable", detail);
    }

    /** A delivery that is given up; counted and logged when it is stored. */
    public CompletableFuture<PublishAck> deadLetter(Delivery delivery, Failed failed, String from) {
        Headers headers = delivery.headers(delivery.id() + "/" + from);
        headers.put(REASON, failed.reason());
        headers.put(DETAIL, WireHeaders.encode(failed.detail()));
        if (failed.status() > 0) {
            headers.put(STATUS, Integer.toString(failed.status()));
        }
        return letters.store(Delivery.token(delivery.hook()), headers, delivery.body())
                .whenComplete((ack, failure) -> {
                    if (failure == null && (ack == null || !ack.isDuplicate())) {
                        deadLetters.buried(delivery, failed);
                    }
                });
    }

    private CompletableFuture<PublishAck> publish(String prefix, Delivery delivery, Headers headers) {
        return bus.publish(prefix + Delivery.token(delivery.hook()), headers, delivery.body());
    }

    /** A first delivery of an event; one that is too large to be published again with headers stays where it is. */
    public Delivery first(String hook, OpsEvent event, Instant stored, String position) throws IOException {
        boolean fits = event.payload().length + HEADROOM
                <= bus.connection().getServerInfo().getMaxPayload();
        return new Delivery(
                hook,
                event.id(),
                Delivery.source(event),
                event.subject(),
                1,
                stored,
                null,
                fits ? null : position,
                fits ? event.payload() : new byte[0]);
    }

    /**
     * The event of a delivery, fetched from its stream when it was too large to travel; null when it is no longer
     * there.
     */
    byte[] event(Delivery delivery) throws IOException {
        if (delivery.reference() == null) {
            return delivery.body();
        }
        int colon = delivery.reference().lastIndexOf(':');
        StreamMessages.Found found = messages.at(
                delivery.reference().substring(0, colon),
                Long.parseLong(delivery.reference().substring(colon + 1)));
        return found == null ? null : found.body();
    }
}
