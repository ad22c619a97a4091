package routes.hooks.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import routes.event.OpsEvent;
import routes.nats.NatsBus;
import routes.nats.Streams;
import routes.nats.history.EventHistory;
import routes.nats.history.HistoryPage;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;
import routes.nats.history.Query;
import routes.nats.history.Stored;

/**
 * The deliveries that were given up: listed, replayed and discarded. Replaying and discarding go from the newest to the
 * oldest, so that what becomes a dead letter meanwhile, perhaps again, is not met; and they end after {@link #LONGEST}
 * at the latest, to be called again for the rest.
 */
@Component
public final class DeadLetters {

    static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration LIST = Duration.ofSeconds(5);
    private static final int MOST_TEXT = 32 << 20;
    private static final int BATCH = 200;
    private static final int MOST_NAMED = 100;

    private final DeliveryStore store;
    private final EventHistory letters;
    private final DeadLetterMoves moves;

    DeadLetters(NatsBus bus, HistoryReads reads, DeliveryStore store, Targets targets) {
        this.store = store;
        this.letters = new EventHistory(reads.bus(), Streams.DEADLETTERS);
        this.moves = new DeadLetterMoves(bus, store, targets);
    }

    /**
     * @param list the newest first
     * @param next {@code before} of the next page; 0 on the last one
     * @param total how many there are, or with {@code totalExact} false how many there are at least
     * @param stopped the limit that ended the search before all was read, for people; else null
     */
    public record Page(List<DeadLetter> list, long next, long total, boolean totalExact, String stopped) {}

    /** @param why for people */
    public record Skipped(long sequence, String why) {}

    /**
     * @param count how many left the dead letters
     * @param skipped those that stay, at most {@value #MOST_NAMED} of them
     * @param skippedTotal how many stay
     * @param next {@code before} of the next call when there is more to do, else 0
     */
    public record Outcome(long count, List<Skipped> skipped, long skippedTotal, long next) {}

    /** What became of them so far. */
    private static final class Tally implements DeadLetterMoves.Tally {

        private final List<Skipped> named = new ArrayList<>();
        private long count;
        private long skipped;

        @Override
        public void left(long more) {
            count += more;
        }

        @Override
        public void skip(long sequence, String why) {
            skipped++;
            if (named.size() < MOST_NAMED) {
                named.add(new Skipped(sequence, why));
            }
        }

        Outcome outcome(long next) {
            return new Outcome(count, List.copyOf(named), skipped, next);
        }
    }

    /**
     * @param before only those below this sequence
     * @param skip so many newer ones are left out
     * @param limit most of them; there may be fewer when they are large or seldom, and {@code next} says where to go on
     * @param read the request it is for
     * @throws IOException when NATS is away
     */
    public Page list(DeadLetterChoice choice, long before, int skip, int limit, HistoryRead read) throws IOException {
        HistoryPage found = letters.newestFirst(
                query(choice, before).skip(skip).limit(limit).within(LIST).by(read));
        List<DeadLetter> list = new ArrayList<>();
        long next = found.next();
        long bytes = 0;
        for (Stored stored : found.events()) {
            if (bytes > MOST_TEXT) {
                next = list.get(list.size() - 1).sequence();
                break;
            }
            DeadLetter letter = row(stored);
            bytes += letter.text().length();
            list.add(letter);
        }
        return choice.isBySubject()
                ? new Page(list, next, found.matching(), true, found.stopped())
                : new Page(
                        list,
                        next,
                        found.skipped() + list.size() + (next == 0 ? 0L : 1L),
                        next == 0 && before == Long.MAX_VALUE,
                        found.stopped());
    }

    private DeadLetter row(Stored stored) throws IOException {
        try {
            Delivery delivery = DeadLetter.delivery(stored);
            byte[] event = store.event(delivery);
            return DeadLetter.of(
                    stored,
                    delivery,
                    event == null
                            ? "(the event was too large to travel along and is no longer in its stream)"
                            : OpsEvent.parse(delivery.subject(), event, delivery.eventId())
                                    .text());
        } catch (IllegalArgumentException e) {
            return DeadLetter.withoutHook(stored, e.getMessage());
        }
    }

    private static Query query(DeadLetterChoice choice, long before) {
        return Query.of(choice.pattern()).before(before).where(choice::wants);
    }

    /**
     * Gives them back to their hooks: attempt 1 again, with as much time as a new delivery has. Each leaves the dead
     * letters when its delivery is stored. One whose hook does not run stays.
     *
     * @param before {@link Outcome#next} of the call before, else {@link Long#MAX_VALUE}
     * @param who for the log
     * @throws IOException when NATS is away or takes no more deliveries; what was not replayed is still a dead letter
     */
    public Outcome replay(DeadLetterChoice choice, long before, String who) throws IOException {
        return sweep("replayed", choice, before, who, moves::replay);
    }

    /** Deletes them. Parameters and exceptions as for {@link #replay}. */
    public Outcome discard(DeadLetterChoice choice, long before, String who) throws IOException {
        return choice.isBySubject()
                ? say("discarded", choice, who, tally -> moves.purge(choice.pattern(), tally))
                : sweep("discarded", choice, before, who, moves::discard);
    }

    private interface Move {
        void move(List<Stored> batch, Tally tally) throws IOException;
    }

    private Outcome sweep(String done, DeadLetterChoice choice, long before, String who, Move move) throws IOException {
        return say(done, choice, who, tally -> sweep(choice, before, move, tally));
    }

    private interface Work {
        /** @return where to go on, 0 when all is done */
        long on(Tally tally) throws IOException;
    }

    /** One line in the log, whatever comes of it. */
    private static Outcome say(String done, DeadLetterChoice choice, String who, Work work) throws IOException {
        Tally tally = new Tally();
        String trouble = "";
        try {
            return tally.outcome(work.on(tally));
        } catch (IOException e) {
            trouble = "; then " + e.getMessage();
            throw new IOException(tally.count + " dead letters were " + done + ", the rest stay: " + e.getMessage(), e);
        } finally {
            LOG.info(
                    "dead letters: {} {} by {} (chosen: {}), {} skipped{}",
                    tally.count,
                    done,
                    who.replaceAll("\\p{Cntrl}", " "),
                    choice,
                    tally.skipped,
                    trouble);
        }
    }

    private long sweep(DeadLetterChoice choice, long before, Move move, Tally tally) throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        long next = before;
        do {
            Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
            if (choice.sequences() == null) {
                HistoryPage page =
                        letters.newestFirst(query(choice, next).limit(BATCH).within(left));
                move.move(page.events(), tally);
                next = page.next();
            } else {
                next = moveChosen(choice.sequences(), next, move, tally);
            }
        } while (next != 0 && end - System.nanoTime() > 0);
        return next;
    }

    private long moveChosen(List<Long> sequences, long before, Move move, Tally tally) throws IOException {
        List<Long> left =
                sequences.stream().filter(sequence -> sequence < before).toList();
        List<Long> batch = left.subList(0, Math.min(BATCH, left.size()));
        List<Stored> found = new ArrayList<>();
        for (long sequence : batch) {
            letters.at(sequence)
                    .ifPresentOrElse(
                            found::add,
                            () -> tally.skip(
                                    sequence,
                                    "there is no such dead letter: it was replayed, discarded, or became too old"));
        }
        move.move(found, tally);
        return batch.size() < left.size() ? batch.get(batch.size() - 1) : 0;
    }
}
