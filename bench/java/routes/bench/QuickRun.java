package routes.bench;

import java.util.List;
import java.util.Map;

/**
 * The figures that every run has, in less than a minute: two applications, of which the one with a hundred hooks goes
 * on with ten. What is compared comes from the last rounds, when the JVMs are least cold; the time that is left goes
 * into them.
 */
final class QuickRun {

    private static final double END = 50;
    private static final double EARLY_ROUNDS = 2.5;
    private static final double LEAST_ROUNDS = 4;
    private static final double LATENCY = 4;
    private static final double LATENCY_UNMEASURED = 1;
    private static final int SAMPLE = 100;

    private final Run run;
    private final Progress progress;
    private final Figures figures = new Figures();

    QuickRun(Run run, Progress progress) {
        this.run = run;
        this.progress = progress;
    }

    Figures measure() throws Exception {
        progress.step("preparing events");
        Receiver receiver = run.receiver(0);
        List<WorkloadHook> hooks = WorkloadHook.first(1_000, receiver::url);
        Workload events10 = Workload.of(hooks.subList(0, 10), Workload.SHARE, 0, SAMPLE);
        Workload events100 = Workload.of(hooks.subList(0, 100), Workload.SHARE, 0, SAMPLE);
        Workload events1000 = Workload.of(hooks, Workload.SHARE, 0, SAMPLE);
        figures.eventBytes = events1000.bytes();
        Application small = start(receiver, events100);
        Application large = start(receiver, events1000);

        progress.step("matcher");
        figures.matcher.addAll(new Matcher(run.log("jmh.log")).quick(10, 1_000, 10_000));
        figures.idleMegabytes =
                large.figures().megabytes(); // some seconds after it was ready, and nothing has been asked of it

        Ceiling bus = run.ceiling();
        Routing smallRouting = new Routing(small, receiver, run.numbers(), hook -> true);
        Routing largeRouting = new Routing(large, receiver, run.numbers(), hook -> true);
        Rounds.Contender ceiling = new Rounds.Contender(Figures.CEILING, count -> bus.round(events1000, count));
        Rounds.Contender ten = new Rounds.Contender("10 hooks", count -> smallRouting.round(events10, count));
        Rounds.Contender hundred = new Rounds.Contender("100 hooks", count -> smallRouting.round(events100, count));
        Rounds.Contender thousand = new Rounds.Contender("1,000 hooks", count -> largeRouting.round(events1000, count));
        Rounds rounds = new Rounds(progress);
        try (ProcessFigures underLoad = large.figures().start()) {
            double ceilingRate = rounds.warmUp(ceiling, 1.5);
            double hundredRate = rounds.warmUp(hundred, 3.5);
            double thousandRate = rounds.warmUp(thousand, 4);
            figures.rate(
                    100,
                    rounds.take(
                                    List.of(ceiling, hundred, thousand),
                                    List.of(ceilingRate, hundredRate, thousandRate),
                                    2,
                                    EARLY_ROUNDS)
                            .get(hundred.name()));
            small.keepFirst(10);
            double tenRate = rounds.warmUp(ten, 0.5);
            double left = Math.max(LEAST_ROUNDS, END - LATENCY - LATENCY_UNMEASURED - progress.seconds());
            Map<String, Samples> late =
                    rounds.take(List.of(ceiling, ten, thousand), List.of(ceilingRate, tenRate, thousandRate), 5, left);
            late.get(Figures.CEILING).copyTo(figures.ceiling);
            figures.rate(10, late.get(ten.name()));
            figures.rate(1_000, late.get(thousand.name()));

            progress.step("latency at 1,000 events/s");
            figures.latencies = largeRouting.steady(Workload.of(hooks, 0.1, 0, 0), 1_000, LATENCY_UNMEASURED, LATENCY);
            figures.machine = largeRouting.machine();
            figures.loadMegabytes = underLoad.mostMegabytes();
            figures.threads = underLoad.mostThreads();
        }
        figures.repeated = smallRouting.repeated() + largeRouting.repeated();
        figures.seconds = progress.seconds();
        return figures;
    }

    private Application start(Receiver receiver, Workload events) throws Exception {
        progress.step("starting opsbus with %,d hooks".formatted(events.hooks().size()));
        Application application = run.application(events.hooks());
        figures.started(events.hooks().size(), StartUp.of(application, receiver, events, run.numbers()));
        return application;
    }
}
