package routes.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bench makes of figures. */
class ReportTest {

    @TempDir
    Path folder;

    private final Figures figures = figures();

    private static Figures figures() {
        Figures figures = new Figures();
        List.of(40_000.0, 50_000.0, 45_000.0).forEach(figures.ceiling::add);
        figures.rate(10, samples(40_000));
        figures.rate(100, samples(39_000));
        figures.rate(1_000, samples(31_500));
        figures.eventBytes = 700;
        figures.latencies = new Latencies(
                LongStream.rangeClosed(1, 100).map(millis -> millis * 1_000_000).toArray());
        figures.machine = figures.latencies;
        figures.tail = new Latencies(
                LongStream.rangeClosed(1, 100).map(third -> third * 3_000_000).toArray());
        for (int hooks : new int[] {10, 100, 1_000, 10_000}) {
            figures.matcher.add(new Matcher.Figure(hooks, 0.01, 1_000 + hooks / 10.0, Double.NaN, 100));
        }
        figures.idleMegabytes = 300;
        figures.loadMegabytes = 401;
        figures.threads = 60;
        figures.started(100, new StartUp(4, 4.5));
        figures.started(1_000, new StartUp(9.5, 12));
        return figures;
    }

    private static Samples samples(double value) {
        Samples samples = new Samples();
        samples.add(value);
        return samples;
    }

    @Test
    void theJsonObjectHasExactlyTheKeysThatProgramsRead() {
        assertThat(JsonFigures.of(figures))
                .hasToString(
                        "{\"ceiling_events_per_s\":45000,\"events_per_s\":{\"10\":40000,\"100\":39000,\"1000\":31500},"
                                + "\"latency_ms\":{\"p50\":50.00,\"p99\":99.00,\"max\":100.00},\"match_ns_per_event\":{\"10\":1001.0,\"1000\":1100.0,\"10000\":2000.0},"
                                + "\"rss_mb\":{\"idle_1000\":300,\"load_1000\":401},\"threads_1000\":60,\"startup_s\":{\"100\":4.00,\"1000\":9.50}}");
        figures.latencies = new Latencies(new long[0]);
        assertThatThrownBy(() -> JsonFigures.of(figures))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("p50");
    }

    @Test
    void targetsAreComparedWithWhatWasMeasured() {
        assertThat(Report.of(figures))
                .contains(
                        new Report.Row("1,000 hooks / ceiling", "0.7", "≥ 0.7, met"),
                        new Report.Row("1,000 hooks / 10 hooks", "0.79", "≥ 0.9, missed"),
                        new Report.Row(
                                "publish to each of 100 tail clients at 100 events/s, p99",
                                "297 ms",
                                "≤ 250 ms, missed"),
                        new Report.Row("matcher, 10,000 hooks / 10 hooks", "2", "≤ 2, met"),
                        new Report.Row("resident memory, 1,000 hooks, under load", "401 MB", "≤ 400 MB, missed"),
                        new Report.Row("launch to first routed event, 1,000 hooks", "9.5 s", "≤ 10 s, met"));
        assertThat(Report.text(Report.of(figures)))
                .contains("bus alone (ceiling), events of 700 bytes", "45,000 (40,000 to 50,000 in 3 rounds) events/s");
    }

    @Test
    void fullRunsHaveCharts() throws Exception {
        figures.heavy = new Figures.Heavy(samples(1), samples(1), figures.latencies);
        IntStream.of(700, 2_000, 8_000).forEach(bytes -> figures.byBytes.add(new Figures.Cost(bytes, 20_000, 30_000)));
        figures.byShare.add(new Figures.Cost(0.001, 20_000, 30_000));
        figures.byShare.add(new Figures.Cost(0.1, 10_000, 30_000));
        Charts.write(figures, folder);
        for (String name : List.of("throughput", "matcher", "latency", "size", "share")) {
            BufferedImage picture = ImageIO.read(folder.resolve(name + ".png").toFile());
            assertThat(picture.getWidth()).isGreaterThan(500);
            assertThat(IntStream.range(0, picture.getWidth())
                            .map(x -> picture.getRGB(x, picture.getHeight() / 2))
                            .distinct()
                            .count())
                    .isGreaterThan(3);
        }
    }

    @Test
    void thePageKeepsWhatIsAroundTheFigures() throws Exception {
        Path page = Files.copy(Path.of("docs/performance.md"), folder.resolve("performance.md"));
        String before = Files.readString(page);
        new PerformancePage(page).write("one\n");
        new PerformancePage(page).write("two\n");
        assertThat(Files.readString(page))
                .contains(PerformancePage.BEGIN + "\ntwo\n" + PerformancePage.END)
                .doesNotContain("\none\n")
                .startsWith(before.substring(0, before.indexOf(PerformancePage.BEGIN)))
                .endsWith(before.substring(before.indexOf(PerformancePage.END)));
        Files.writeString(page, "nothing");
        assertThatThrownBy(() -> new PerformancePage(page).write("x")).isInstanceOf(BenchFailure.class);
    }
}
