package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.api.ConsumerInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

class FullStreamsTest {

    private static final int MOST = 800;

    @TempDir
    Path home;

    @Test
    void whenItsStreamsAreFullEventsWaitInOpsAndNothingIsLost() throws Exception {
        int events = 3_000;
        try (NatsServer server = new NatsServer(home.resolve("nats"));
                Inbox inbox = new Inbox();
                OpsbusProcess opsbus = new OpsbusProcess(home, server.url())
                        .with(
                                "--opsbus.delivery.retry-levels=200ms,500ms,1s",
                                "--opsbus.streams.deliveries-max-messages=" + MOST,
                                "--opsbus.streams.retries-max-messages=" + MOST)) {
            try (NatsBus bus = server.bus()) {
                inbox.on("/full", new Inbox.Behaviour.Reset());
                opsbus.hook("full.yaml", HooksEndToEndTest.hook("full", "webhook", "ops.>", inbox.url("/full"), ""));
                opsbus.start();
                List<String> ids = Events.flood(bus, "full", events);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> messages(bus, "opsbus-retries") > 100
                                && messages(bus, "opsbus-deliveries") == MOST
                                && waitingInOps(bus) > 0);
                inbox.on("/full", Inbox.Behaviour.ok());
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> assertThat(arrived(inbox))
                                .as(() -> whereTheyAre(bus))
                                .hasSize(events));
                assertThat(arrived(inbox))
                        .containsAll(ids.stream().map(id -> id + "/e2e/full").toList());
                await().until(() -> messages(bus, "opsbus-retries") + messages(bus, "opsbus-deliveries") == 0);
            } finally {
                Files.copy(
                        opsbus.log(),
                        Path.of("target", "FullStreamsTest-opsbus.log"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Handed out and refused by a full stream, or not yet handed out. */
    private static long waitingInOps(NatsBus bus) throws Exception {
        ConsumerInfo router = bus.management().getConsumerInfo("ops", "opsbus-router");
        return router.getNumPending() + router.getNumAckPending();
    }

    private static Set<String> arrived(Inbox inbox) {
        return inbox.taken("/full").stream().map(Inbox.Request::id).collect(Collectors.toSet());
    }

    private static String whereTheyAre(NatsBus bus) {
        try {
            StringBuilder where = new StringBuilder();
            for (String stream : bus.management().getStreamNames()) {
                where.append(stream)
                        .append(": ")
                        .append(bus.management().getStreamInfo(stream).getStreamState())
                        .append('\n');
                bus.management()
                        .getConsumers(stream)
                        .forEach(consumer -> where.append("  ").append(consumer).append('\n'));
            }
            return where.toString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static long messages(NatsBus bus, String stream) throws Exception {
        return bus.management().getStreamInfo(stream).getStreamState().getMsgCount();
    }
}
