package routes.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures as a table for people: what was measured, the figure, and where there is one the target with whether it
 * is met.
 */
final class Report {

    record Row(String what, String figure, String target) {}

    private final Figures figures;
    private final List<Row> rows = new ArrayList<>();

    private Report(Figures figures) {
        this.figures = figures;
    }

    static List<Row> of(Figures figures) {
        Report report = new Report(figures);
        report.throughput();
        report.latency();
        report.tail();
        report.matcher();
        report.process();
        report.heavy();
        report.costs();
        report.pushes();
        report.readers();
        return List.copyOf(report.rows);
    }

    /** Only the case with readers. */
    static List<Row> ofReaders(Figures figures) {
        Report report = new Report(figures);
        report.readers();
        return List.copyOf(report.rows);
    }

    /** Only pushes. */
    static List<Row> ofPushes(Figures figures) {
        Report report = new Report(figures);
        report.row("bus alone (ceiling)", rounds(figures.pushes.ceiling()) + " events/s", "");
        report.pushes();
        return List.copyOf(report.rows);
    }

    /** Each with its median and the range. */
    static List<Row> ofSamples(Map<String, Samples> samples) {
        return samples.entrySet().stream()
                .map(one -> new Row(
                        one.getKey(),
                        one.getValue().count() == 1
                                ? decimal(one.getValue().median())
                                : "%,.2f (%,.2f to %,.2f in %d rounds)"
                                        .formatted(
                                                one.getValue().median(),
                                                one.getValue().least(),
                                                one.getValue().most(),
                                                one.getValue().count()),
                        ""))
                .toList();
    }

    private void throughput() {
        row(
                "bus alone (ceiling), events of %.0f bytes".formatted(figures.eventBytes),
                rounds(figures.ceiling) + " events/s",
                "");
        figures.eventsPerSecond.forEach(
                (hooks, samples) -> row("opsbus, %,d hooks".formatted(hooks), rounds(samples) + " events/s", ""));
        atLeast("1,000 hooks / ceiling", figures.rate(1_000) / figures.ceiling.median(), "", 0.7);
        atLeast("1,000 hooks / 10 hooks", figures.rate(1_000) / figures.rate(10), "", 0.9);
        if (figures.repeated > 0) {
            row("deliveries that arrived more than once", number(figures.repeated), "");
        }
    }

    private void latency() {
        String where = "publish to POST at 1,000 events/s, 1,000 hooks, ";
        atMost(where + "p50", figures.latencies.millis(50), "ms", 5);
        atMost(where + "p99", figures.latencies.millis(99), "ms", 50);
        row(
                where + "max of %,d".formatted(figures.latencies.count()),
                decimal(figures.latencies.millis(100)) + " ms",
                "");
        row("meanwhile a thread that only sleeps woke late by, p99", decimal(figures.machine.millis(99)) + " ms", "");
        row("meanwhile a thread that only sleeps woke late by, max", decimal(figures.machine.millis(100)) + " ms", "");
    }

    private void tail() {
        if (figures.tail.count() == 0) {
            return;
        }
        String where = "publish to each of %d tail clients at %d events/s, "
                .formatted(FullRun.TAIL_CLIENTS, FullRun.TAIL_EVENTS);
        row(where + "p50", decimal(figures.tail.millis(50)) + " ms", "");
        atMost(where + "p99", figures.tail.millis(99), "ms", 250);
        row(where + "max of %,d".formatted(figures.tail.count()), decimal(figures.tail.millis(100)) + " ms", "");
    }

    private void matcher() {
        figures.matcher.forEach(figure -> row(
                "matcher, %,d hooks".formatted(figure.hooks()),
                number(figure.nanos()) + (Double.isNaN(figure.error()) ? "" : " ± " + number(figure.error()))
                        + " ns/event",
                ""));
        atMost("matcher, 10,000 hooks / 10 hooks", figures.matchNanos(10_000) / figures.matchNanos(10), "", 2);
        figures.unmatched.forEach(figure -> under(
                "matcher, allocated for an event that matches nothing, %,d hooks".formatted(figure.hooks()),
                figure.bytes(),
                "B",
                4_096));
        if (!Double.isNaN(figures.buildMillis)) {
            under("compiling 10,000 hooks", figures.buildMillis, "ms", 2_000);
        }
    }

    private void process() {
        row("resident memory, 1,000 hooks, idle", number(figures.idleMegabytes) + " MB", "");
        atMost("resident memory, 1,000 hooks, under load", figures.loadMegabytes, "MB", 400);
        atMost("threads, 1,000 hooks, under load", figures.threads, "", 100);
        figures.routedSeconds.forEach((hooks, samples) -> {
            String what = "launch to first routed event, %,d hooks".formatted(hooks);
            if (hooks == 1_000) {
                atMost(what, samples.median(), "s", 10);
            } else {
                row(what, decimal(samples.median()) + " s", "");
            }
            row(
                    "launch to its POST, %,d hooks".formatted(hooks),
                    decimal(figures.deliveredSeconds.get(hooks).median()) + " s",
                    "");
        });
    }

    private void heavy() {
        if (figures.heavy == null) {
            return;
        }
        String where = "heavy case, ";
        row(where + "events routed", rounds(figures.heavy.eventsPerSecond()) + " events/s", "");
        row(where + "healthy deliveries", rounds(figures.heavy.deliveriesPerSecond()) + " /s", "");
        row(
                where + "publish to POST at 1,000 events/s, p50",
                decimal(figures.heavy.latencies().millis(50)) + " ms",
                "");
        row(
                where
                        + "publish to POST at 1,000 events/s, p99 of %,d"
                                .formatted(figures.heavy.latencies().count()),
                decimal(figures.heavy.latencies().millis(99)) + " ms",
                "");
    }

    private void costs() {
        figures.byBytes.forEach(
                cost -> row("1,000 hooks, events of %,.0f bytes".formatted(cost.at()), costs(cost), ""));
        figures.byShare.forEach(cost -> row(
                "1,000 hooks, %s %% of events match".formatted(decimal(cost.at() * 100)),
                number(cost.eventsPerSecond()) + " events/s",
                ""));
    }

    private void pushes() {
        if (figures.pushes == null) {
            return;
        }
        atLeast(
                "pushes over HTTP, 32 at once, each answered after its PubAck",
                figures.pushes.most().median(),
                "/s",
                2_000);
        double ceiling = figures.pushes.ceiling().median();
        atLeast("pushes over HTTP / bus alone", figures.pushes.most().median() / ceiling, "", 0.2);
        row("the same in batches of " + PushCase.BATCH, rounds(figures.pushes.batches()) + " events/s", "");
        atLeast(
                "pushes in batches of " + PushCase.BATCH + " / bus alone",
                figures.pushes.batches().median() / ceiling,
                "",
                0.5);
        row(
                "2,000 pushes/s, due to answer, p50",
                decimal(figures.pushes.latencies().millis(50)) + " ms",
                "");
        row(
                "2,000 pushes/s, due to answer, p99 of %,d"
                        .formatted(figures.pushes.latencies().count()),
                decimal(figures.pushes.latencies().millis(99)) + " ms",
                "");
    }

    private void readers() {
        if (figures.readers == null) {
            return;
        }
        Figures.Readers readers = figures.readers;
        String who = "%d readers over %,d events".formatted(HistoryCase.READERS, HistoryCase.EVENTS);
        row("events/s without readers", rounds(readers.quiet()), "");
        row("events/s with " + who, rounds(readers.stormy()), "");
        atLeast("events/s with %s / without".formatted(who), readers.ratios().median(), "", 0.9);
        row(
                "publish to POST at 1,000 events/s, p99, without readers",
                decimal(readers.quietLatencies().millis(99)) + " ms",
                "");
        atMost(
                "publish to POST at 1,000 events/s, p99, with %s / without".formatted(who),
                readers.stormyLatencies().millis(99) / readers.quietLatencies().millis(99),
                "",
                1.1);
        row("queries answered, told to come later", "%,d, %,d".formatted(readers.answered(), readers.refused()), "");
        under(
                "explain of an id that does not exist, slowest of %d"
                        .formatted(readers.explained().count()),
                readers.explained().millis(100),
                "ms",
                200);
    }

    private static String costs(Figures.Cost cost) {
        return number(cost.eventsPerSecond()) + " events/s; bus alone " + number(cost.ceiling());
    }

    private void atLeast(String what, double value, String unit, double target) {
        target(what, value, unit, "≥ " + decimal(target), value >= target);
    }

    private void atMost(String what, double value, String unit, double target) {
        target(what, value, unit, "≤ " + decimal(target), value <= target);
    }

    private void under(String what, double value, String unit, double target) {
        target(what, value, unit, "< " + decimal(target), value < target);
    }

    private void target(String what, double value, String unit, String target, boolean met) {
        row(what, (decimal(value) + " " + unit).strip(), (target + " " + unit).strip() + (met ? ", met" : ", missed"));
    }

    private void row(String what, String figure, String target) {
        rows.add(new Row(what, figure, target));
    }

    private static String rounds(Samples samples) {
        return samples.count() < 2
                ? number(samples.median())
                : "%s (%s to %s in %d rounds)"
                        .formatted(
                                number(samples.median()),
                                number(samples.least()),
                                number(samples.most()),
                                samples.count());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String decimal(double value) {
        return value >= 100
                ? number(value)
                : String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }

    /** Aligned, for a terminal. */
    static String text(List<Row> rows) {
        int what = rows.stream().mapToInt(row -> row.what.length()).max().orElse(0);
        int figure = rows.stream()
                .filter(row -> !row.target.isEmpty())
                .mapToInt(row -> row.figure.length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(("%-" + what + "s  %-" + Math.max(1, figure) + "s  %s")
                        .formatted(row.what, row.figure, row.target)
                        .stripTrailing())
                .append('\n'));
        return text.toString();
    }

    static String markdown(List<Row> rows) {
        StringBuilder table = new StringBuilder("| | | target |\n|---|---|---|\n");
        rows.forEach(row -> table.append("| ")
                .append(row.what)
                .append(" | ")
                .append(row.figure)
                .append(" | ")
                .append(row.target)
                .append(" |\n"));
        return table.toString();
    }
}
