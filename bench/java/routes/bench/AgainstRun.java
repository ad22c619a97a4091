package routes.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * This version and another one, each with a thousand hooks and a nats-server of its own, in turn: what else happens on
 * the machine troubles both.
 */
final class AgainstRun {

    private static final int HOOKS = 1_000;
    private static final int SAMPLE = 20;
    private static final double WARM_UP = 20;
    private static final int TURNS = 31;
    private static final double SECONDS_A_TURN = 4;
    private static final int PER_SECOND = 1_000;
    private static final int STEADY_TURNS = 5;
    private static final double UNMEASURED = 1;
    private static final double SECONDS = 6;

    private final Run run;
    private final Progress progress;
    private final Path other;

    /** @param other folder of a checkout of the other version */
    AgainstRun(Run run, Progress progress, Path other) {
        this.run = run;
        this.progress = progress;
        this.other = other;
    }

    /** One version's. */
    private static final class Side {
        private final Application application;
        private final Routing routing;
        private final Samples eventsPerSecond = new Samples();
        private final Samples microsOfCpu = new Samples();
        private final Samples p99 = new Samples();
        private double rate;

        private Side(Application application, Routing routing) {
            this.application = application;
            this.routing = routing;
        }

        private void round(Workload events) throws Exception {
            int count = (int) Math.max(1_000, rate * SECONDS_A_TURN);
            double before = application.figures().cpuSeconds();
            rate = routing.round(events, count);
            eventsPerSecond.add(rate);
            microsOfCpu.add((application.figures().cpuSeconds() - before) * 1e6 / count);
        }
    }

    Map<String, Samples> measure() throws Exception {
        progress.step("preparing events");
        Receiver receiver = run.receiver(0);
        List<WorkloadHook> hooks = WorkloadHook.first(HOOKS, receiver::url);
        Workload events = Workload.of(hooks, Workload.SHARE, 0, SAMPLE);
        Workload steady = Workload.of(hooks, 0.1, 0, 0);
        List<Side> sides =
                List.of(side(run.application(hooks), receiver), side(run.application(hooks, other), receiver));
        for (Side side : sides) {
            side.application.launch();
            side.application.awaitReady();
            side.rate = new Rounds(progress)
                    .warmUp(
                            new Rounds.Contender(
                                    "%,d hooks".formatted(HOOKS), count -> side.routing.round(events, count)),
                            WARM_UP);
        }
        Samples throughput = new Samples();
        Samples cpu = new Samples();
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < 2; i++) {
                sides.get((turn + i) % 2).round(events); // who begins is troubled differently
            }
            throughput.add(sides.get(0).eventsPerSecond.last()
                    / sides.get(1).eventsPerSecond.last());
            cpu.add(sides.get(0).microsOfCpu.last() / sides.get(1).microsOfCpu.last());
            progress.step("round %d of %d: events/s %.2f of the other's, processor time an event %.2f"
                    .formatted(turn + 1, TURNS, throughput.last(), cpu.last()));
        }
        for (int turn = 0; turn < STEADY_TURNS; turn++) {
            for (Side side : sides) {
                side.p99.add(side.routing
                        .steady(steady, PER_SECOND, UNMEASURED, SECONDS)
                        .millis(99));
            }
        }
        Map<String, Samples> figures = new LinkedHashMap<>();
        figures.put("events/s, of the other version's", throughput);
        figures.put("processor time an event, of the other version's", cpu);
        figures.put("events/s", sides.get(0).eventsPerSecond);
        figures.put("events/s, other version", sides.get(1).eventsPerSecond);
        figures.put("µs of processor time an event", sides.get(0).microsOfCpu);
        figures.put("µs of processor time an event, other version", sides.get(1).microsOfCpu);
        figures.put("publish to POST at 1,000 events/s, p99 in ms", sides.get(0).p99);
        figures.put("publish to POST at 1,000 events/s, p99 in ms, other version", sides.get(1).p99);
        figures.put(
                "resident memory in MB", one(sides.get(0).application.figures().megabytes()));
        figures.put(
                "resident memory in MB, other version",
                one(sides.get(1).application.figures().megabytes()));
        return figures;
    }

    private Side side(Application application, Receiver receiver) {
        return new Side(application, new Routing(application, receiver, run.numbers(), hook -> true));
    }

    private static Samples one(double value) {
        Samples samples = new Samples();
        samples.add(value);
        return samples;
    }
}
