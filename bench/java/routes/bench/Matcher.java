package routes.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import routes.hooks.match.HookIndex;
import routes.hooks.spec.EventHook;

/** The matcher alone: JMH, and how long the index takes to build. */
final class Matcher {

    /**
     * @param nanos per event, the median of iterations: on a busy machine one that had to wait would spoil their mean
     * @param error half of JMH's 99.9 % interval of the mean, NaN for iterations as short as a quick run's
     * @param bytes allocated per event, NaN when it was not measured
     */
    record Figure(int hooks, double share, double nanos, double error, double bytes) {}

    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final int BUILDS = 5;

    private final Path log;

    /** @param log what JMH says */
    Matcher(Path log) {
        this.log = log;
    }

    /** Within this process and briefly. */
    List<Figure> quick(int... hooks) {
        // the code is the same for all sizes, and the first one should not be the one that warms it up
        run(options(Workload.SHARE, 1_000)
                .forks(0)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(100)));
        return run(options(Workload.SHARE, hooks)
                .forks(0)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(9)
                .measurementTime(TimeValue.milliseconds(80)));
    }

    /** In a JVM of its own for each figure, with what it allocates. */
    List<Figure> full(double share, int... hooks) {
        return run(options(share, hooks)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class));
    }

    private ChainedOptionsBuilder options(double share, int... hooks) {
        System.setProperty("jmh.ignoreLock", "true"); // the lock is the machine's, and a run that was killed leaves it
        return new OptionsBuilder()
                .include(MatcherBenchmark.class.getName() + "\\.")
                .output(log.toString())
                .shouldFailOnError(true)
                .param("share", Double.toString(share))
                .param("hooks", Arrays.stream(hooks).mapToObj(Integer::toString).toArray(String[]::new));
    }

    private List<Figure> run(ChainedOptionsBuilder options) {
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            return results.stream().map(Matcher::figure).toList();
        } catch (RunnerException e) {
            throw new BenchFailure("JMH failed; its log is " + log, e);
        }
    }

    private static Figure figure(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        double bytes = result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(ALLOCATED))
                .mapToDouble(entry -> entry.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
        return new Figure(
                Integer.parseInt(result.getParams().getParam("hooks")),
                Double.parseDouble(result.getParams().getParam("share")),
                time.getStatistics().getPercentile(50),
                result.getParams().getForks() == 0 ? Double.NaN : time.getScoreError(),
                bytes);
    }

    /** @return milliseconds to build the index of so many hooks, in a warm JVM */
    static double buildMillis(int hooks) {
        List<EventHook> all = WorkloadHook.first(hooks, number -> "http://127.0.0.1/" + number).stream()
                .map(WorkloadHook::hook)
                .toList();
        Samples millis = new Samples();
        for (int i = 0; i < BUILDS; i++) {
            long start = System.nanoTime();
            new HookIndex(all);
            if (i > 0) {
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return millis.median();
    }
}
