package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** {@code ./opsbus} in a project of its own, with stand-ins for Java and Maven on the PATH. */
class LauncherTest {

    @TempDir
    Path folder;

    private Path project;
    private Path source;
    private Path elsewhere;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void project() throws IOException {
        project = Files.createDirectories(folder.toRealPath().resolve("the project"));
        Files.copy(Path.of("opsbus"), project.resolve("opsbus"), StandardCopyOption.COPY_ATTRIBUTES);
        String launcher = Files.readString(project.resolve("opsbus"));
        String elsewhereInstalled =
                launcher.replaceAll(" (/usr/lib/jvm|/usr/java|/opt/java|/Library)/", " " + folder.toRealPath() + "$1/");
        assertThat(elsewhereInstalled).isNotEqualTo(launcher);
        Files.writeString(project.resolve("opsbus"), elsewhereInstalled);
        Files.writeString(project.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n</project>\n");
        source = Files.createDirectories(project.resolve("src/main/java")).resolve("A.java");
        Files.writeString(source, "");
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(60));
        for (String path : List.of("pom.xml", "src/main/java/A.java", "src/main/java", "src/main")) {
            Files.setLastModifiedTime(project.resolve(path), longAgo);
        }
        elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("JAVA_HOME", "");
        environment.put("OPSBUS_JAVA_OPTS", "");
        environment.put("EVENT_ENDPOINT", "");
        environment.put("OPSBUS_TEST_NATS_SERVER", "");
        environment.put("CALLS", folder.resolve("calls").toString());
        tool("java", """
                case $1 in
                    -version) echo "openjdk version \\"${VERSION:-17.0.9}\\"" >&2 ;;
                    -Djarmode=tools) mkdir -p "$6" && echo app >"$6/opsbus.jar" ;;
                    *)
                        trap 'echo stopped; exit 7' TERM
                        echo "$0" >>"$CALLS.java"
                        echo "java $*"
                        if [ -n "${SERVE:-}" ]; then
                            while :; do /bin/sleep 0.02; done
                        fi
                        [ -n "${STATUS:-}" ] || for argument; do
                            case $argument in -XX:ArchiveClassesAtExit=* | -XX:AOTCache=*.new) echo classes >"${argument#*=}" ;; esac
                        done
                        exit "${STATUS:-0}" ;;
                esac
                """);
        tool("javac", "");
        second("0.1");
        tool("nats-server", "");
        tool("chromium", "");
        tool("chromedriver", "");
        tool("mvn", """
                echo "mvn $*" >>"$CALLS"
                [ -z "${BROKEN:-}" ] || { echo 'A.java:1: error: reached end of file'; exit 1; }
                mkdir -p target && echo jar >target/opsbus.jar
                echo '[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in ATest'
                [ -n "${NONE:-}" ] || echo '[INFO] Tests run: 9, Failures: 0, Errors: 0, Skipped: 1'
                [ -n "${NONE:-}" ] || echo '[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0'
                echo '[INFO] BUILD SUCCESS'
                exit "${TESTS:-0}"
                """);
    }

    @Test
    void isAPosixShellScript() throws Exception {
        assertThat(Launched.run(project, Map.of(), "sh", "-n", "opsbus")).isEqualTo(new Launched(0, ""));
    }

    @Test
    void definesNothingTwice() throws Exception {
        List<String> functions = Files.readAllLines(project.resolve("opsbus")).stream()
                .filter(line -> line.matches("[a-z_]+\\(\\) \\{"))
                .toList();
        assertThat(functions).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    }

    @Test
    void helpAndVersionNeedNoBuild() throws Exception {
        assertThat(opsbus("--help"))
                .satisfies(
                        run -> assertThat(run.status()).isZero(),
                        run -> assertThat(run.output()).contains("start", "test", "match", "bench", "fuzz"));
        for (String command : List.of("start", "test", "match", "bench", "fuzz")) {
            assertThat(opsbus(command, "--help"))
                    .satisfies(
                            run -> assertThat(run.status()).isZero(),
                            run -> assertThat(run.output()).startsWith("Usage: opsbus " + command));
        }
        assertThat(opsbus("--version")).isEqualTo(new Launched(0, "opsbus 1.2.3\n"));
        assertThat(calls()).isEmpty();
    }

    @Test
    void anUnknownCommandOrNoneEndsWith2AndTheList() throws Exception {
        assertThat(opsbus("frob"))
                .satisfies(
                        run -> assertThat(run.status()).isEqualTo(2),
                        run -> assertThat(run.output()).contains("frob", "start", "test", "match"));
        assertThat(opsbus().status()).isEqualTo(2);
    }

    @Test
    void itBuildsOnlyWhenASourceIsNewer() throws Exception {
        assertThat(opsbus("match").output()).contains("building", "java ");
        assertThat(opsbus("match").output()).doesNotContain("building");
        assertThat(calls()).hasSize(1);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
        opsbus("match");
        assertThat(calls()).hasSize(2);
        Files.delete(source);
        opsbus("match");
        assertThat(calls()).hasSize(3);
        Files.delete(project.resolve("target/opsbus.jar"));
        opsbus("match");
        opsbus("match");
        assertThat(calls()).hasSize(4);
    }

    @Test
    void twoStartsAtOnceBuildOnce() throws Exception {
        tool(
                "mvn",
                Files.readString(folder.resolve("bin/mvn"))
                        .replace("mkdir -p target", "/bin/sleep 0.3\nmkdir -p target"));
        List<Process> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(Launched.start(
                    elsewhere, environment, project.resolve("opsbus").toString(), "match"));
        }
        for (Process process : both) {
            process.getInputStream().readAllBytes();
            assertThat(process.waitFor()).isZero();
        }
        assertThat(calls()).hasSize(1);
    }

    @Test
    void aFailedBuildShowsWhatMavenSaysAndRunsNothing() throws Exception {
        environment.put("BROKEN", "yes");
        Launched run = opsbus("start");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("A.java:1: error", "the build failed").doesNotContain("java -");
    }

    /** A Maven that says what the real one does in a first build, and ends when it is told to. */
    private void slowMaven() throws IOException {
        tool("mvn", """
                echo "mvn $*" >>"$CALLS"
                trap 'echo ended >>"$CALLS"; exit 143' TERM
                echo '[INFO] Downloaded from central: https://repo.example/a.pom (5.4 kB at 20 kB/s)'
                echo '[INFO] Downloaded from central: https://repo.example/a.jar (54 kB at 20 kB/s)'
                echo '[INFO] --- compiler:3.14.0:compile (default-compile) @ opsbus ---'
                for i in 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9; do
                    [ -e "$CALLS.go" ] || /bin/sleep 0.3
                done
                mkdir -p target && echo jar >target/opsbus.jar
                """);
        second("0.02");
    }

    /** How long one of the launcher's seconds takes. */
    private void second(String seconds) throws IOException {
        tool("sleep", "exec /bin/sleep " + seconds);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBuildSaysHowFarItIs(boolean terminal) throws Exception {
        slowMaven();
        String[] command = terminal
                ? new String[] {"script", "-qefc", "'" + project.resolve("opsbus") + "' match", "/dev/null"}
                : new String[] {project.resolve("opsbus").toString(), "match"};
        Process process = Launched.start(elsewhere, environment, command);
        StringBuilder output = new StringBuilder();
        try (var characters = process.inputReader()) {
            for (int c = characters.read(); c >= 0; c = characters.read()) {
                output.append((char) c);
                if (output.toString().endsWith(terminal ? "compiling, 2 s" : "compiling, 15 s")) {
                    Files.writeString(folder.resolve("calls.go"), "");
                }
            }
        }
        assertThat(process.waitFor()).isZero();
        assertThat(output.toString())
                .contains("2 of about 1900 files downloaded, compiling, ")
                .contains("java ");
        if (terminal) {
            assertThat(output.toString()).contains("\ropsbus: building: ");
        } else {
            assertThat(output.toString()).doesNotContain("\r", "compiling, 2 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalEndsABuildAtOnce(String signal) throws Exception {
        slowMaven();
        Process process =
                Launched.start(elsewhere, environment, project.resolve("opsbus").toString(), "start");
        await().until(() -> calls().size() == 1);
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
        await().until(() -> calls().contains("ended"));
        assertThat(new String(process.getInputStream().readAllBytes()))
                .endsWith("stopped\n")
                .doesNotContain("java ");
    }

    @Test
    void thePreparationOfLaterStartsSaysHowFarItIsAndASignalEndsIt() throws Exception {
        opsbus("match");
        environment.put("SERVE", "yes");
        Process process =
                Launched.start(elsewhere, environment, project.resolve("opsbus").toString(), "start");
        await().until(() -> Files.exists(project.resolve("target/archive.log"))
                && Files.readString(project.resolve("target/archive.log")).contains("java "));
        try (var output = process.inputReader()) {
            String line = output.readLine();
            while (!line.endsWith(", 15 s") && !line.startsWith("java ")) {
                line = output.readLine();
            }
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(line).isEqualTo("opsbus: preparing later starts, about 20 s in all, 15 s");
        }
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(archives()).isEmpty();
    }

    @Test
    void aFolderThatCantBeWrittenIsOneLine() throws Exception {
        Files.writeString(project.resolve("target"), "in the way");
        assertThat(opsbus("start"))
                .isEqualTo(
                        new Launched(
                                1,
                                "opsbus: the folder " + project.resolve("target")
                                        + " can't be written, and opsbus is built there; give it to this user, or put the project elsewhere\n"));
    }

    @Test
    void itWorksFromAnyFolderThroughALinkAndKeepsThatFolder() throws Exception {
        Files.createSymbolicLink(folder.resolve("bin/first"), project.resolve("opsbus"));
        Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("../bin/first"));
        Launched run = Launched.run(elsewhere, environment, "./second", "start", "--server.port=9000", "--x.y=a b");
        assertThat(run.output())
                .contains(
                        "-Dopsbus.home=" + project + " ",
                        "-jar " + project + "/target/opsbus/opsbus.jar start --server.port=9000 --x.y=a b");
        assertThat(Launched.run(project, environment, "./opsbus", "start").output())
                .doesNotContain("opsbus.home");
    }

    @Test
    void optionsForTheJvmAreHonouredAndItsExitStatusIsPassedOn() throws Exception {
        environment.put("OPSBUS_JAVA_OPTS", "-Xmx99m -Da=b");
        environment.put("STATUS", "5");
        Launched run = opsbus("start", "--demo");
        assertThat(run.output()).contains(" -Xmx99m -Da=b -jar ", " start --demo");
        assertThat(run.status()).isEqualTo(5);
    }

    @Test
    void jarsInLibAreOnTheClassPathBehindItsOwn() throws Exception {
        Files.createDirectories(project.resolve("lib"));
        assertThat(opsbus("start").output()).contains("opsbus.jar start");
        Files.writeString(project.resolve("lib/camel-kafka.jar"), "");
        String path = " -cp " + project + "/target/opsbus/opsbus.jar:" + project + "/lib/* routes.Opsbus ";
        assertThat(opsbus("start", "--x.y=a b").output()).contains(path + "start --x.y=a b");
        assertThat(opsbus("match", "--hooks", "x").output()).contains(path + "match --hooks x");
    }

    @Test
    void theFirstStartArchivesItsClassesForLaterOnesAndGoesOnWithoutWhenItCant() throws Exception {
        environment.put("STATUS", "3"); // the run that should make the archive fails too
        Launched first = opsbus("start");
        assertThat(first.output())
                .contains("preparing later starts", "opsbus.jar start")
                .doesNotContain("-XX:SharedArchiveFile=");
        assertThat(Files.readString(project.resolve("target/archive.log"))).contains("-XX:ArchiveClassesAtExit=");
        assertThat(opsbus("start").output()).doesNotContain("preparing").contains("opsbus.jar start");
        environment.remove("STATUS");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
        assertThat(opsbus("start").output()).contains("building", "preparing later starts");
    }

    /** It would acknowledge the events that wait in the user's NATS, and deliver none of them. */
    @Test
    void theFirstRunUsesNothingThatTheUserNames() throws Exception {
        tool("java", Files.readString(folder.resolve("bin/java")).replace("echo \"java $*\"", """
                env | grep -E '^(EVENT|OPSBUS|SPRING)_.*theirs' | sed 's/^/it sees /'
                            echo "in $PWD"
                            echo "java $*\""""));
        for (String name :
                List.of("EVENT_ENDPOINT", "OPSBUS_NATS_URL", "OPSBUS_NATS_TOKEN", "SPRING_CONFIG_LOCATION")) {
            environment.put(name, "theirs");
        }
        Launched first = opsbus("start");
        assertThat(first.output()).contains("preparing later starts", "it sees EVENT_ENDPOINT=theirs");
        assertThat(Files.readString(project.resolve("target/archive.log")))
                .contains("--opsbus.nats.url=", "--opsbus.kubernetes.enabled=false", "in " + project + "/target/first")
                .doesNotContain("it sees");
    }

    /**
     * A JVM archives what it has when it is ended early, as by a terminal that is closed: a start that was cut short
     * must not leave that to all later ones.
     */
    @Test
    void theArchiveOfARunThatWasCutShortIsNotTaken() throws Exception {
        tool("java", Files.readString(folder.resolve("bin/java")).replace("echo \"java $*\"", """
                for argument; do
                            case $argument in -XX:ArchiveClassesAtExit=*) file=${argument#*=}; trap 'echo part >"$file"; exit 7' HUP TERM ;; esac
                        done
                        echo "java $*\""""));
        environment.put("SERVE", "yes");
        Process process = Launched.start(
                elsewhere, environment, "setsid", project.resolve("opsbus").toString(), "start");
        Path log = project.resolve("target/archive.log");
        await().until(() -> Files.exists(log) && Files.readString(log).contains("java "));
        new ProcessBuilder("pkill", "-HUP", "-g", String.valueOf(process.pid()))
                .start()
                .waitFor();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        await().until(() -> !made().isEmpty());
        assertThat(archives()).isEmpty();
        environment.remove("SERVE");
        assertThat(opsbus("start").output()).contains("preparing later starts", "opsbus.jar start");
        assertThat(archives())
                .hasSize(1)
                .allSatisfy(archive -> assertThat(archive).hasContent("classes"));
    }

    /**
     * A busy machine opens a background command's output later than its first line is looked for; one that was there
     * before is not its own.
     */
    @Test
    void theFirstRunsLogNeedNotBeThereYetAndAnEarlierOneDoesNotCount() throws Exception {
        environment.put("SERVE", "yes");
        Path log = Files.createDirectories(project.resolve("target")).resolve("archive.log");
        Files.writeString(log, "an earlier hook default/first: attempt 1 failed: here\n");
        tool("grep", """
                for log; do :; done
                case $log in
                    *archive.log)
                        [ ! -f "$log" ] || ! /usr/bin/env -i PATH=/usr/bin:/bin grep -q earlier "$log" || echo 'an earlier log is read'
                        if [ -f "$CALLS.grep" ]; then echo ' hook default/first: attempt 1 failed' >"$log"; else rm -f "$log"; fi
                        touch "$CALLS.grep" ;;
                esac
                PATH=/usr/bin:/bin
                exec grep "$@"
                """);
        Process process =
                Launched.start(elsewhere, environment, project.resolve("opsbus").toString(), "start");
        try (var output = process.inputReader()) {
            List<String> lines = new ArrayList<>();
            for (String line = output.readLine(); !line.startsWith("java "); line = output.readLine()) {
                lines.add(line);
            }
            assertThat(lines)
                    .noneMatch(line -> line.contains("No such file"))
                    .noneMatch(line -> line.contains("an earlier log"));
        } finally {
            process.toHandle().destroy();
            process.waitFor();
        }
    }

    @Test
    void signalsReachTheProgram() throws Exception {
        opsbus("start");
        environment.put("SERVE", "yes");
        Process process =
                Launched.start(elsewhere, environment, project.resolve("opsbus").toString(), "start");
        try (var output = process.inputReader()) {
            assertThat(output.readLine()).startsWith("java ");
            process.toHandle().destroy(); // Process.destroy() closes the output
            assertThat(output.readLine()).isEqualTo("stopped");
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isEqualTo(7);
    }

    @Test
    void testsRunWithMavensArgumentsAndEndWithTheirSum() throws Exception {
        Launched run = opsbus("test", "-Dtest=A*", "-o");
        assertThat(run.status()).isZero();
        assertThat(calls()).containsExactly("mvn -B -Dcyclonedx.skip=true -Derror-prone verify -Dtest=A* -o");
        assertThat(run.output())
                .contains("BUILD SUCCESS")
                .endsWith("\nTests run: 12, Failures: 0, Errors: 0, Skipped: 1\n");
        environment.put("TESTS", "3");
        assertThat(opsbus("test").status()).isEqualTo(3);
    }

    @Test
    void noTestAtAllIsAFailure() throws Exception {
        environment.put("NONE", "whatever -Dtest names");
        Launched run = opsbus("test", "-Dtest=NoSuchTest");
        assertThat(run.output()).endsWith("\nNo tests were run\n");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void withoutMavenOnTheMachineTheWrapperBuilds() throws Exception {
        onlySystemTools();
        Files.move(folder.resolve("bin/mvn"), project.resolve("mvnw"));
        Launched run = opsbus("test");
        assertThat(run.status()).as(run.output()).isZero();
        assertThat(calls()).containsExactly("mvn -B -Dcyclonedx.skip=true -Derror-prone verify");
    }

    @Test
    void testsRunOnTheNatsServerThatIsAskedFor() throws Exception {
        tool(
                "mvn",
                "command -v nats-server >>\"$CALLS\"\necho '[INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0'");
        Path own = Files.createDirectories(folder.resolve("an own one")).resolve("nats-server");
        environment.put("OPSBUS_TEST_NATS_SERVER", own.toString());
        assertThat(opsbus("test").output())
                .contains("OPSBUS_TEST_NATS_SERVER=" + own + " is no absolute path of a program called nats-server");
        assertThat(calls()).isEmpty();
        Files.copy(folder.resolve("bin/nats-server"), own, StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(opsbus("test").status()).isZero();
        environment.put("OPSBUS_TEST_NATS_SERVER", "");
        assertThat(opsbus("test").status()).isZero();
        assertThat(calls())
                .containsExactly(
                        own.toString(), folder.resolve("bin/nats-server").toString());
    }

    @Test
    void testsInstallChromiumWhenItIsMissingAndNothingElseDoes() throws Exception {
        onlySystemTools();
        for (String browser : List.of("chromium", "chromedriver")) {
            Files.deleteIfExists(folder.resolve("bin").resolve(browser));
            String made = "printf '#!/bin/sh\\n' >" + folder + "/bin/" + browser + " && chmod +x " + folder + "/bin/"
                    + browser;
            tool("apt-get", "echo \"apt-get $*\" >>\"$CALLS\"\ncase $1 in install) " + made + " ;; esac");
            Files.deleteIfExists(folder.resolve("calls"));
            assertThat(opsbus("match").output()).doesNotContain("installing");
            assertThat(opsbus("test").output())
                    .contains(
                            "there is no chromium; installing it: apt-get install chromium chromium-driver",
                            "BUILD SUCCESS");
            assertThat(calls())
                    .filteredOn(call -> call.startsWith("apt-get"))
                    .containsExactly(
                            "apt-get update",
                            "apt-get install -y --no-install-recommends chromium chromium-driver fonts-wqy-microhei");
            assertThat(opsbus("test").output()).doesNotContain("installing");
        }
    }

    @Test
    void testsDontBeginWithoutChromiumWhenItCantBeInstalled() throws Exception {
        onlySystemTools();
        Files.delete(folder.resolve("bin/chromedriver"));
        tool("apt-get", "echo 'no network'\nexit 100");
        assertThat(opsbus("test"))
                .satisfies(
                        run -> assertThat(run.status()).isEqualTo(1),
                        run -> assertThat(run.output())
                                .contains("no network", "chromium could not be installed; install Chromium")
                                .doesNotContain("BUILD"));
        tool("id", "echo 1000");
        tool("sudo", "exit 1");
        assertThat(opsbus("test").output())
                .contains("only root can install it (apt-get install chromium chromium-driver");
    }

    /** The PATH without this machine's own Chromium; {@code id} says root. */
    private void onlySystemTools() throws IOException {
        for (String name : List.of(
                "cat",
                "cksum",
                "cut",
                "dirname",
                "env",
                "find",
                "flock",
                "grep",
                "head",
                "mkdir",
                "mkfifo",
                "mktemp",
                "mv",
                "printf",
                "readlink",
                "rm",
                "sed",
                "sort",
                "tail",
                "tee",
                "touch",
                "chmod")) {
            Path tool = List.of(Path.of("/usr/bin", name), Path.of("/bin", name)).stream()
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            tool(name, "exec " + tool + " \"$@\"");
        }
        tool("id", "echo 0");
        environment.put("PATH", folder.resolve("bin").toString());
    }

    @Test
    void theBenchAndTheFuzzerAreCompiledWhenASourceIsNewerAndRunInTheProject() throws Exception {
        Path benchSource =
                Files.createDirectories(project.resolve("bench/java")).resolve("B.java");
        Files.writeString(benchSource, "");
        tool("mvn", Files.readString(folder.resolve("bin/mvn")).replace("mkdir -p target", """
                for argument; do
                    case $argument in -Dmdep.outputFile=*) echo libraries.jar >"${argument#*=}" ;; esac
                done
                mkdir -p target"""));
        Launched run = opsbus("bench", "--quick", "--output", "json");
        assertThat(run.status()).isZero();
        assertThat(run.output())
                .contains(
                        "building the bench", "target/classes:libraries.jar routes.bench.Bench --quick --output json");
        assertThat(calls()).hasSize(2).last().asString().contains("test-compile");
        assertThat(opsbus("bench").output()).doesNotContain("building");
        assertThat(opsbus("fuzz", "--requests", "5").output())
                .contains("target/classes:libraries.jar routes.fuzz.Fuzz --requests 5")
                .doesNotContain("building");
        Files.setLastModifiedTime(benchSource, FileTime.from(Instant.now().plusSeconds(1)));
        assertThat(opsbus("bench").output()).contains("building the bench");
    }

    @ParameterizedTest
    @ValueSource(strings = {"11.0.2", "1.8.0_392"})
    void anOldJavaIsRefused(String version) throws Exception {
        environment.put("VERSION", version);
        Launched run = opsbus("start");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("17 or newer").doesNotContain("java -");
    }

    /** What is installed, and whose Java runs. */
    static Stream<Arguments> machines() {
        return Stream.of(
                arguments(
                        List.of("usr/lib/jvm/a 17.0.15", "usr/lib/jvm/b 25.0.3", "usr/lib/jvm/c 21.0.9"),
                        "usr/lib/jvm/b"),
                arguments(
                        List.of("usr/lib/jvm/a 9.0.4", "usr/lib/jvm/b 17.0.1", "usr/lib/jvm/c 11.0.30"),
                        "usr/lib/jvm/b"),
                arguments(List.of("usr/lib/jvm/a 21.0.10", "usr/lib/jvm/b 21.0.9"), "usr/lib/jvm/a"),
                arguments(List.of("usr/lib/jvm/java-1.99.0 25", "usr/lib/jvm/b 25.0.1"), "usr/lib/jvm/b"),
                arguments(List.of("usr/lib/jvm/a 25", "usr/lib/jvm/b 21.0.9"), "usr/lib/jvm/a"),
                arguments(List.of("usr/java/a 17.0.2", "opt/java/openjdk 21.0.9"), "opt/java/openjdk"),
                arguments(
                        List.of("Library/Java/JavaVirtualMachines/t/Contents/Home 25.0.1", "usr/lib/jvm/a 17.0.2"),
                        "Library/Java/JavaVirtualMachines/t/Contents/Home"),
                arguments(
                        List.of("home/.sdkman/candidates/java/25.0.1-tem 25.0.1", "usr/lib/jvm/a 17.0.2"),
                        "home/.sdkman/candidates/java/25.0.1-tem"),
                arguments(List.of("home/.jdks/my own 21.0.1", "usr/lib/jvm/a 17.0.2"), "home/.jdks/my own"),
                arguments(List.of("usr/lib/jvm/a 25.0.1 jre", "usr/lib/jvm/b 17.0.2"), "usr/lib/jvm/b"),
                arguments(List.of("usr/lib/jvm/a 1.8.0_392", "usr/lib/jvm/b 11.0.2"), ""),
                arguments(List.of("else/where 26.0.1 path", "usr/lib/jvm/b 25.0.2"), "else/where"),
                arguments(List.of("else/where 17.0.1 path", "usr/lib/jvm/b 25.0.2"), "usr/lib/jvm/b"),
                arguments(List.of("else/where 17.0.1 home", "usr/lib/jvm/b 25.0.2"), "else/where"));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void theNewestJdkOfTheMachineRunsItUnlessJavaHomeNamesOne(List<String> installed, String taken) throws Exception {
        for (String jdk : installed) {
            install(jdk);
        }
        assertThat(takenJdk()).isEqualTo(taken);
    }

    @Test
    void ofAnyVersionsTheNewestIsTaken() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 30; round++) {
            FileSystemUtils.deleteRecursively(folder.resolve("usr"));
            List<String> versions = random.ints(1 + random.nextInt(5), 9, 30)
                    .mapToObj(feature -> feature
                            + (random.nextBoolean() ? "" : "." + random.nextInt(2) + "." + (1 + random.nextInt(12))))
                    .distinct()
                    .toList();
            for (String version : versions) {
                install("usr/lib/jvm/" + (char) ('a' + random.nextInt(26)) + "-" + version + " " + version);
            }
            String newest = versions.stream()
                    .max(Comparator.comparing(Runtime.Version::parse))
                    .filter(version -> Runtime.Version.parse(version).feature() >= 17)
                    .orElse(null);
            assertThat(takenJdk()).as("of %s", versions).matches(newest == null ? "" : "usr/lib/jvm/.-" + newest);
        }
    }

    /** From 24 on a JVM warns, and names the libraries, where 17 to 21 don't know the options that allow it. */
    @ParameterizedTest
    @CsvSource({
        "17.0.15, false, false",
        "21.0.9, false, false",
        "23.0.1, false, false",
        "24.0.2, true, false",
        "25.0.3, true, true",
        "31, true, true"
    })
    void eachJdkGetsWhatItKnows(String version, boolean warns, boolean cache) throws Exception {
        install("usr/lib/jvm/a " + version);
        Launched first = opsbus("start");
        assertThat(first.output())
                .contains("preparing later starts with Java " + version + " (" + folder.toRealPath()
                        + "/usr/lib/jvm/a), once");
        Path archive = archives().get(0);
        String log = Files.readString(project.resolve("target/archive.log"));
        if (cache) {
            assertThat(log)
                    .contains(
                            " -XX:AOTMode=record -XX:AOTConfiguration=",
                            " -XX:AOTMode=create -XX:AOTConfiguration=",
                            " -XX:AOTCache=" + archive + ".new -jar ");
            assertThat(first.output()).contains(" -XX:AOTCache=" + archive + " ");
        } else {
            assertThat(log).contains(" -XX:ArchiveClassesAtExit=" + archive + ".new -jar ");
            assertThat(first.output()).contains(" -XX:SharedArchiveFile=" + archive + " ");
        }
        for (String output : List.of(
                first.output(),
                Files.readString(project.resolve("target/archive.log")),
                opsbus("match").output())) {
            assertThat(output.contains(" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "))
                    .isEqualTo(warns);
        }
    }

    @Test
    void anotherJdkOrAnotherBuildOfItMakesItsOwnArchive() throws Exception {
        install("usr/lib/jvm/a 21.0.1");
        assertThat(opsbus("start").output()).contains("preparing later starts with Java 21.0.1");
        install("usr/lib/jvm/b 25.0.1");
        assertThat(opsbus("start").output()).contains("preparing later starts with Java 25.0.1");
        assertThat(opsbus("start").output()).doesNotContain("preparing");
        Path release = folder.resolve("usr/lib/jvm/b/release");
        FileTime longAgo = Files.getLastModifiedTime(project.resolve("pom.xml"));
        Files.writeString(
                release,
                "IMPLEMENTOR=\"another\"\n"
                        + Files.readString(release)); // packages bring files that are as old as their build
        Files.setLastModifiedTime(release, longAgo);
        assertThat(opsbus("start").output()).contains("preparing later starts with Java 25.0.1");
        environment.put("OPSBUS_JAVA_OPTS", "-XX:+UseG1GC");
        assertThat(opsbus("start").output()).contains("preparing later starts with Java 25.0.1");
        environment.put("OPSBUS_JAVA_OPTS", "");
        assertThat(opsbus("start").output()).doesNotContain("preparing");
        FileSystemUtils.deleteRecursively(folder.resolve("usr/lib/jvm/b"));
        assertThat(opsbus("start").output()).doesNotContain("preparing").contains("opsbus.jar start");
        assertThat(archives()).hasSize(4);
    }

    /** The JDKs of this machine, among them the one that runs the tests. */
    static List<Path> realJdks() throws IOException {
        List<Path> jdks = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        if (Files.isDirectory(Path.of("/usr/lib/jvm"))) {
            try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
                installed
                        .filter(jdk -> !Files.isSymbolicLink(jdk)
                                && Files.isExecutable(jdk.resolve("bin/javac"))
                                && !jdks.contains(jdk))
                        .sorted()
                        .forEach(jdks::add);
            }
        }
        return jdks;
    }

    /**
     * With a small program in opsbus' place: what is made for later starts can be used, and when it can't, nothing is
     * said of it.
     */
    @ParameterizedTest
    @MethodSource("realJdks")
    void aJvmUsesWhatWasMadeAndABrokenOneIsIgnored(Path jdk) throws Exception {
        packLaunched();
        environment.put("JAVA_HOME", jdk.toString());
        assertThat(opsbus("start", "a").output())
                .contains("preparing later starts")
                .endsWith(" s\nlaunched start a\n");
        boolean cache = Runtime.Version.parse(releaseOf(jdk)).feature() >= 25;
        environment.put("OPSBUS_JAVA_OPTS", cache ? "-XX:AOTMode=on" : "-Xshare:on");
        assertThat(opsbus("start", "b")).as("must use it").isEqualTo(new Launched(0, "launched start b\n"));
        environment.put("OPSBUS_JAVA_OPTS", "");
        Path archive = archives().get(0);
        byte[] whole = Files.readAllBytes(archive);
        byte[] noise = new byte[whole.length];
        new Random(1).nextBytes(noise);
        byte[] half = Arrays.copyOf(
                whole,
                cache
                        ? whole.length / 2
                        : 100); // before 25 a JVM knows only from the header how long it is, and ends on what is
        // missing
        for (byte[] broken : List.of(new byte[0], noise, half)) {
            Files.write(archive, broken);
            assertThat(opsbus("start", "c")).isEqualTo(new Launched(0, "launched start c\n"));
        }
    }

    @ParameterizedTest
    @MethodSource("realJdks")
    void aSmallerHeapThanItsOwnIsTaken(Path jdk) throws Exception {
        packLaunched();
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("OPSBUS_JAVA_OPTS", "-Xmx72m");
        assertThat(opsbus("start", "a"))
                .satisfies(
                        run -> assertThat(run.status()).isZero(),
                        run -> assertThat(run.output()).endsWith(" s\nlaunched start a\n"));
        assertThat(opsbus("start", "b")).isEqualTo(new Launched(0, "launched start b\n"));
    }

    /** A jar that is newer than all sources, unpacked as the launcher does it. */
    private void packLaunched() throws IOException {
        Path jar = Files.createDirectories(project.resolve("target/opsbus")).resolve("opsbus.jar");
        Files.writeString(project.resolve("target/opsbus.jar"), "");
        String main = LaunchedProgram.class.getName();
        assertThat(ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "--create",
                                "--file=" + jar,
                                "--main-class=" + main,
                                "-C",
                                Path.of("target/test-classes").toAbsolutePath().toString(),
                                main.replace('.', '/') + ".class"))
                .isZero();
    }

    private static String releaseOf(Path jdk) throws IOException {
        return Files.readAllLines(jdk.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll("^[^\"]*\"|\".*", ""))
                .findFirst()
                .orElseThrow();
    }

    /**
     * @param jdk folder, version, and {@code jre} for one without compiler, {@code path} for the one on the PATH,
     *     {@code home} for that of JAVA_HOME
     */
    private void install(String jdk) throws IOException {
        Matcher parts = Pattern.compile("(.+?) ([0-9._]+)( jre| path| home)?").matcher(jdk);
        assertThat(parts.matches()).isTrue();
        Path home = folder.toRealPath().resolve(parts.group(1));
        String kind = parts.group(3) == null ? "" : parts.group(3).strip();
        for (String tool : kind.equals("jre") ? List.of("java") : List.of("java", "javac")) {
            Files.createDirectories(home.resolve("bin"));
            Files.copy(
                    folder.resolve("bin").resolve(tool),
                    home.resolve("bin").resolve(tool),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        switch (kind) {
            case "path" -> {
                Files.delete(folder.resolve("bin/java"));
                Files.createSymbolicLink(folder.resolve("bin/java"), home.resolve("bin/java"));
            }
            case "home" -> environment.put("JAVA_HOME", home.toString());
            default -> {}
        }
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"us\"\nJAVA_VERSION=\"" + parts.group(2) + "\"\nJAVA_VERSION_DATE=\"2026-01-20\"\n");
    }

    /** Whose Java ran the program, from the folder on. */
    private String takenJdk() throws Exception {
        assertThat(opsbus("match").status()).isZero();
        List<String> ran = Files.readAllLines(folder.resolve("calls.java"));
        return folder.toRealPath()
                .relativize(Path.of(ran.get(ran.size() - 1)).getParent().getParent())
                .toString();
    }

    /** What was made for later starts, and is whole. */
    private List<Path> archives() throws IOException {
        return made().stream().filter(file -> !file.toString().endsWith(".new")).toList();
    }

    private List<Path> made() throws IOException {
        try (Stream<Path> files = Files.list(project.resolve("target/opsbus"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("java-"))
                    .sorted()
                    .toList();
        }
    }

    private Launched opsbus(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(project.resolve("opsbus").toString()));
        command.addAll(List.of(arguments));
        return Launched.run(elsewhere, environment, command.toArray(String[]::new));
    }

    private List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private void tool(String name, String script) throws IOException {
        Path tool = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(tool, script.startsWith("#!") ? script : "#!/bin/sh\n" + script);
        assertThat(tool.toFile().setExecutable(true)).isTrue();
    }
}
