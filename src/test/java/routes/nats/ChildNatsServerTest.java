package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildNatsServerTest {

    private static ProcessHandle process(Path dir) throws Exception {
        return ProcessHandle.of(Long.parseLong(
                        Files.readString(dir.resolve("nats/nats-server.pid")).strip()))
                .orElseThrow();
    }

    @Test
    void aServerThatIsKilledIsStartedAgainWhereItWasWithItsDataAndOneThatIsClosedIsNot(@TempDir Path dir)
            throws Exception {
        ProcessHandle second;
        try (ChildNatsServer server = new ChildNatsServer(dir);
                Connection connection = Nats.connect(server.options()
                        .maxReconnects(-1)
                        .reconnectWait(Duration.ofMillis(100))
                        .build())) {
            JetStreamManagement management = connection.jetStreamManagement();
            management.addStream(
                    StreamConfiguration.builder().name("ops").subjects("ops.>").build());
            connection.jetStream().publish("ops.a", "x".getBytes(StandardCharsets.UTF_8));

            ProcessHandle first = process(dir);
            first.destroyForcibly();
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() ->
                            management.getStreamInfo("ops").getStreamState().getMsgCount() == 1 && !first.isAlive());
            second = process(dir);
            assertThat(second.pid()).isNotEqualTo(first.pid());
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> !second.isAlive());
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> !Files.exists(dir.resolve("nats/nats-server.pid")));
    }

    @Test
    void aProcessThatEndsForLackOfMemoryTakesItsServerAlong(@TempDir Path dir) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OutOfMemory.class.getName(),
                        dir.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> process(dir).pid() > 0);
        ProcessHandle server = process(dir);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("status of a JVM that ends for lack of memory")
                .isEqualTo(3);
        await().atMost(Duration.ofSeconds(10)).until(() -> !server.isAlive());
        new ChildNatsServer(dir).close();
    }

    @Test
    void itIsTheSameProgramAsTheTestsServers(@TempDir Path dir) throws Exception {
        try (NatsServer other = new NatsServer(dir.resolve("other"));
                NatsBus bus = other.bus();
                ChildNatsServer server = new ChildNatsServer(dir);
                Connection connection = Nats.connect(server.options().build())) {
            assertThat(connection.getServerInfo().getVersion())
                    .as(
                            "./opsbus test sees to it; for mvn test, put the folder of OPSBUS_TEST_NATS_SERVER first on the PATH, too")
                    .isEqualTo(bus.connection().getServerInfo().getVersion());
        }
    }

    @Test
    void aSecondOneOnTheSameDataSaysSo(@TempDir Path dir) throws Exception {
        try (ChildNatsServer first = new ChildNatsServer(dir)) {
            assertThat(first.options().build().getServers()).hasSize(1);
            assertThatThrownBy(() -> new ChildNatsServer(dir)).hasMessageContaining("opsbus.nats.data-dir");
        }
    }
}
