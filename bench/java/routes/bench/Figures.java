package routes.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run has measured. What it has not measured is absent or NaN. */
final class Figures {

    static final String CEILING = "ceiling";

    /**
     * The case with many matches and some dead endpoints.
     *
     * @param latencies at 1,000 events/s, deliveries of hooks whose endpoint works
     */
    record Heavy(Samples eventsPerSecond, Samples deliveriesPerSecond, Latencies latencies) {}

    /**
     * Events that come in over HTTP.
     *
     * @param most pushes answered per second, as fast as it goes, each of one event
     * @param batches events answered per second, in batches of {@link PushCase#BATCH}
     * @param ceiling of the bus, in the rounds between
     * @param latencies of a steady rate
     */
    record Pushes(Samples most, Samples batches, Samples ceiling, Latencies latencies) {}

    /**
     * Readers of a long history beside the router, and without them.
     *
     * @param ratios events per second with them and without, round by round
     * @param explained how long explain takes for an id that does not exist
     */
    record Readers(
            Samples quiet,
            Samples stormy,
            Samples ratios,
            Latencies quietLatencies,
            Latencies stormyLatencies,
            long answered,
            long refused,
            Latencies explained) {}

    /** Events per second and the bus's own, with events of a size or a share of matches. */
    record Cost(double at, double eventsPerSecond, double ceiling) {}

    /** Events per second: of the bus, and of opsbus by number of hooks. */
    final Samples ceiling = new Samples();

    final Map<Integer, Samples> eventsPerSecond = new TreeMap<>();
    double eventBytes = Double.NaN;
    Latencies latencies = new Latencies(new long[0]);
    /** What the machine itself added meanwhile. */
    Latencies machine = new Latencies(new long[0]);
    /** From publish to each of the tail's clients. */
    Latencies tail = new Latencies(new long[0]);
    /** With the usual share of matches, and of events that match nothing. */
    final List<Matcher.Figure> matcher = new ArrayList<>();

    final List<Matcher.Figure> unmatched = new ArrayList<>();
    double buildMillis = Double.NaN;
    /** Megabytes of 2^20 bytes. */
    double idleMegabytes = Double.NaN;

    double loadMegabytes = Double.NaN;
    int threads;
    final Map<Integer, Samples> routedSeconds = new LinkedHashMap<>();
    final Map<Integer, Samples> deliveredSeconds = new LinkedHashMap<>();
    Heavy heavy;
    Pushes pushes;
    Readers readers;
    final List<Cost> byBytes = new ArrayList<>();
    final List<Cost> byShare = new ArrayList<>();
    /** Deliveries that arrived more than once. */
    long repeated;

    double seconds;

    void started(int hooks, StartUp startUp) {
        routedSeconds.computeIfAbsent(hooks, n -> new Samples()).add(startUp.routedSeconds());
        deliveredSeconds.computeIfAbsent(hooks, n -> new Samples()).add(startUp.deliveredSeconds());
    }

    void rate(int hooks, Samples samples) {
        samples.copyTo(eventsPerSecond.computeIfAbsent(hooks, n -> new Samples()));
    }

    double rate(int hooks) {
        return eventsPerSecond.getOrDefault(hooks, new Samples()).median();
    }

    double matchNanos(int hooks) {
        return matcher.stream()
                .filter(figure -> figure.hooks() == hooks)
                .mapToDouble(Matcher.Figure::nanos)
                .findFirst()
                .orElse(Double.NaN);
    }

    double routedSeconds(int hooks) {
        return routedSeconds.getOrDefault(hooks, new Samples()).median();
    }
}
