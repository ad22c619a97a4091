package routes.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All figures, each application in a JVM of its own, with more rounds and the heavy case. */
final class FullRun {

    private static final int STARTS = 3;
    private static final int TURNS = 13;
    private static final double WARM_UP = 40;
    private static final double SECONDS_A_TURN = 6;
    private static final int COST_TURNS = 3;
    private static final double COST_SECONDS_A_TURN = 6;
    private static final double LATENCY = 30;
    private static final double LATENCY_UNMEASURED = 3;
    static final int TAIL_CLIENTS = 100;
    static final int TAIL_EVENTS = 100;
    private static final int SAMPLE = 400;
    private static final int FEW = 20;
    private static final long MILLISECOND = 1_000_000;
    private static final int ONE_DOWN_IN = 20;

    private final Run run;
    private final Progress progress;
    private final Rounds rounds;
    final Figures figures = new Figures();

    FullRun(Run run, Progress progress) {
        this.run = run;
        this.progress = progress;
        this.rounds = new Rounds(progress);
    }

    Figures measure() throws Exception {
        progress.step("preparing events");
        Receiver receiver = run.receiver(0);
        List<WorkloadHook> hooks = WorkloadHook.first(1_000, receiver::url);
        Map<Integer, Workload> events = new TreeMap<>();
        for (int count : List.of(10, 100, 1_000)) {
            events.put(count, Workload.of(hooks.subList(0, count), Workload.SHARE, 0, SAMPLE));
        }
        figures.eventBytes = events.get(1_000).bytes();

        Map<Integer, Application> applications = new TreeMap<>();
        applications.put(10, run.application(hooks.subList(0, 10)));
        applications.put(100, startOften(receiver, events.get(100)));
        applications.put(1_000, startOften(receiver, events.get(1_000)));
        Application large = applications.get(1_000);
        Thread.sleep(5_000);
        figures.idleMegabytes = large.figures().megabytes();
        applications.get(10).launch();
        applications.get(10).awaitReady();

        matcher();
        try (ProcessFigures underLoad = large.figures().start()) {
            Routing routing = throughput(receiver, applications, events);
            progress.step("latency at 1,000 events/s");
            figures.latencies = routing.steady(Workload.of(hooks, 0.1, 0, SAMPLE), 1_000, LATENCY_UNMEASURED, LATENCY);
            figures.machine = routing.machine();
            figures.loadMegabytes = underLoad.mostMegabytes();
            figures.threads = underLoad.mostThreads();
            figures.repeated += routing.repeated();
        }
        run.end(applications.get(10));
        run.end(applications.get(100));
        costs(receiver, large, hooks);
        figures.pushes = new PushCase(run, progress, large, events.get(1_000)).measure();
        figures.readers =
                new HistoryCase(progress, large, receiver, Workload.of(hooks, 0.1, 0, FEW), run.numbers()).measure();
        tail(receiver, large, hooks);
        run.end(large);
        heavy();
        figures.seconds = progress.seconds();
        return figures;
    }

    /** The last one goes on running. */
    private Application startOften(Receiver receiver, Workload events) throws Exception {
        for (int start = 1; ; start++) {
            progress.step("starting opsbus with %,d hooks, %d of %d"
                    .formatted(events.hooks().size(), start, STARTS));
            Application application = run.application(events.hooks());
            figures.started(events.hooks().size(), StartUp.of(application, receiver, events, run.numbers()));
            if (start == STARTS) {
                return application;
            }
            run.end(application);
        }
    }

    private void matcher() {
        Matcher matcher = new Matcher(run.log("jmh.log"));
        for (int hooks : new int[] {10, 100, 1_000, 10_000}) {
            progress.step("matcher, %,d hooks".formatted(hooks));
            figures.matcher.addAll(matcher.full(Workload.SHARE, hooks));
        }
        progress.step("matcher, events that match nothing");
        figures.unmatched.addAll(matcher.full(0, 10, 10_000));
        progress.step("matcher, compiling 10,000 hooks");
        figures.buildMillis = Matcher.buildMillis(10_000);
    }

    /** @return the one with 1,000 hooks, warm */
    private Routing throughput(Receiver receiver, Map<Integer, Application> applications, Map<Integer, Workload> events)
            throws Exception {
        Ceiling bus = run.ceiling();
        List<Rounds.Contender> contenders = new ArrayList<>();
        Map<Integer, Routing> routings = new TreeMap<>();
        contenders.add(new Rounds.Contender(Figures.CEILING, count -> bus.round(events.get(1_000), count)));
        applications.forEach((hooks, application) -> {
            routings.put(hooks, new Routing(application, receiver, run.numbers(), hook -> true));
            contenders.add(new Rounds.Contender(
                    name(hooks), count -> routings.get(hooks).round(events.get(hooks), count)));
        });
        Map<String, Samples> samples = rounds.take(contenders, warmUp(contenders), TURNS, TURNS * SECONDS_A_TURN);
        samples.get(Figures.CEILING).copyTo(figures.ceiling);
        routings.forEach((hooks, routing) -> figures.rate(hooks, samples.get(name(hooks))));
        run.end(bus);
        return routings.get(1_000);
    }

    private static String name(int hooks) {
        return "%,d hooks".formatted(hooks);
    }

    private List<Double> warmUp(List<Rounds.Contender> contenders) throws Exception {
        List<Double> rates = new ArrayList<>();
        for (Rounds.Contender contender : contenders) {
            rates.add(rounds.warmUp(contender, WARM_UP));
        }
        return rates;
    }

    private void costs(Receiver receiver, Application application, List<WorkloadHook> hooks) throws Exception {
        Routing routing = new Routing(application, receiver, run.numbers(), hook -> true);
        for (int bytes : new int[] {0, 2_000, 8_000}) {
            Workload events = Workload.of(hooks, Workload.SHARE, bytes, FEW);
            figures.byBytes.add(cost(events.bytes(), events, routing));
        }
        for (double share : new double[] {0.001, 0.01, 0.1}) {
            figures.byShare.add(cost(share, Workload.of(hooks, share, 0, FEW), routing));
        }
    }

    private Figures.Cost cost(double at, Workload events, Routing routing) throws Exception {
        progress.step("1,000 hooks, events of %,.0f bytes, %s of them match".formatted(events.bytes(), events.share()));
        Ceiling bus = run.ceiling();
        Rounds.Contender ceiling = new Rounds.Contender(Figures.CEILING, count -> bus.round(events, count));
        Rounds.Contender opsbus = new Rounds.Contender(name(1_000), count -> routing.round(events, count));
        List<Double> rates = List.of(rounds.warmUp(ceiling, 1.5), rounds.warmUp(opsbus, 1.5));
        Map<String, Samples> samples =
                rounds.take(List.of(ceiling, opsbus), rates, COST_TURNS, COST_TURNS * COST_SECONDS_A_TURN);
        run.end(bus);
        return new Figures.Cost(
                at,
                samples.get(opsbus.name()).median(),
                samples.get(Figures.CEILING).median());
    }

    void tail(Receiver receiver, Application application, List<WorkloadHook> hooks) throws Exception {
        progress.step("live tail: %d clients, %d events/s for each".formatted(TAIL_CLIENTS, TAIL_EVENTS));
        Routing routing = new Routing(application, receiver, run.numbers(), hook -> true);
        Workload events = Workload.of(hooks, Workload.SHARE, 0, FEW);
        long before = application.bus().lastSequence();
        long unmeasured = (long) LATENCY_UNMEASURED * TAIL_EVENTS;
        try (TailClients clients = new TailClients(application.port(), application.token(), TAIL_CLIENTS)) {
            routing.steady(events, TAIL_EVENTS, LATENCY_UNMEASURED, LATENCY);
            Pace pace = routing.pace();
            figures.tail = clients.latencies(
                    before + unmeasured,
                    application.bus().lastSequence(),
                    sequence -> pace.dueAt(pace.first() + sequence - before - 1));
        }
        figures.repeated += routing.repeated();
    }

    /** Every tenth event matches, endpoints answer after a millisecond, one in twenty refuses connections. */
    private void heavy() throws Exception {
        progress.step("starting opsbus for the heavy case");
        Receiver slow = run.receiver(MILLISECOND);
        try (Socket nobodyListens = new Socket()) {
            nobodyListens.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String down = "http://127.0.0.1:" + nobodyListens.getLocalPort() + "/hooks/";
            List<WorkloadHook> hooks =
                    WorkloadHook.first(1_000, number -> works(number) ? slow.url(number) : down + number);
            Workload events = Workload.of(hooks, 0.1, 0, SAMPLE);
            Application application = run.readyApplication(hooks);
            Routing routing = new Routing(application, slow, run.numbers(), FullRun::works);
            Samples deliveries = new Samples();
            Rounds.Contender contender = new Rounds.Contender("heavy case", count -> routing.round(events, count));
            double rate = rounds.warmUp(contender, WARM_UP);
            Rounds.Contender counted = new Rounds.Contender("heavy case", count -> {
                double eventsPerSecond = routing.round(events, count);
                deliveries.add(routing.deliveriesPerSecond());
                return eventsPerSecond;
            });
            Samples routed = rounds.take(List.of(counted), List.of(rate), COST_TURNS, COST_TURNS * COST_SECONDS_A_TURN)
                    .get(counted.name());
            progress.step("heavy case: latency at 1,000 events/s");
            Latencies latencies = routing.steady(events, 1_000, LATENCY_UNMEASURED, LATENCY / 2);
            figures.heavy = new Figures.Heavy(routed, deliveries, latencies);
            figures.repeated += routing.repeated();
            run.end(application);
        }
    }

    private static boolean works(int hook) {
        return hook % ONE_DOWN_IN != 7;
    }
}
