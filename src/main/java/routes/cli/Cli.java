package routes.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of opsbus. Without one it starts: what a container wants. */
@Command(
        name = "opsbus",
        description = "Operations events for Kubernetes, on NATS, as Camel routes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "start|match",
        commandListHeading = "%nCommands:%n")
public final class Cli {

    private Cli() {}

    /** Results may hold any character, whatever the terminal's locale is. */
    static CommandLine commandLine(Class<?> application) {
        return new CommandLine(new Cli())
                .addSubcommand(new Start(application))
                .addSubcommand(new Match())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /**
     * @param application what start runs
     * @return exit status: 0, 1 when it could not start, 2 for wrong arguments or invalid input
     */
    public static int run(Class<?> application, String... args) {
        boolean named = args.length > 0 && (!args[0].startsWith("-") || args[0].matches("-h|--help|-V|--version"));
        return commandLine(application).execute(named ? args : started(args));
    }

    private static String[] started(String[] args) {
        String[] all = new String[args.length + 1];
        all[0] = "start";
        System.arraycopy(args, 0, all, 1, args.length);
        return all;
    }
}
