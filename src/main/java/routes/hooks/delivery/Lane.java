package routes.hooks.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What one hook may use of the workers: a few slots, earned one by one as its endpoint answers, more of them as long as
 * that does not make it slower, halved when it fails and lost but one while it times out. What finds no slot waits
 * here, in order, as far as there is memory: a hook alone may take three quarters of what all hooks have, the next one
 * three quarters of what is left, and so on. A hook that fails has a small waiting room only. What finds neither goes
 * to the retry ladder, at the shortest level that is not yet full: a level is full when it holds what the hook can
 * deliver until the next longer level comes round, so that slots never run dry and a backlog does not circle.
 * Thread-safe; never waits.
 *
 * <p>Long because slots, room and what an endpoint showed decide together, under one lock.
 *
 * @param <T> what is to be delivered
 */
final class Lane<T> {

    /** Where an offered delivery goes: attempt it now, it waits in the lane, or there is no room for it here. */
    enum Place {
        SLOT,
        ROOM,
        NONE
    }

    private static final int EARLY_SLOTS = 2;
    /** Every endpoint can be asked for so many at the same time; for more it must show that it gets no slower. */
    private static final int USUAL_SLOTS = 8;

    private static final double SLOWER = 1.5;
    private static final int SMALLEST_ROOM = 8;
    private static final int LARGEST_ROOM_OF_FAILING = 1_000;
    /** So many times what it leaves to the others a hook may take of the memory. */
    private static final int SHARE = 3;
    /** Smaller ones are few bytes under way, whatever their number: there is a worker for each. */
    static final int LARGE = 32 << 10;
    /** An attempt makes about so many of an event: as text, parsed, as JSON, as the body of a request. */
    static final int COPIES = 8;
    /** Of a delivery that waits, about. */
    private static final int USUAL_SIZE = 6_000;

    private static final int MOST_AT_ONCE = 1_000;
    private static final double LATENCY_AT_FIRST = 0.05;
    private static final double RATE_WINDOW = 5;
    private static final double SLOWEST_RATE = 1;
    /** So many failures in a row are the endpoint's, fewer may be a delivery's own. */
    static final int FAILING = 3;

    private final int mostSlots;
    private final List<RetryLevel> ladder;
    private final Memory memory;
    private final LongSupplier nanoTime;

    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
    private long bytes; // of those that wait
    private long bytesUnderWay; // of large ones
    private final double[] held;
    private final long[] heldAt;
    private int slots = EARLY_SLOTS;
    private int running;
    private boolean timingOut;
    private int failures;
    private double latency = LATENCY_AT_FIRST;
    private double usualLatency = LATENCY_AT_FIRST; // with no more than the usual slots
    private double answers;
    private long answersAt;

    /** For what waits in all lanes together, and for what is large and under way. */
    static final class Memory {
        static final long MOST_UNDER_WAY = 64 << 20;

        private final long most;
        private final AtomicLong used = new AtomicLong();
        private final AtomicLong underWay = new AtomicLong();

        /** @param most bytes */
        Memory(long most) {
            this.most = most;
        }

        long left() {
            return most - used.get();
        }

        /** Bytes of large deliveries that are attempted now, their copies included. */
        long underWay() {
            return underWay.get();
        }
    }

    private record Waiting<T>(T delivery, int bytes) {}

    /** @param memory shared by all lanes */
    Lane(int mostSlots, List<RetryLevel> ladder, Memory memory, LongSupplier nanoTime) {
        this.mostSlots = mostSlots;
        this.slots = Math.min(EARLY_SLOTS, mostSlots);
        this.ladder = ladder;
        this.memory = memory;
        this.nanoTime = nanoTime;
        this.held = new double[ladder.size()];
        this.heldAt = new long[ladder.size()];
    }

    /** @param size bytes that it takes while it waits */
    synchronized Place offer(T delivery, int size) {
        if (waiting.isEmpty() && mayStart(size)) {
            starts(size);
            return Place.SLOT;
        }
        if (!hasRoom(size)) {
            return Place.NONE;
        }
        waiting.add(new Waiting<>(delivery, size));
        takeMemory(size);
        return Place.ROOM;
    }

    /** One of each hook may always be under way, however large and whatever the others have. */
    private boolean mayStart(int size) {
        return running < slots
                && (running == 0
                        || size <= LARGE
                        || bytesUnderWay + underWay(size) <= SHARE * (Memory.MOST_UNDER_WAY - memory.underWay()));
    }

    private void starts(int size) {
        running++;
        takeUnderWay(underWay(size));
    }

    private static long underWay(int size) {
        return size <= LARGE ? 0 : (long) COPIES * size;
    }

    private void takeUnderWay(long size) {
        bytesUnderWay += size;
        memory.underWay.addAndGet(size);
    }

    /** To be told before its slot is given up, or what came of it. @param size as it was offered */
    synchronized void ends(int size) {
        takeUnderWay(-underWay(size));
    }

    private boolean hasRoom(int size) {
        if (timingOut || isFailing() && waiting.size() >= roomOfFailing()) {
            return false;
        }
        return bytes + size <= SHARE * memory.left();
    }

    /** The level of the ladder for a delivery that found no place. */
    synchronized RetryLevel levelWhenBusy() {
        double rate = capacity();
        long now = nanoTime.getAsLong();
        for (int i = 0; i < ladder.size() - 1; i++) {
            double full = Math.max(1, rate * seconds(ladder.get(i + 1).delay()));
            double left = Math.max(0, held[i] - full / seconds(ladder.get(i).delay()) * (now - heldAt[i]) / 1e9);
            if (left + 1 <= full) {
                held[i] = left + 1;
                heldAt[i] = now;
                return ladder.get(i);
            }
        }
        return ladder.get(ladder.size() - 1);
    }

    /**
     * Taken, or refused for good: either way the endpoint is as fast as that. @return waiting deliveries that now have
     * a slot
     */
    synchronized List<T> answered(Duration took) {
        failures = 0;
        if (timingOut) {
            timingOut = false;
            slots = Math.min(EARLY_SLOTS, mostSlots);
        } else {
            learnLatency(seconds(took));
            learnSlots();
        }
        long now = nanoTime.getAsLong();
        answers = answers(now) + 1;
        answersAt = now;
        return released();
    }

    /**
     * One more for each answer is twice as many in the time that one takes; above the usual as long as that time does
     * not grow.
     */
    private void learnSlots() {
        int usual = Math.min(USUAL_SLOTS, mostSlots);
        if (slots <= usual) {
            usualLatency = latency;
        }
        if (slots < usual || latency <= SLOWER * usualLatency) {
            slots = Math.min(mostSlots, slots + 1);
        } else if (slots > usual) {
            slots--;
        }
    }

    /**
     * Quick to believe that an endpoint is fast, slow to believe the opposite: a burst that meets a few slow answers,
     * of a JVM that has just started or a machine that was busy, would else wait for minutes on a long level while the
     * slots are free. The other mistake costs some messages.
     */
    private void learnLatency(double took) {
        latency += took < latency ? 0.2 * (took - latency) : 0.05 * (Math.min(took, 2 * latency) - latency);
    }

    /** A slot was not used after all. @return waiting deliveries that now have one */
    synchronized List<T> gaveUpSlot() {
        return released();
    }

    /** @return waiting deliveries that now have a slot */
    synchronized List<T> failed() {
        failures++;
        slots = Math.max(Math.min(EARLY_SLOTS, slots), slots / 2);
        return released();
    }

    /** @return all waiting deliveries: an endpoint that hangs keeps one worker and lets nobody wait behind it */
    synchronized List<T> timedOut() {
        failures++;
        timingOut = true;
        slots = 1;
        running--;
        return emptied();
    }

    private List<T> emptied() {
        List<T> all = waiting.stream().map(Waiting::delivery).toList();
        waiting.clear();
        takeMemory(-bytes);
        return all;
    }

    private void takeMemory(long size) {
        bytes += size;
        memory.used.addAndGet(size);
    }

    private List<T> released() {
        running--;
        List<T> next = new ArrayList<>(2);
        while (!waiting.isEmpty() && mayStart(waiting.peek().bytes)) {
            Waiting<T> first = waiting.poll();
            takeMemory(-first.bytes);
            next.add(first.delivery);
            starts(first.bytes);
        }
        return next;
    }

    /** @return waiting deliveries, the last ones, that a hook that fails has no room for */
    synchronized List<T> excess() {
        Deque<T> excess = new ArrayDeque<>();
        while (isFailing() && waiting.size() > roomOfFailing()) {
            Waiting<T> last = waiting.pollLast();
            takeMemory(-last.bytes);
            excess.addFirst(last.delivery);
        }
        return List.copyOf(excess);
    }

    /** @return all waiting deliveries: they are not attempted any more */
    synchronized List<T> close() {
        return emptied();
    }

    /** How many more deliveries would find a place now, about. */
    synchronized int free() {
        long room = timingOut ? 0 : Math.max(0, (SHARE * memory.left() - bytes) / (SHARE + 1) / USUAL_SIZE);
        if (isFailing()) {
            room = Math.min(room, Math.max(0, roomOfFailing() - waiting.size()));
        }
        return (int) Math.min(MOST_AT_ONCE, Math.max(0, slots - running) + room);
    }

    /** Whether nothing of it is under way. */
    synchronized boolean isIdle() {
        return running == 0;
    }

    synchronized boolean isFailing() {
        return failures >= FAILING || timingOut;
    }

    synchronized boolean isTimingOut() {
        return timingOut;
    }

    private int roomOfFailing() {
        return (int) Math.max(SMALLEST_ROOM, Math.min(LARGEST_ROOM_OF_FAILING, capacity()));
    }

    /**
     * Deliveries per second that can be expected: what the slots allow while the endpoint answers, what it really
     * answers while it fails.
     */
    private double capacity() {
        return isFailing()
                ? Math.max(SLOWEST_RATE, answers(nanoTime.getAsLong()) / RATE_WINDOW)
                : Math.max(slots, Math.min(USUAL_SLOTS, mostSlots)) / Math.max(0.001, latency);
    }

    private double answers(long now) {
        return answers * Math.exp(-(now - answersAt) / 1e9 / RATE_WINDOW);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
