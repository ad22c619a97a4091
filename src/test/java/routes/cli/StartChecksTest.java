package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** What stops a start is one line that names the property, before anything is touched. */
@ExtendWith(OutputCaptureExtension.class)
class StartChecksTest {

    private static final Pattern ROW =
            Pattern.compile("\\| `(opsbus\\.[^`]+)` \\| [^|]* \\| ((?:`[A-Z0-9_]+`(?:, )?)+) \\|.*");
    private static final DefaultListableBeanFactory BEANS = new DefaultListableBeanFactory();

    static {
        ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(BEANS, false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        scanner.scan("routes");
    }

    @TempDir
    Path folder;

    /** Why a start with these sources of properties ends, null when it does not. */
    private String refusal(PropertySource<?>... sources) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        for (PropertySource<?> source : sources) {
            environment.getPropertySources().addLast(source);
        }
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "rest",
                        Map.of(
                                "server.port",
                                0,
                                "opsbus.nats.url",
                                "nats://127.0.0.1:1",
                                "opsbus.hooks.dir",
                                folder.resolve("hooks").toString())));
        Throwable thrown = catchThrowable(() -> new StartChecks(environment).postProcessBeanFactory(BEANS));
        return thrown == null ? null : StartFailure.reason(thrown).orElse("at length: " + thrown);
    }

    private String refusal(String... arguments) {
        return refusal(new SimpleCommandLinePropertySource(arguments));
    }

    private String refusalOfVariables(Map<String, Object> variables) {
        return refusal(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    }

    /** Names of properties in the docs, and of their variables. */
    private static Map<String, List<String>> documented() throws IOException {
        Map<String, List<String>> names = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                names.put(
                        row.group(1),
                        Stream.of(row.group(2).replace("`", "").split(", "))
                                .filter(name -> name.startsWith("OPSBUS_"))
                                .toList());
            }
        }
        assertThat(names).hasSizeGreaterThan(40);
        return names;
    }

    private static PropertyNames known() {
        List<Class<?>> records = new ArrayList<>();
        for (String name : BEANS.getBeanDefinitionNames()) {
            try {
                Class<?> type = Class.forName(BEANS.getBeanDefinition(name).getBeanClassName());
                if (type.isAnnotationPresent(ConfigurationProperties.class)) {
                    records.add(type);
                }
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
        return new PropertyNames(records, List.of("opsbus.cluster"));
    }

    @Test
    void anArgumentForTheServerThatIsNoneIsRefusedWithTheRightName() throws Exception {
        assertThat(refusal("--server.prot=1"))
                .isEqualTo("there is no property --server.prot; did you mean server.port?");
        assertThat(refusal("--sever.port=1")).isEqualTo("there is no property --sever.port; did you mean server.port?");
        assertThat(refusal("--server.adress=0.0.0.0")).endsWith("did you mean server.address?");
        assertThat(refusal("--server.nothing-of-that-kind-at-all=1"))
                .endsWith("; those of the server are Spring Boot's");
        ServerNames names = new ServerNames();
        assertThat(names.names()).hasSizeGreaterThan(100);
        for (String name : names.names()) {
            assertThat(names.knows(name)).as(name).isTrue();
            for (int i = ServerNames.PREFIX.length(); i < name.length() - 1; i++) {
                String slip = name.substring(0, i) + name.charAt(i + 1) + name.charAt(i) + name.substring(i + 2);
                assertThat(names.knows(slip))
                        .as(slip)
                        .isEqualTo(slip.replace("-", "").equals(name.replace("-", "")));
            }
        }
        assertThat(names.knows("server.maxHttpRequestHeaderSize")).isTrue();
        assertThat(names.knows("server.servlet.context-parameters.any")).isTrue();
        assertThat(names.knows("server.tomcat.relaxed-path-chars[0]")).isTrue();
        assertThat(refusal("--servers=x", "--other.server.prot=1")).isNull();
    }

    @Test
    void everyPropertyThatIsDocumentedIsKnownInEveryWayToWriteIt() throws Exception {
        PropertyNames known = known();
        documented().forEach((name, variables) -> {
            assertThat(known.knows(name)).as(name).isTrue();
            assertThat(known.knows(name.replaceAll("-([a-z])", "_$1"))).as(name).isTrue();
            assertThat(known.knows(Pattern.compile("-([a-z])")
                            .matcher(name)
                            .replaceAll(letter -> letter.group(1).toUpperCase())))
                    .as(name)
                    .isTrue();
            variables.forEach(variable ->
                    assertThat(known.knowsVariable(variable)).as(variable).isTrue());
        });
    }

    @Test
    void everyPropertyWithALetterWrongIsRefusedWithTheRightName() throws Exception {
        PropertyNames known = known();
        PropertyCheck check = new PropertyCheck(known, folder);
        Random random = new Random(3);
        StandardEnvironment environment = new StandardEnvironment();
        documented().forEach((name, variables) -> {
            String wrong = misspelt(name, "opsbus.".length(), random);
            if (!known.knows(wrong)) {
                environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource("--" + wrong + "=1"));
                assertThat(catchThrowable(() -> check.check(environment.getPropertySources())))
                        .as(wrong)
                        .hasMessageContaining("there is no property --" + wrong)
                        .hasMessageContaining("did you mean opsbus.");
            }
            environment.getPropertySources().remove(SimpleCommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME);
            for (String variable : variables) {
                String wrongVariable = misspelt(variable, "OPSBUS_".length(), random);
                if (!known.knowsVariable(wrongVariable)) {
                    environment
                            .getPropertySources()
                            .addFirst(new SystemEnvironmentPropertySource(
                                    "systemEnvironment", Map.of(wrongVariable, "1")));
                    assertThat(catchThrowable(() -> check.check(environment.getPropertySources())))
                            .as(wrongVariable)
                            .hasMessageContaining(wrongVariable)
                            .hasMessageContaining("did you mean OPSBUS_");
                    environment.getPropertySources().remove("systemEnvironment");
                }
            }
        });
    }

    /** A letter doubled, behind the prefix: no name is another's with that. */
    private static String misspelt(String name, int from, Random random) {
        int at = from + random.nextInt(name.length() - from);
        char letter = Character.isLetter(name.charAt(at)) ? name.charAt(at) : 'x';
        return Character.isLetter(name.charAt(at)) ? name.substring(0, at) + letter + name.substring(at) : name + "x";
    }

    @Test
    void theLineSaysWhereItIsWrittenAndWhatWasMeant() throws Exception {
        assertThat(refusal("--opsbus.hook.dir=x"))
                .isEqualTo("there is no property --opsbus.hook.dir; did you mean opsbus.hooks.dir?");
        assertThat(refusal("--opbus.hooks.dir=x"))
                .isEqualTo("there is no property --opbus.hooks.dir; did you mean opsbus.hooks.dir?");
        assertThat(refusal("--opsbus.something.else.entirely=x")).contains("docs/configuration.md");
        assertThat(refusalOfVariables(Map.of("OPSBUS_HOOK_DIR", "x")))
                .isEqualTo(
                        "there is no property for the environment variable OPSBUS_HOOK_DIR; did you mean OPSBUS_HOOKS_DIR?");
        Path file = Files.writeString(
                folder.resolve("application.properties"), "opsbus.hooks.poll=1s\nopsbus.htp.connect-timeout=1s\n");
        assertThat(refusal(new PropertiesPropertySourceLoader()
                        .load("file", new FileSystemResource(file))
                        .get(0)))
                .contains(
                        "opsbus.htp.connect-timeout (",
                        "application.properties",
                        "2:",
                        "did you mean opsbus.http.connect-timeout?");
    }

    @Test
    void whatIsSomebodyElsesIsNotRefused(CapturedOutput log) throws Exception {
        Files.createDirectories(folder.resolve("hooks"));
        Files.writeString(folder.resolve("hooks/a.yaml"), "url: '{{OPSBUS_NATS_URI}}'");
        assertThat(refusalOfVariables(Map.of(
                        "OPSBUS_NATS_URI",
                        "named in a hook",
                        "OPSBUS_JAVA_OPTS",
                        "-Xmx1g",
                        "OPSBUS_SERVICE_HOST",
                        "10.0.0.1",
                        "OPSBUS_PORT",
                        "tcp://10.0.0.1:80",
                        "OPSBUS_NATS_PORT_4222_TCP_ADDR",
                        "10.0.0.1",
                        "OPSBUS_HTTP_PORT_80_TCP",
                        "x",
                        "OPSBUS_SERVICE_PORT_HTTP",
                        "80")))
                .isNull();
        assertThat(log.getOut()).doesNotContain("is no property of opsbus");
        assertThat(refusalOfVariables(Map.of("OPSBUS_SOMETHING_ELSE", "x"))).isNull();
        assertThat(log.getOut()).contains("OPSBUS_SOMETHING_ELSE is no property of opsbus");
        assertThat(refusal(
                        "--server.tomcat.threads.max=7",
                        "--opsbus.security.tokens[0].token=abcdefghijklmnopqrst",
                        "--logging.level.x=DEBUG"))
                .isNull();
    }

    @Test
    void aBadValueIsSaidBeforeTheStart() throws Exception {
        assertThat(refusal("--opsbus.delivery.in-flight=many"))
                .isEqualTo("the property opsbus.delivery.in-flight is \"many\": write a whole number");
        assertThat(refusal("--opsbus.hooks.poll=soon"))
                .isEqualTo("the property opsbus.hooks.poll is \"soon\": write a time such as 500ms, 30s or 5m");
        assertThat(refusal("--opsbus.api.max-body=large"))
                .isEqualTo("the property opsbus.api.max-body is \"large\": write a size such as 512KB or 10MB");
        assertThat(refusal("--opsbus.streams.storage=tape"))
                .isEqualTo("the property opsbus.streams.storage is \"tape\": write one of file, memory");
        assertThat(refusal("--server.port=http"))
                .isEqualTo("the property server.port is \"http\": write a whole number");
        assertThat(refusal("--server.port=9", "--server.address=not an address"))
                .contains("server.address", "\"not an address\": write an address of this machine");
        int refused = 0;
        for (String name : documented().keySet()) {
            String refusal = refusal("--" + name + "=\u00a7");
            if (refusal != null) {
                refused++;
                assertThat(refusal)
                        .as(name)
                        .contains(name.replaceAll("\\[.*", ""))
                        .doesNotContain("at length", "java.", "Failed to convert", "For input string");
            }
        }
        assertThat(refused).isGreaterThan(30);
    }

    @Test
    void aMappingThatCantWorkIsSaidBeforeTheStart() throws Exception {
        assertThat(refusal("--opsbus.push.mappings.pager.message={$.a[x]}"))
                .startsWith("the property opsbus.push.mappings.pager.message: the JSONPath \"$.a[x]\" can't be read");
        assertThat(refusal("--opsbus.push.mappings.pager.id=constant"))
                .contains("opsbus.push.mappings.pager.id is \"constant\", the same for all");
        assertThat(refusal("--opsbus.push.mappings.grafana.id={$.id}"))
                .contains("opsbus.push.mappings.grafana has the name of a built-in source");
        assertThat(refusal("--opsbus.push.mappings.pager.id={$.id}")).isNull();
    }

    /** It listens where the other does. */
    @Test
    void theHealthPortIsTriedOnTheServersAddress() throws Exception {
        try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            String port = "--opsbus.server.health-port=" + elsewhere.getLocalPort();
            assertThat(refusal(port, "--server.address=127.0.0.1")).isNull();
            assertThat(refusal(port, "--server.address=127.0.0.2"))
                    .contains("is in use", "--opsbus.server.health-port=9000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "management.server"})
    void aPortThatIsTakenIsNamedWithItsProperty(String connector) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "--" + connector + ".port=" + taken.getLocalPort();
            assertThat(refusal(port))
                    .contains("port " + taken.getLocalPort() + " is in use", "--" + connector + ".port=9000");
            assertThat(refusal(port, "--" + connector + ".address=127.0.0.1")).contains("is in use");
        }
        assertThat(refusal("--" + connector + ".port=9", "--" + connector + ".address=192.0.2.1"))
                .contains("192.0.2.1", "--" + connector + ".address=");
    }

    @Test
    void twoConnectorsCantHaveOnePort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(refusal("--server.port=" + port, "--management.server.port=" + port))
                .contains("--management.server.port=");
    }

    @Test
    void foldersThatAreOfNoUseAreNamedWithTheirProperty() throws Exception {
        String file = Files.writeString(folder.resolve("file"), "").toString();
        assertThat(refusal("--opsbus.hooks.dir=" + file))
                .contains(file + ", which is no folder", "--opsbus.hooks.dir=");
        for (String place : List.of(file, file + "/data", "/proc/nowhere/data")) {
            assertThat(refusal("--opsbus.nats.url=", "--opsbus.nats.data-dir=" + place))
                    .contains("data can't be kept in " + place, "--opsbus.nats.data-dir=", "EVENT_ENDPOINT");
        }
        assertThat(refusal("--opsbus.nats.url=", "--opsbus.nats.data-dir=" + folder.resolve("data")))
                .isNull();
        assertThatCode(() -> Files.delete(folder.resolve("data/nats")))
                .as("nothing is left there")
                .doesNotThrowAnyException();
    }
}
