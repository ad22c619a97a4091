package routes.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import routes.Opsbus;

/** One run of a command and what it said. */
record CommandLineRun(int status, String out, String err) {

    static CommandLineRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Cli.commandLine(Opsbus.class).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(arguments);
        return new CommandLineRun(status, out.toString(), err.toString());
    }
}
