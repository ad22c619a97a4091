package routes.bench;

import java.util.List;
import java.util.Map;

/** Events that come in over HTTP, one a request and in batches, beside what the bus carries without opsbus. */
final class PushCase {

    static final int BATCH = 100;
    static final int PER_SECOND = 2_000;

    private static final double WARM_UP = 10;
    private static final int TURNS = 5;
    private static final double SECONDS_A_TURN = 6;
    private static final double STEADY = 20;

    private final Run run;
    private final Progress progress;
    private final Application application;
    private final Workload ofTheBus;

    /** @param ofTheBus events that the bus alone carries */
    PushCase(Run run, Progress progress, Application application, Workload ofTheBus) {
        this.run = run;
        this.progress = progress;
        this.application = application;
        this.ofTheBus = ofTheBus;
    }

    Figures.Pushes measure() throws Exception {
        Rounds rounds = new Rounds(progress);
        Pushing single = new Pushing(application, 1);
        Pushing batches = new Pushing(application, BATCH);
        Ceiling bus = run.ceiling();
        List<Rounds.Contender> contenders = List.of(
                new Rounds.Contender(Figures.CEILING, count -> bus.round(ofTheBus, count)),
                new Rounds.Contender("pushes over HTTP", single::round),
                new Rounds.Contender("pushes over HTTP, batches of " + BATCH, batches::round));
        List<Double> rates = List.of(
                rounds.warmUp(contenders.get(0), 1.5),
                rounds.warmUp(contenders.get(1), WARM_UP),
                rounds.warmUp(contenders.get(2), WARM_UP / 2));
        Map<String, Samples> samples = rounds.take(contenders, rates, TURNS, TURNS * SECONDS_A_TURN);
        run.end(bus);
        progress.step("%,d pushes/s over HTTP".formatted(PER_SECOND));
        return new Figures.Pushes(
                samples.get(contenders.get(1).name()),
                samples.get(contenders.get(2).name()),
                samples.get(Figures.CEILING),
                single.steady(PER_SECOND, STEADY));
    }
}
