package routes.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of a full run's figures. */
final class Charts {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;

    private final Figures figures;
    private final Path folder;

    private Charts(Figures figures, Path folder) {
        this.figures = figures;
        this.folder = folder;
    }

    /**
     * Writes {@code throughput.png}, {@code matcher.png}, {@code latency.png}, {@code size.png} and {@code share.png}.
     */
    static void write(Figures figures, Path folder) throws IOException {
        Files.createDirectories(folder);
        Charts charts = new Charts(figures, folder);
        charts.throughput();
        charts.matcher();
        charts.latency();
        charts.size();
        charts.share();
    }

    /** The same, for a page in Markdown. */
    static String links(String folder) {
        return Stream.of("throughput", "matcher", "latency", "size", "share")
                .map(name -> "![%s](%s/%s.png)\n".formatted(name, folder, name))
                .collect(Collectors.joining());
    }

    private void throughput() throws IOException {
        XYChart chart = chart("Events per second, one event in a hundred matches", "hooks", "events/s");
        chart.getStyler().setXAxisLogarithmic(true);
        List<Integer> hooks = List.copyOf(figures.eventsPerSecond.keySet());
        line(chart, "opsbus", hooks, hooks.stream().map(figures::rate).toList());
        line(
                chart,
                "bus alone",
                hooks,
                hooks.stream().map(any -> figures.ceiling.median()).toList());
        save(chart, "throughput");
    }

    private void matcher() throws IOException {
        XYChart chart = chart("Matcher, time per event", "hooks", "ns");
        chart.getStyler().setXAxisLogarithmic(true);
        line(
                chart,
                "matcher",
                figures.matcher.stream().map(Matcher.Figure::hooks).toList(),
                figures.matcher.stream().map(Matcher.Figure::nanos).toList());
        save(chart, "matcher");
    }

    private void latency() throws IOException {
        XYChart chart = chart("Publish to POST at 1,000 events/s, 1,000 hooks", "percent of deliveries", "ms");
        percentiles(chart, "all endpoints work", figures.latencies);
        percentiles(chart, "a thread that only sleeps", figures.machine);
        percentiles(chart, "heavy case, healthy hooks", figures.heavy.latencies());
        chart.getStyler().setYAxisLogarithmic(true);
        save(chart, "latency");
    }

    private void size() throws IOException {
        XYChart chart = chart("Events per second by size of the event, 1,000 hooks", "bytes", "events/s");
        List<Double> bytes = figures.byBytes.stream().map(Figures.Cost::at).toList();
        line(
                chart,
                "opsbus",
                bytes,
                figures.byBytes.stream().map(Figures.Cost::eventsPerSecond).toList());
        line(
                chart,
                "bus alone",
                bytes,
                figures.byBytes.stream().map(Figures.Cost::ceiling).toList());
        save(chart, "size");
    }

    private void share() throws IOException {
        XYChart chart = chart(
                "Events per second by share of events that match, 1,000 hooks",
                "percent of events that match",
                "events/s");
        chart.getStyler().setXAxisLogarithmic(true);
        line(
                chart,
                "opsbus",
                figures.byShare.stream().map(cost -> cost.at() * 100).toList(),
                figures.byShare.stream().map(Figures.Cost::eventsPerSecond).toList());
        save(chart, "share");
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .theme(Styler.ChartTheme.GGPlot2)
                .build();
        chart.getStyler()
                .setXAxisDecimalPattern("#,##0.###")
                .setYAxisMin(0.0)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal);
        return chart;
    }

    private static void line(XYChart chart, String name, List<? extends Number> x, List<? extends Number> y) {
        chart.addSeries(name, x, y).setMarker(SeriesMarkers.CIRCLE);
    }

    private static void percentiles(XYChart chart, String name, Latencies latencies) {
        List<Double> percents = IntStream.concat(
                        IntStream.range(0, 90).map(percent -> percent * 10), IntStream.rangeClosed(900, 1_000))
                .mapToObj(tenths -> tenths / 10.0)
                .toList();
        chart.getStyler().setYAxisMin(null);
        chart.addSeries(name, percents, percents.stream().map(latencies::millis).toList())
                .setMarker(SeriesMarkers.NONE);
    }

    private void save(XYChart chart, String name) throws IOException {
        BitmapEncoder.saveBitmap(chart, folder.resolve(name).toString(), BitmapEncoder.BitmapFormat.PNG);
    }
}
