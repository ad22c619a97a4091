package routes.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a delivery costs, and how soon it comes: at full speed, after a burst, an outage and a start. */
final class DeliveryRun {

    private static final int HOOKS = 1_000;
    private static final double WARM_UP = 20;
    private static final int ROUNDS = 7;
    private static final int EVENTS = 8_000;
    private static final int BURST = 10_000;
    /** Requests under way to one endpoint, {@code opsbus.delivery.in-flight} by default, at most. */
    private static final int IN_FLIGHT = 32;

    private static final Duration AT_MOST = Duration.ofMinutes(5);
    private static final Duration AWAY = Duration.ofSeconds(60);
    private static final int WAITING = 5_000;
    private static final int STARTS = 3;
    private static final int MANY = 200_000;
    private static final int STEPS = 4;

    private final Run run;
    private final Progress progress;
    private final Map<String, Samples> figures = new LinkedHashMap<>();

    DeliveryRun(Run run, Progress progress) {
        this.run = run;
        this.progress = progress;
    }

    Map<String, Samples> measure() throws Exception {
        progress.step("preparing events");
        Receiver receiver = run.receiver(0);
        List<WorkloadHook> hooks = WorkloadHook.first(HOOKS, receiver::url);
        starts(hooks, receiver);
        Application application = run.readyApplication(hooks);
        memory(application, receiver);
        fullSpeed(application, receiver);
        add("resident memory in MB, after all that", application.figures().megabytes());
        run.end(application);
        for (int millis : new int[] {0, 5, 50}) {
            burst(millis);
        }
        outage();
        return figures;
    }

    private void add(String name, double value) {
        figures.computeIfAbsent(name, none -> new Samples()).add(value);
    }

    private void starts(List<WorkloadHook> hooks, Receiver receiver) throws Exception {
        Workload matching = Workload.of(hooks, 1, 0, 0);
        for (int i = 0; i < STARTS; i++) {
            progress.step("start %d of %d".formatted(i + 1, STARTS));
            Application application = run.application(hooks);
            add(
                    "launch to first delivery, s, %,d hooks".formatted(HOOKS),
                    StartUp.of(application, receiver, matching, run.numbers()).deliveredSeconds());
            run.end(application);
        }
    }

    /** Every event matches; the client alone takes turns with it. */
    private void fullSpeed(Application application, Receiver receiver) throws Exception {
        Workload events = Workload.of(application.hooks(), 1, 0, 0);
        Routing routing = new Routing(application, receiver, run.numbers(), hook -> true);
        try (ClientAlone client = new ClientAlone(receiver, events)) {
            new Rounds(progress)
                    .warmUp(
                            new Rounds.Contender("deliveries", count -> routing.round(events, Math.min(count, EVENTS))),
                            WARM_UP);
            client.round(EVENTS);
            for (int round = 0; round < ROUNDS; round++) {
                progress.step("round %d of %d at full speed".formatted(round + 1, ROUNDS));
                double alone = client.round(EVENTS);
                double before = application.figures().cpuSeconds();
                routing.round(events, EVENTS);
                double cpu = application.figures().cpuSeconds() - before;
                add("HTTP client alone, requests/s", alone);
                add("deliveries/s", routing.deliveriesPerSecond());
                add("deliveries/s, of the client alone", routing.deliveriesPerSecond() / alone);
                add("ms of processor time a delivery", cpu * 1_000 / routing.deliveries());
            }
        }
    }

    private void memory(Application application, Receiver receiver) throws Exception {
        Workload events = Workload.of(application.hooks(), 0.1, 0, 0);
        Routing routing = new Routing(application, receiver, run.numbers(), hook -> true);
        String name = "resident memory in MB, ";
        add(name + "before", application.figures().megabytes());
        for (int step = 1; step <= STEPS; step++) {
            progress.step("memory, step %d of %d".formatted(step, STEPS));
            routing.round(events, MANY / STEPS);
            add(
                    name + "after %,d events, a tenth of them match".formatted(MANY / STEPS * step),
                    application.figures().megabytes());
        }
    }

    /** The first whose keywords are expressions: a workload needs one. */
    private static List<WorkloadHook> one(Receiver receiver) {
        return WorkloadHook.first(4, receiver::url).subList(3, 4);
    }

    /** To one endpoint that answers after some time. */
    private void burst(int millis) throws Exception {
        progress.step("a burst to an endpoint of %d ms".formatted(millis));
        Receiver receiver = run.receiver(millis * 1_000_000L);
        List<WorkloadHook> hook = one(receiver);
        Workload events = Workload.of(hook, 1, 0, 0);
        Application application = run.readyApplication(hook);
        Routing routing = new Routing(application, receiver, run.numbers(), any -> true);
        routing.round(events, 1_000); // classes and connections
        routing.round(events, BURST);
        double seconds = routing.deliveries() / routing.deliveriesPerSecond();
        add("burst of %,d, endpoint of %d ms, s".formatted(BURST, millis), seconds);
        if (millis > 0) {
            add(
                    "burst of %,d, endpoint of %d ms, of what %d requests at once take"
                            .formatted(BURST, millis, IN_FLIGHT),
                    seconds / (BURST * millis / 1_000.0 / IN_FLIGHT));
        }
        run.end(application);
    }

    /** The endpoint answers 503, and then again as it should. */
    private void outage() throws Exception {
        progress.step("an outage of %d s".formatted(AWAY.toSeconds()));
        Receiver receiver = run.receiver(0);
        List<WorkloadHook> hook = one(receiver);
        Workload events = Workload.of(hook, 1, 0, 0);
        Application application = run.readyApplication(hook);
        new Routing(application, receiver, run.numbers(), any -> true).round(events, 1_000);
        long from = run.numbers().take(WAITING);
        Deliveries deliveries = new Deliveries(events, from, from + WAITING, any -> true);
        receiver.listener(deliveries);
        receiver.fail(true);
        long end = System.nanoTime() + AWAY.toNanos();
        new Publisher(application.bus().jetStream()).publish(events, from, from + WAITING);
        Thread.sleep(Math.max(0, (end - System.nanoTime()) / 1_000_000));
        receiver.fail(false);
        long back = System.nanoTime();
        deliveries.awaitAll(AT_MOST);
        String name = "endpoint back after %d s with %,d waiting, ".formatted(AWAY.toSeconds(), WAITING);
        add(name + "s to the first", deliveries.latencies(from, number -> back).millis(0) / 1_000);
        add(name + "s to the last", (deliveries.lastAt() - back) / 1e9);
        run.end(application);
    }
}
