package routes.bench;

import java.util.Arrays;

/**
 * A thread that has nothing to do but to wake up at a pace. How late it wakes is what the machine adds to any latency:
 * on a virtual machine whose host gives the processor to others that may be most of it.
 */
final class Sleeper {

    private final Pace pace;
    private final int count;
    private final long[] late;
    private final Thread thread = new Thread(this::run, "sleeper");

    /** Begins at once. @param count of its turns, from the first one of the pace on */
    Sleeper(Pace pace, int count) {
        this.pace = pace;
        this.count = count;
        this.late = new long[count];
        thread.start();
    }

    private void run() {
        for (int turn = 0; turn < count; turn++) {
            pace.awaitTurnOf(pace.first() + turn);
            late[turn] = System.nanoTime() - pace.dueAt(pace.first() + turn);
        }
    }

    /** Waits for the last turn. @param unmeasured turns at the beginning that do not count */
    Latencies latencies(int unmeasured) throws InterruptedException {
        thread.join();
        return new Latencies(Arrays.copyOfRange(late, unmeasured, count));
    }
}
