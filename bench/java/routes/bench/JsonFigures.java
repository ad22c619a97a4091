package routes.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The figures that every run has, as one JSON object for programs. Its keys don't change. */
final class JsonFigures {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonFigures() {}

    static ObjectNode of(Figures figures) {
        ObjectNode root = JSON.createObjectNode();
        put(root, "ceiling_events_per_s", figures.ceiling.median(), 0);
        ObjectNode rates = root.putObject("events_per_s");
        for (int hooks : new int[] {10, 100, 1_000}) {
            put(rates, Integer.toString(hooks), figures.rate(hooks), 0);
        }
        ObjectNode latency = root.putObject("latency_ms");
        put(latency, "p50", figures.latencies.millis(50), 2);
        put(latency, "p99", figures.latencies.millis(99), 2);
        put(latency, "max", figures.latencies.millis(100), 2);
        ObjectNode matcher = root.putObject("match_ns_per_event");
        for (int hooks : new int[] {10, 1_000, 10_000}) {
            put(matcher, Integer.toString(hooks), figures.matchNanos(hooks), 1);
        }
        ObjectNode memory = root.putObject("rss_mb");
        put(memory, "idle_1000", figures.idleMegabytes, 0);
        put(memory, "load_1000", figures.loadMegabytes, 0);
        put(root, "threads_1000", figures.threads, 0);
        ObjectNode start = root.putObject("startup_s");
        put(start, "100", figures.routedSeconds(100), 2);
        put(start, "1000", figures.routedSeconds(1_000), 2);
        return root;
    }

    /** @throws BenchFailure when there is no figure: a null would look like one */
    private static void put(ObjectNode node, String name, double value, int decimals) {
        if (Double.isNaN(value)) {
            throw new BenchFailure("there is no figure for " + name);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
        if (decimals == 0) {
            node.put(name, rounded.longValueExact());
        } else {
            node.put(name, rounded);
        }
    }
}
