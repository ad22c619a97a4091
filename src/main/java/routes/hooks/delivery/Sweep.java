package routes.hooks.delivery;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import routes.nats.NatsBus;
import routes.nats.StreamMessages;
import routes.nats.StreamMessages.Found;

/**
 * Moves stored deliveries to their next place, message by message, and deletes each only after that place has it. What
 * is no delivery becomes a dead letter.
 */
final class Sweep {

    private final StreamMessages messages;
    private final DeliveryStore store;
    private volatile boolean stopped;

    Sweep(NatsBus bus, DeliveryStore store) {
        this.messages = new StreamMessages(bus);
        this.store = store;
    }

    interface Move {
        CompletableFuture<?> to(Delivery delivery, String position);
    }

    /** All on a subject. @return how many messages were moved */
    long all(String stream, String subject, Move move) throws IOException {
        long moved = 0;
        for (Found message = messages.next(stream, 1, subject);
                message != null && !stopped;
                message = messages.next(stream, message.sequence() + 1, subject)) {
            one(message, move);
            moved++;
        }
        return moved;
    }

    void one(Found message, Move move) throws IOException {
        Delivery delivery;
        try {
            delivery = read(message);
        } catch (IllegalArgumentException e) { // it would be met first each time, and nothing behind it
            buryUnreadable(message, e);
            return;
        }
        move.to(delivery, message.position()).join();
        messages.delete(message.stream(), message.sequence());
    }

    /**
     * Whose the first delivery on a subject is; null when there is none, or it was no delivery: the next look meets the
     * next one.
     */
    String hookOfFirst(String stream, String subject) throws IOException {
        Found first = messages.next(stream, 1, subject);
        if (first == null) {
            return null;
        }
        try {
            return read(first).hook();
        } catch (IllegalArgumentException e) {
            buryUnreadable(first, e);
            return null;
        }
    }

    /** Ends what is under way after the message in hand. */
    void stop() {
        stopped = true;
    }

    private void buryUnreadable(Found message, IllegalArgumentException why) throws IOException {
        store.deadLetterUnreadable(
                        Dispatcher.ROUTE, message.position(), message.subject(), message.body(), why.getMessage())
                .join();
        messages.delete(message.stream(), message.sequence());
    }

    private static Delivery read(Found message) {
        return Delivery.read(message.headers()::get, message.body());
    }
}
