package routes.bench;

import java.util.ArrayList;
import java.util.List;

/** What the rounds of one measurement gave. */
final class Samples {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    void copyTo(Samples others) {
        others.values.addAll(values);
    }

    /** Of an even number of rounds the mean of the two in the middle; NaN without rounds. */
    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** Of the last round. */
    double last() {
        return values.get(values.size() - 1);
    }

    int count() {
        return values.size();
    }

    double least() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    double most() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }
}
