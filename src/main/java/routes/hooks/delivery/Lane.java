package routes.hooks.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What one hook may use of the workers: a few slots, earned one by one as its endpoint answers and lost but one while it times out, and a small
 * waiting room. What finds neither goes to the retry ladder, at the shortest level that is not yet full: a level is full when it
 * holds what the hook can deliver until the next longer level comes round, so that slots never run dry and a backlog does not circle.
 * Thread-safe; never waits.
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
    private static final int SMALLEST_ROOM = 8;
    private static final int LARGEST_ROOM = 1_000;
    private static final double LATENCY_AT_FIRST = 0.05;
    private static final double RATE_WINDOW = 5;
    private static final double SLOWEST_RATE = 1;
    private static final int FAILING = 3;

    private final int mostSlots;
    private final List<RetryLevel> ladder;
    private final AtomicInteger waitingEverywhere;
    private final int mostWaitingEverywhere;
    private final LongSupplier nanoTime;

    private final Deque<T> waiting = new ArrayDeque<>();
    private final double[] held;
    private final long[] heldAt;
    private int slots = EARLY_SLOTS;
    private int running;
    private boolean timingOut;
    private int failures;
    private double latency = LATENCY_AT_FIRST;
    private double answers;
    private long answersAt;

    /**
     * @param waitingEverywhere     shared by all lanes: deliveries in their waiting rooms
     * @param mostWaitingEverywhere bounds the memory of all waiting rooms together
     */
    Lane(
            int mostSlots,
            List<RetryLevel> ladder,
            AtomicInteger waitingEverywhere,
            int mostWaitingEverywhere,
            LongSupplier nanoTime) {
        this.mostSlots = mostSlots;
        this.slots = Math.min(EARLY_SLOTS, mostSlots);
        this.ladder = ladder;
        this.waitingEverywhere = waitingEverywhere;
        this.mostWaitingEverywhere = mostWaitingEverywhere;
        this.nanoTime = nanoTime;
        this.held = new double[ladder.size()];
        this.heldAt = new long[ladder.size()];
    }

    synchronized Place offer(T delivery) {
        if (running < slots && waiting.isEmpty()) {
            running++;
            return Place.SLOT;
        }
        if (timingOut || waiting.size() >= room() || waitingEverywhere.get() >= mostWaitingEverywhere) {
            return Place.NONE;
        }
        waiting.add(delivery);
        waitingEverywhere.incrementAndGet();
        return Place.ROOM;
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

    /** Taken, or refused for good: either way the endpoint is as fast as that. @return waiting deliveries that now have a slot */
    synchronized List<T> answered(Duration took) {
        failures = 0;
        if (timingOut) {
            timingOut = false;
            slots = Math.min(EARLY_SLOTS, mostSlots);
        } else {
            slots = Math.min(mostSlots, slots + 1);
        }
        learnLatency(seconds(took));
        long now = nanoTime.getAsLong();
        answers = answers(now) + 1;
        answersAt = now;
        return released();
    }

    /**
     * Quick to believe that an endpoint is fast, slow to believe the opposite: a burst that meets a few slow answers, of a JVM that has just started
     * or a machine that was busy, would else wait for minutes on a long level while the slots are free. The other mistake costs some messages.
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
        return released();
    }

    /** @return all waiting deliveries: an endpoint that hangs keeps one worker and lets nobody wait behind it */
    synchronized List<T> timedOut() {
        failures++;
        timingOut = true;
        slots = 1;
        running--;
        List<T> all = new ArrayList<>(waiting);
        waiting.clear();
        waitingEverywhere.addAndGet(-all.size());
        return all;
    }

    private List<T> released() {
        running--;
        List<T> next = new ArrayList<>(2);
        while (running < slots && !waiting.isEmpty()) {
            next.add(waiting.poll());
            waitingEverywhere.decrementAndGet();
            running++;
        }
        return next;
    }

    /** How many deliveries would find a place now. */
    synchronized int free() {
        int left = Math.min(room() - waiting.size(), mostWaitingEverywhere - waitingEverywhere.get());
        return Math.max(0, slots - running) + (timingOut ? 0 : Math.max(0, left));
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

    private int room() {
        return (int) Math.max(SMALLEST_ROOM, Math.min(LARGEST_ROOM, capacity()));
    }

    /** Deliveries per second that can be expected: what the slots allow while the endpoint answers, what it really answers while it fails. */
    private double capacity() {
        return isFailing()
                ? Math.max(SLOWEST_RATE, answers(nanoTime.getAsLong()) / RATE_WINDOW)
                : mostSlots / Math.max(0.001, latency);
    }

    private double answers(long now) {
        return answers * Math.exp(-(now - answersAt) / 1e9 / RATE_WINDOW);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
