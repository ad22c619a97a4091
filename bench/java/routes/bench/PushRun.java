package routes.bench;

import java.util.List;

/** Only the case with events that come in over HTTP. */
final class PushRun {

    private static final int HOOKS = 100;
    private static final int SAMPLE = 20;

    private final Run run;
    private final Progress progress;

    PushRun(Run run, Progress progress) {
        this.run = run;
        this.progress = progress;
    }

    Figures measure() throws Exception {
        progress.step("preparing events");
        Receiver receiver = run.receiver(0);
        List<WorkloadHook> hooks = WorkloadHook.first(HOOKS, receiver::url);
        Application application = run.readyApplication(hooks);
        Figures figures = new Figures();
        figures.pushes =
                new PushCase(run, progress, application, Workload.of(hooks, Workload.SHARE, 0, SAMPLE)).measure();
        figures.seconds = progress.seconds();
        return figures;
    }
}
