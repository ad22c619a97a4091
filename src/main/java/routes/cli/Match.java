package routes.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import routes.event.OpsEvent;
import routes.hooks.DryRun;
import routes.hooks.spec.EventHook;

/** {@code opsbus match}: which hooks would fire for which events, offline, by the code that runs them. */
@Command(
        name = "match",
        description = "Says which hooks would fire for which events, and what they would send. Nothing is sent.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Exit status: 0; 2 when a hook, an event or an argument was invalid (the valid ones are still answered)."
        })
final class Match implements Callable<Integer> {

    enum Output {
        TEXT,
        JSON
    }

    private static final String STANDARD_INPUT = "-";

    @Option(
            names = "--hooks",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description =
                    "Files of EventHooks, or folders like hooks/ with hook types in types/. Plain Camel routes are left out.")
    private List<Path> hooks;

    @Option(
            names = "--events",
            required = true,
            paramLabel = "FILE",
            description =
                    "CloudEvents as JSON, one a line; - is standard input. An event's subject is the one it would come on.")
    private String events;

    @Option(
            names = "--output",
            defaultValue = "text",
            paramLabel = "text|json",
            description = "json: one object a line for every hook and event.")
    private Output output;

    @Spec
    private CommandSpec spec;

    private boolean invalid;
    private int read;

    @Override
    public Integer call() throws Exception {
        PrintStream standardOutput = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream())); // only results go there, and libraries talk
        LoggingSystem logging = LoggingSystem.get(Match.class.getClassLoader());
        LogLevel level =
                logging.getLoggerConfiguration(LoggingSystem.ROOT_LOGGER_NAME).getConfiguredLevel();
        logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.OFF);
        try {
            return match();
        } finally {
            logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, level);
            System.setOut(standardOutput);
        }
    }

    private int match() throws Exception {
        HookInput input = HookInput.read(hooks);
        input.problems().forEach(this::complain);
        try (DryRun dryRun = new DryRun(input.types(), input.kamelets())) {
            List<EventHook> runnable = input.hooks(dryRun.add(input.hooks()), this::complain);
            answer(dryRun, runnable);
        }
        return invalid ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.OK;
    }

    private void answer(DryRun dryRun, List<EventHook> runnable) {
        PrintWriter out = spec.commandLine().getOut();
        Answers answers = output == Output.JSON ? new JsonAnswers(out) : new TextAnswers(out);
        boolean standardInput = events.equals(STANDARD_INPUT);
        try (InputStream lines = standardInput ? System.in : Files.newInputStream(Path.of(events))) {
            EventLines.read(
                    standardInput ? "stdin" : events,
                    new BufferedInputStream(lines),
                    event -> {
                        read++;
                        answers.write(
                                event,
                                runnable.stream()
                                        .map(hook -> ask(dryRun, hook, event))
                                        .toList());
                    },
                    this::complain);
            if (read == 0 && !invalid) {
                spec.commandLine()
                        .getErr()
                        .println((standardInput ? "stdin" : events)
                                + ": holds no events; write one CloudEvent a line, as JSON");
            }
        } catch (IOException e) {
            complain(events + ": cannot be read (" + e + ")");
        }
        out.flush();
    }

    private Answers.Line ask(DryRun dryRun, EventHook hook, OpsEvent event) {
        DryRun.Answer answer = dryRun.ask(hook, event);
        if (answer.failure() != null) {
            spec.commandLine()
                    .getErr()
                    .println(hook.origin() + " " + hook.id() + " can't send event " + event.id() + ": "
                            + answer.failure());
        }
        return new Answers.Line(hook, answer);
    }

    private void complain(Object problem) {
        invalid = true;
        PrintWriter err = spec.commandLine().getErr();
        err.println(problem);
        err.flush();
    }
}
