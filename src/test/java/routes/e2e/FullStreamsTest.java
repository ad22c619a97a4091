package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

class FullStreamsTest {

    @TempDir
    Path home;

    @Test
    void whenItsStreamsAreFullEventsWaitInOpsAndNothingIsLost() throws Exception {
        int events = 3_000;
        try (NatsServer server = new NatsServer(home.resolve("nats")); Inbox inbox = new Inbox();
             OpsbusProcess opsbus = new OpsbusProcess(home, server.url()).with("--opsbus.delivery.retry-levels=200ms,500ms,1s",
                     "--opsbus.streams.deliveries-max-bytes=500KB", "--opsbus.streams.retries-max-bytes=500KB")) {
            NatsBus bus = server.bus();
            inbox.on("/full", new Inbox.Behaviour.Reset());
            opsbus.hook("full.yaml", HooksEndToEndTest.hook("full", "webhook", "ops.>", inbox.url("/full"), ""));
            opsbus.start();
            List<String> ids = Events.flood(bus, "full", events);
            await().atMost(Duration.ofMinutes(1)).until(() -> messages(bus, "opsbus-retries") > 100 && messages(bus, "opsbus-deliveries") > 100
                    && bus.management().getConsumerInfo("ops", "opsbus-router").getNumPending() > 0);
            inbox.on("/full", Inbox.Behaviour.ok());
            await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(500)).until(() -> inbox.taken("/full").stream().map(Inbox.Request::id).distinct().count() == events);
            assertThat(inbox.taken("/full")).extracting(Inbox.Request::id).containsAll(ids.stream().map(id -> id + "/e2e/full").toList());
            await().until(() -> messages(bus, "opsbus-retries") + messages(bus, "opsbus-deliveries") == 0);
            bus.close();
            Files.copy(opsbus.log(), Path.of("target", "FullStreamsTest-opsbus.log"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static long messages(NatsBus bus, String stream) throws Exception {
        return bus.management().getStreamInfo(stream).getStreamState().getMsgCount();
    }
}
