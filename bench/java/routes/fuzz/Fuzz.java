package routes.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import routes.e2e.OpsbusProcess;
import routes.nats.NatsServer;

/**
 * {@code ./opsbus fuzz}: random requests to an opsbus and a nats-server of its own, on loopback. Runs in the folder of
 * the project.
 */
@Command(name = "fuzz")
public final class Fuzz implements Callable<Integer> {

    private static final int MOST = 10_000_000;
    private static final int FIRST = 2_000;
    private static final long MOST_MORE_BYTES = 32L << 20;
    private static final int MOST_MORE_THREADS = 16;
    private static final int MB = 1 << 20;

    @Option(names = "--requests")
    private int requests = 20_000;

    @Option(names = "--seconds")
    private int seconds = 300;

    @Option(names = "--seed")
    private long seed = 1;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        CommandLine command = new CommandLine(new Fuzz());
        command.setParameterExceptionHandler((e, arguments) -> {
            System.err.println("opsbus fuzz: " + e.getMessage() + "; opsbus fuzz --help says more");
            return CommandLine.ExitCode.USAGE;
        });
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (requests < 1 || requests > MOST || seconds < 1) {
            throw new ParameterException(spec.commandLine(), "--requests is 1 to " + MOST + ", --seconds 1 or more");
        }
        Path home = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "fuzz-")
                .toAbsolutePath();
        System.err.printf(
                "opsbus fuzz: starts opsbus and nats-server on 127.0.0.1 (log: %s), then %d requests with seed %d, for %d s at most%n",
                home.resolve("opsbus.log"), requests, seed, seconds);
        try (NatsServer nats = new NatsServer(home.resolve("nats"));
                OpsbusProcess opsbus = new OpsbusProcess(home, nats.url())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    opsbus.close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            opsbus.start();
            new Fuzzer(opsbus.port(), OpsbusProcess.TOKEN, seed + 1)
                    .run(FIRST, Duration.ofSeconds(seconds)); // what is made once is made then
            Residue before = Residue.of(opsbus.pid());
            Fuzzer.Outcome outcome =
                    new Fuzzer(opsbus.port(), OpsbusProcess.TOKEN, seed).run(requests, Duration.ofSeconds(seconds));
            return report(outcome, before, Residue.of(opsbus.pid()));
        }
    }

    private static int report(Fuzzer.Outcome outcome, Residue before, Residue after) {
        System.out.printf(
                "%d requests: %s%n",
                outcome.requests(),
                outcome.statuses().entrySet().stream()
                        .map(entry -> switch (entry.getKey()) {
                                    case -1 -> "no answer within half a second";
                                    case 0 -> "ended without an answer";
                                    default -> entry.getKey().toString();
                                }
                                + " " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        System.out.printf(
                "in use after a full collection: %d MB before, %d MB after; threads: %d, %d%n",
                before.liveBytes() / MB, after.liveBytes() / MB, before.threads(), after.threads());
        outcome.faults().forEach(fault -> System.out.println("FAULT " + fault));
        boolean kept = after.liveBytes() - before.liveBytes() > MOST_MORE_BYTES
                || after.threads() - before.threads() > MOST_MORE_THREADS;
        if (kept) {
            System.out.printf("KEPT more than %d MB or %d threads%n", MOST_MORE_BYTES / MB, MOST_MORE_THREADS);
        }
        return outcome.faults().isEmpty() && !kept ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
