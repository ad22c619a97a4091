package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildNatsServerTest {

    private static ProcessHandle process(Path dir) throws Exception {
        return ProcessHandle.of(Long.parseLong(Files.readString(dir.resolve("nats/nats-server.pid")).strip())).orElseThrow();
    }

    @Test
    void aServerThatIsKilledIsStartedAgainWhereItWasWithItsDataAndOneThatIsClosedIsNot(@TempDir Path dir) throws Exception {
        ProcessHandle second;
        try (ChildNatsServer server = new ChildNatsServer(dir); Connection connection = Nats.connect(server.options().maxReconnects(-1).reconnectWait(Duration.ofMillis(100)).build())) {
            JetStreamManagement management = connection.jetStreamManagement();
            management.addStream(StreamConfiguration.builder().name("ops").subjects("ops.>").build());
            connection.jetStream().publish("ops.a", "x".getBytes(StandardCharsets.UTF_8));

            ProcessHandle first = process(dir);
            first.destroyForcibly();
            await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> management.getStreamInfo("ops").getStreamState().getMsgCount() == 1 && !first.isAlive());
            second = process(dir);
            assertThat(second.pid()).isNotEqualTo(first.pid());
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> !second.isAlive());
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(dir.resolve("nats/nats-server.pid")));
    }
}
