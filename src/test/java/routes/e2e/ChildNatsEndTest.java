package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** opsbus with a nats-server of its own. */
class ChildNatsEndTest {

    @Test
    void anOpsbusThatIsKilledTakesItsNatsServerAlongAndTheNextOneHasItsData(@TempDir Path home) throws Exception {
        try (OpsbusProcess opsbus = new OpsbusProcess(home, "")) {
            opsbus.start();
            ProcessHandle first = natsServer(home);
            assertThat(opsbus.post("/api/v1/namespaces/default/events/ops.child.nats", "{\"id\":1}")
                            .status())
                    .isEqualTo(200);
            opsbus.kill9();
            await().atMost(Duration.ofSeconds(10)).until(() -> !first.isAlive());

            opsbus.start();
            ProcessHandle second = natsServer(home);
            assertThat(second.pid()).isNotEqualTo(first.pid());
            assertThat(opsbus.get("/api/v1/events/ops.child.nats")
                            .json()
                            .path("data")
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
            opsbus.stop();
            await().atMost(Duration.ofSeconds(10)).until(() -> !second.isAlive());
            assertThat(Files.exists(home.resolve("data/nats/nats-server.pid")))
                    .as("left by a server that was stopped in order")
                    .isFalse();
        }
    }

    private static ProcessHandle natsServer(Path home) throws Exception {
        return ProcessHandle.of(Long.parseLong(Files.readString(home.resolve("data/nats/nats-server.pid"))
                        .strip()))
                .orElseThrow();
    }
}
