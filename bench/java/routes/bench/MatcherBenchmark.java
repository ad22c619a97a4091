package routes.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import routes.hooks.match.HookIndex;
import routes.hooks.spec.EventHook;

/** Which hooks want an event: one call of the index, with the event's text at hand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MatcherBenchmark {

    @Param({"10", "100", "1000", "10000"})
    public int hooks;

    /** Of events that match. */
    @Param({"0.01"})
    public double share;

    private HookIndex index;
    private String[] subjects;
    private Supplier<String>[] texts;
    private int next;

    @Setup
    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
    public void prepare() {
        List<WorkloadHook> all = WorkloadHook.first(hooks, number -> "http://127.0.0.1/" + number);
        index = new HookIndex(all.stream().map(WorkloadHook::hook).toList());
        Workload workload = Workload.unchecked(all, share, 0);
        List<PreparedEvent> events =
                IntStream.range(0, Workload.ORDINARY).mapToObj(workload::event).toList();
        subjects = events.stream().map(PreparedEvent::subject).toArray(String[]::new);
        texts = events.stream()
                .map(PreparedEvent::text)
                .map(text -> (Supplier<String>) () -> text)
                .toArray(Supplier[]::new);
    }

    @Benchmark
    public List<EventHook> matching() {
        next = next + 1 == subjects.length ? 0 : next + 1;
        return index.matching(subjects[next], texts[next]);
    }
}
