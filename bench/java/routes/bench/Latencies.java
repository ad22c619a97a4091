package routes.bench;

import java.util.Arrays;
import java.util.List;

/** Times between two moments of many events, in nanoseconds. */
record Latencies(long[] sorted) {

    Latencies {
        sorted = sorted.clone();
        Arrays.sort(sorted);
    }

    /** Those of several measurements. */
    static Latencies of(List<Latencies> parts) {
        return new Latencies(
                parts.stream().flatMapToLong(part -> Arrays.stream(part.sorted)).toArray());
    }

    int count() {
        return sorted.length;
    }

    /** @param percent 50 is the median, 100 the slowest */
    double millis(double percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length - 1, rank - 1))] / 1e6;
    }
}
