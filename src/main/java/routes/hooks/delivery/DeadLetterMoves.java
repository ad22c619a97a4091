package routes.hooks.delivery;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import routes.nats.MessageRefusedException;
import routes.nats.NatsBus;
import routes.nats.StreamMessages;
import routes.nats.Streams;
import routes.nats.history.Stored;

/**
 * What is done with a batch of dead letters. A dead letter is deleted after its delivery is stored; the delivery's
 * message id is made from its place, so that doing it twice stores one.
 */
final class DeadLetterMoves {

    private final StreamMessages messages;
    private final DeliveryStore store;
    private final Targets targets;

    DeadLetterMoves(NatsBus bus, DeliveryStore store, Targets targets) {
        this.messages = new StreamMessages(bus);
        this.store = store;
        this.targets = targets;
    }

    /** Told of what becomes of each. */
    interface Tally {

        /** So many more are no dead letters any longer. */
        void left(long more);

        /** It stays. @param why for people */
        void skip(long sequence, String why);
    }

    private record Moving(Stored letter, CompletableFuture<?> stored) {}

    void replay(List<Stored> letters, Tally tally) throws IOException {
        List<Moving> moving = new ArrayList<>();
        for (Stored letter : letters) {
            try {
                Delivery delivery = DeadLetter.delivery(letter);
                String whyNot = DeadLetter.isCut(letter)
                        ? "only the beginning of its event was kept, since NATS takes no more"
                        : whyNot(delivery);
                if (whyNot == null) {
                    moving.add(new Moving(letter, store.deliverAgain(delivery.again(Instant.now()), place(letter))));
                } else {
                    tally.skip(letter.sequence(), whyNot);
                }
            } catch (IllegalArgumentException e) {
                tally.skip(letter.sequence(), e.getMessage());
            }
        }
        settle(moving, tally);
    }

    /** With the time: a stream that was made anew counts from 1 again. */
    private static String place(Stored letter) {
        return Streams.DEADLETTERS + ":" + letter.sequence() + "@"
                + letter.stored().toEpochMilli();
    }

    private String whyNot(Delivery delivery) throws IOException {
        if (!targets.runs(delivery.hook())) {
            return targets.mayExist(delivery.hook())
                    ? "the hook " + delivery.hook()
                            + " does not run, since hooks can't be read; the log says which and why"
                    : "there is no hook " + delivery.hook() + "; create it again, or discard this";
        }
        return store.event(delivery) == null
                ? "the event was too large to travel along and is no longer in its stream"
                : null;
    }

    /** Deletes all whose delivery is stored, also when another failed. */
    private void settle(List<Moving> moving, Tally tally) throws IOException {
        IOException failure = null;
        for (Moving one : moving) {
            try {
                one.stored.join();
                delete(one.letter, tally);
            } catch (CompletionException e) {
                MessageRefusedException refused = MessageRefusedException.in(e);
                if (refused != null) {
                    tally.skip(one.letter.sequence(), refused.getMessage());
                } else {
                    failure = new IOException(
                            "NATS does not store the deliveries: "
                                    + e.getCause().getMessage(),
                            e.getCause());
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** All on a subject, however many. */
    long purge(String pattern, Tally tally) throws IOException {
        tally.left(messages.purge(Streams.DEADLETTERS, pattern));
        return 0;
    }

    void discard(List<Stored> letters, Tally tally) throws IOException {
        for (Stored letter : letters) {
            delete(letter, tally);
        }
    }

    /** Counts it unless another call was faster. */
    private void delete(Stored letter, Tally tally) throws IOException {
        if (messages.delete(Streams.DEADLETTERS, letter.sequence())) {
            tally.left(1);
        }
    }
}
