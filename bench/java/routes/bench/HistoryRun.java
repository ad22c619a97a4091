package routes.bench;

import java.util.List;

/** Only the case with many readers of a long history. */
final class HistoryRun {

    private static final int HOOKS = 100;
    private static final int SAMPLE = 20;
    private static final double WARM_UP = 15;

    private final Run run;
    private final Progress progress;

    HistoryRun(Run run, Progress progress) {
        this.run = run;
        this.progress = progress;
    }

    Figures measure() throws Exception {
        progress.step("preparing events");
        Receiver receiver = run.receiver(0);
        List<WorkloadHook> hooks = WorkloadHook.first(HOOKS, receiver::url);
        Workload events = Workload.of(hooks, 0.1, 0, SAMPLE);
        Application application = run.readyApplication(hooks);
        Routing routing = new Routing(application, receiver, run.numbers(), hook -> true);
        new Rounds(progress)
                .warmUp(
                        new Rounds.Contender("%,d hooks".formatted(HOOKS), count -> routing.round(events, count)),
                        WARM_UP);
        Figures figures = new Figures();
        figures.readers = new HistoryCase(progress, application, receiver, events, run.numbers()).measure();
        figures.seconds = progress.seconds();
        return figures;
    }
}
