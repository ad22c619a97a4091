package routes.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./opsbus bench}: measures the bus, the matcher and opsbus as its users run it. Runs in the folder of the
 * project.
 */
@Command(name = "bench")
public final class Bench implements Callable<Integer> {

    enum Output {
        TEXT,
        JSON
    }

    /** Set by the launcher, since Java can't ask whether standard error is a terminal. */
    private static final String TERMINAL = "opsbus.terminal";
    /** Where it was called, set by the launcher, which goes elsewhere. */
    private static final String FROM = "opsbus.from";

    private static final Path TARGET = Path.of("target", "bench");
    private static final Path DOCS = Path.of("docs");
    private static final String PICTURES = "performance";

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--readers")
    private boolean readers;

    @Option(names = "--pushes")
    private boolean pushes;

    @Option(names = "--deliveries")
    private boolean deliveries;

    @Option(names = "--against")
    private Path other;

    @Option(names = "--output")
    private Output output = Output.TEXT;

    @Option(names = "--docs")
    private boolean docs;

    @Spec
    private CommandSpec spec;

    /** Where results go; what libraries print goes to standard error. */
    private final PrintStream results;

    private volatile boolean toldToEnd;

    private Bench(PrintStream results) {
        this.results = results;
    }

    public static void main(String[] args) {
        PrintStream results = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        Bench bench = new Bench(results);
        CommandLine command = new CommandLine(bench)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> bench.failed(e));
        command.setParameterExceptionHandler((e, arguments) -> {
            System.err.println("opsbus bench: " + e.getMessage() + "; opsbus bench --help says more");
            return CommandLine.ExitCode.USAGE;
        });
        System.exit(command.execute(args));
    }

    private int failed(Exception e) {
        if (toldToEnd) {
            return CommandLine.ExitCode.SOFTWARE; // what fails then is what was being used
        }
        System.err.println("opsbus bench: " + (e instanceof BenchFailure ? e.getMessage() : e.toString()));
        if (!(e instanceof BenchFailure)) {
            e.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Integer call() throws Exception {
        if (quick && docs) {
            throw new ParameterException(spec.commandLine(), "--docs needs a full run, without --quick");
        }
        long alone = Stream.of(readers, pushes, deliveries, other != null)
                .filter(given -> given)
                .count();
        if (alone > 1 || alone == 1 && (quick || docs || output == Output.JSON)) {
            throw new ParameterException(
                    spec.commandLine(), "--readers, --pushes, --deliveries and --against go alone");
        }
        if (other != null) {
            Path checkout = Path.of(System.getProperty(FROM, "")).resolve(other);
            if (!Files.isExecutable(checkout.resolve("opsbus"))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--against " + other + ": there is no opsbus in "
                                + checkout.toAbsolutePath().normalize());
            }
            results.print(Report.text(
                    measured((run, progress) -> Report.ofSamples(new AgainstRun(run, progress, checkout).measure()))));
            return CommandLine.ExitCode.OK;
        }
        if (deliveries) {
            results.print(Report.text(
                    measured((run, progress) -> Report.ofSamples(new DeliveryRun(run, progress).measure()))));
            return CommandLine.ExitCode.OK;
        }
        Figures figures = measure();
        if (readers || pushes) {
            results.print(Report.text(readers ? Report.ofReaders(figures) : Report.ofPushes(figures)));
            return CommandLine.ExitCode.OK;
        }
        List<Report.Row> rows = Report.of(figures);
        if (output == Output.JSON) {
            results.println(JsonFigures.of(figures));
        } else {
            results.printf(
                    "%s run, %.0f s; %s%n%n%s",
                    quick ? "quick" : "full", figures.seconds, Machine.description(), Report.text(rows));
        }
        if (!quick) {
            write(figures, rows);
        }
        return CommandLine.ExitCode.OK;
    }

    private Figures measure() throws Exception {
        return measured((run, progress) -> {
            if (readers) {
                return new HistoryRun(run, progress).measure();
            }
            if (pushes) {
                return new PushRun(run, progress).measure();
            }
            return quick ? new QuickRun(run, progress).measure() : new FullRun(run, progress).measure();
        });
    }

    private interface Measurement<T> {
        T of(Run run, Progress progress) throws Exception;
    }

    private <T> T measured(Measurement<T> measurement) throws Exception {
        Files.createDirectories(TARGET);
        Run run = new Run(TARGET.toAbsolutePath());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            toldToEnd = true;
                            run.close();
                        },
                        "end"));
        try (run;
                Progress progress = new Progress(System.err, Boolean.getBoolean(TERMINAL))) {
            return measurement.of(run, progress);
        }
    }

    private void write(Figures figures, List<Report.Row> rows) throws IOException {
        String table = "Made by `./opsbus bench --docs` on " + Machine.description() + ".\n\n" + Report.markdown(rows);
        if (docs) {
            new PerformancePage(DOCS.resolve("performance.md"))
                    .write("\n" + table + "\n" + Charts.links(PICTURES) + "\n");
        } else {
            Files.writeString(TARGET.resolve("table.md"), table);
        }
        Path pictures = docs ? DOCS.resolve(PICTURES) : TARGET;
        try {
            Charts.write(figures, pictures);
        } catch (IOException | LinkageError | InternalError e) { // Errors are what Java throws when it finds no fonts
            throw new BenchFailure(
                    "the charts could not be drawn: " + e + "; does this Java have fontconfig and a font?", e);
        }
        System.err.println("opsbus bench: table and charts are in " + (docs ? DOCS : TARGET));
    }
}
