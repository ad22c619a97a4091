package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import routes.Opsbus;

class CliTest {

    @Test
    void anUnknownCommandEndsWith2AndTheList() {
        CommandLineRun run = CommandLineRun.of("frob");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("frob", "start", "match");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9000", "--frob", "-x", "--demos"})
    void startRefusesWhatIsNoProperty(String argument) {
        CommandLineRun run = CommandLineRun.of("start", argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(argument);
    }

    @Test
    void theLaunchersVersionIsThePomsAndTheNewestOfTheChangelog() throws Exception {
        String version = Launched.run(Path.of("."), Map.of(), "./opsbus", "--version")
                .output()
                .strip()
                .replaceFirst("^opsbus ", "");
        assertThat(version).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(Files.readAllLines(Path.of("CHANGELOG.md")).stream()
                        .filter(line -> line.startsWith("## "))
                        .findFirst()
                        .orElseThrow())
                .startsWith("## " + version);
    }

    @Test
    void theLaunchersHelpNamesEveryOption() throws IOException, InterruptedException {
        for (CommandLine command :
                Cli.commandLine(Opsbus.class).getSubcommands().values()) {
            String help = Launched.run(Path.of("."), Map.of(), "./opsbus", command.getCommandName(), "--help")
                    .output();
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.usageHelp() && !option.versionHelp())
                    .forEach(option -> assertThat(help).contains(option.longestName()));
        }
    }
}
