package routes.bench;

import java.util.ArrayList;
import java.util.List;

/** How much many readers of a long history take from the router and delivery: rounds with them and without in turn. */
final class HistoryCase {

    static final int READERS = 200;
    static final int EVENTS = 1_000_000;
    private static final int CHUNK = 50_000;
    private static final int TURNS = 9;
    private static final double SECONDS_A_TURN = 6;
    private static final int PER_SECOND = 1_000;
    private static final double UNMEASURED = 2;
    private static final double SECONDS = 15;
    private static final int MISSING = 20;

    private final Progress progress;
    private final Application application;
    private final Routing routing;
    private final Workload events;
    private final Numbers numbers;

    /** @param application warm */
    HistoryCase(Progress progress, Application application, Receiver receiver, Workload events, Numbers numbers) {
        this.progress = progress;
        this.application = application;
        this.routing = new Routing(application, receiver, numbers, hook -> true).keepingEvents();
        this.events = events;
        this.numbers = numbers;
    }

    Figures.Readers measure() throws Exception {
        fill();
        Samples quiet = new Samples();
        Samples stormy = new Samples();
        Samples ratios = new Samples();
        List<Latencies> quietLatencies = new ArrayList<>();
        List<Latencies> stormyLatencies = new ArrayList<>();
        double rate;
        try (Readers readers = new Readers(application, READERS)) { // all is warm, what reads too
            rate = routing.round(events, CHUNK);
        }
        long answered = 0;
        long refused = 0;
        for (int turn = 1; turn <= TURNS; turn++) {
            int count = (int) (rate * SECONDS_A_TURN);
            for (int i = 0; i < 2; i++) {
                if ((turn + i) % 2 == 1) { // who begins is troubled differently
                    rate = routing.round(events, count);
                    quiet.add(rate);
                    quietLatencies.add(routing.steady(events, PER_SECOND, UNMEASURED, SECONDS));
                } else {
                    try (Readers readers = new Readers(application, READERS)) {
                        stormy.add(routing.round(events, count));
                        stormyLatencies.add(routing.steady(events, PER_SECOND, UNMEASURED, SECONDS));
                        answered += readers.answered();
                        refused += readers.refused();
                    }
                }
            }
            ratios.add(stormy.last() / quiet.last());
            progress.step("round %d of %d: %,.0f events/s, with %d readers %,.0f; p99 %.1f ms, with them %.1f"
                    .formatted(
                            turn,
                            TURNS,
                            quiet.last(),
                            READERS,
                            stormy.last(),
                            quietLatencies.get(turn - 1).millis(99),
                            stormyLatencies.get(turn - 1).millis(99)));
        }
        return new Figures.Readers(
                quiet,
                stormy,
                ratios,
                Latencies.of(quietLatencies),
                Latencies.of(stormyLatencies),
                answered,
                refused,
                explainMissing());
    }

    private void fill() throws Exception {
        for (long stored = application.bus().count();
                stored < EVENTS;
                stored = application.bus().count()) {
            progress.step("a history of %,d events: %,d".formatted(EVENTS, stored));
            routing.round(events, (int) Math.min(CHUNK, EVENTS - stored));
        }
    }

    /** How long explain takes for ids that do not exist, once their places are known. */
    private Latencies explainMissing() throws Exception {
        progress.step("explain, ids that do not exist");
        application.awaitExplainedWithin(200);
        long[] nanos = new long[MISSING];
        for (int i = 0; i < MISSING; i++) {
            long start = System.nanoTime();
            application.mustNotExplain("missing/" + numbers.take(1));
            nanos[i] = System.nanoTime() - start;
        }
        return new Latencies(nanos);
    }
}
