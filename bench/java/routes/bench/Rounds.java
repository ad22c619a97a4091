package routes.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rounds that take about the same time for several contenders in turn, so that what else happens on the machine
 * troubles all of them alike. Before them come rounds that do not count, for the JVMs to warm up.
 */
final class Rounds {

    /** One round. */
    interface Round {
        /** @return events per second */
        double of(int events) throws Exception;
    }

    /** What is measured: {@code ceiling}, or opsbus with so many hooks. */
    record Contender(String name, Round round) {}

    private static final int LEAST = 500;
    private static final int FIRST = 2_000;

    private final Progress progress;

    Rounds(Progress progress) {
        this.progress = progress;
    }

    /** Rounds of about a second each, for at least this long. @return events per second of the last one */
    double warmUp(Contender contender, double seconds) throws Exception {
        progress.step("warming up: " + contender.name);
        double end = progress.seconds() + seconds;
        double rate = contender.round.of(FIRST);
        while (progress.seconds() < end) {
            rate = contender.round.of(count(rate * Math.min(1, Math.max(0.3, end - progress.seconds()))));
        }
        return rate;
    }

    /**
     * @param rates of the contenders in their order, as the warm-up found them
     * @param turns rounds of each contender
     * @param seconds for all of it, about
     */
    Map<String, Samples> take(List<Contender> contenders, List<Double> rates, int turns, double seconds)
            throws Exception {
        double secondsEach = seconds / turns / contenders.size();
        List<Double> latest = new ArrayList<>(rates);
        Map<String, Samples> samples = new LinkedHashMap<>();
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < contenders.size(); i++) {
                Contender contender = contenders.get(i);
                double rate = contender.round.of(count(latest.get(i) * secondsEach));
                latest.set(i, rate);
                samples.computeIfAbsent(contender.name, name -> new Samples()).add(rate);
                progress.step("round %d of %d: %s, %,.0f events/s".formatted(turn + 1, turns, contender.name, rate));
            }
        }
        return samples;
    }

    private static int count(double events) {
        return Math.max(LEAST, (int) events);
    }
}
