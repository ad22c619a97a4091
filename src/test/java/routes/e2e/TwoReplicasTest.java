package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.api.PublishAck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** Two processes on one NATS with the same hooks are one opsbus. */
class TwoReplicasTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final long seed = Long.getLong("opsbus.test.seed", System.nanoTime());

    @TempDir
    Path home;
    private NatsServer server;
    private NatsBus bus;
    private Inbox inbox;
    private List<OpsbusProcess> replicas;

    @BeforeEach
    void start() throws Exception {
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        replicas = List.of(replica("first"), replica("second"));
    }

    private OpsbusProcess replica(String name) throws Exception {
        return new OpsbusProcess(Files.createDirectory(home.resolve(name)), server.url()).with("--opsbus.delivery.retry-levels=200ms,500ms,1s,2s");
    }

    @AfterEach
    void stop(TestInfo test) throws Exception {
        for (OpsbusProcess replica : replicas) {
            replica.close();
            Files.copy(replica.log(), Path.of("target", "TwoReplicasTest-" + test.getTestMethod().orElseThrow().getName() + "-" + replicas.indexOf(replica) + ".log"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        inbox.close();
        bus.close();
        server.close();
    }

    private Flow startBoth(String prefix, int events) throws Exception {
        Flow flow = new Flow(prefix, events).webhooks("hook", 3, 4, inbox).forwards("forward", 1, 4);
        for (OpsbusProcess replica : replicas) {
            replica.hook("hooks.yaml", flow.hooks()); // both launched before either is ready, as a Deployment does
            replica.launch();
        }
        replicas.forEach(OpsbusProcess::awaitReady);
        return flow;
    }

    @Test
    void aQuietRunDeliversNothingTwiceAndBothTakePart() throws Exception {
        Flow flow = startBoth("quiet", 2_000);
        flow.publish(bus, 500).join();
        flow.awaitArrival(inbox, bus, LONG);
        Flow.awaitDrain(bus, LONG);
        assertThat(flow.settle("two replicas, quiet", inbox, bus)).as("duplicates").isZero();
        double delivered = 0;
        double routed = 0;
        for (OpsbusProcess replica : replicas) {
            double itsDeliveries = replica.metric("opsbus_hook_delivered_total", "hook=\"e2e/hook");
            double itsRouted = replica.metric("opsbus_events_routed_total");
            System.out.printf("one replica routed %,.0f and delivered %,.0f%n", itsRouted, itsDeliveries);
            assertThat(itsDeliveries).isPositive();
            assertThat(itsRouted).isPositive();
            delivered += itsDeliveries;
            routed += itsRouted;
        }
        assertThat(delivered).isEqualTo(flow.webhookPairs());
        assertThat(routed).isEqualTo(2_000 + 500); // 500 forwarded ones
    }

    @Test
    void killingOneInMidFlowLosesNothing() throws Exception {
        System.out.println("seed " + seed);
        Flow flow = startBoth("kill", 3_000);
        CompletableFuture<Void> publishing = flow.publish(bus, 600);
        int moment = flow.moments(1, new Random(seed)).get(0);
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> inbox.count() >= moment);
        replicas.get(0).kill9();
        publishing.join();
        flow.awaitArrival(inbox, bus, LONG);
        Flow.awaitDrain(bus, LONG);
        flow.settle("one of two replicas killed after " + moment + " deliveries", inbox, bus);
    }

    @Test
    void stoppingOneInMidFlowLosesNothing() throws Exception {
        System.out.println("seed " + seed);
        Flow flow = startBoth("stop", 3_000);
        CompletableFuture<Void> publishing = flow.publish(bus, 600);
        int moment = flow.moments(1, new Random(seed)).get(0);
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> inbox.count() >= moment);
        replicas.get(0).stop();
        publishing.join();
        flow.awaitArrival(inbox, bus, LONG);
        Flow.awaitDrain(bus, LONG);
        assertThat(flow.settle("one of two replicas stopped after " + moment + " deliveries", inbox, bus)).as("duplicates").isZero();
    }

    @Test
    void theSameMessageIdIsStoredOnce() throws Exception {
        startBoth("once", 4);
        for (int i = 0; i < 2; i++) {
            assertThat(((PublishAck) Events.publish(bus, "once-0", "ops.clusters.test.nodes.n0.once", "R", "m").join()).isDuplicate()).isEqualTo(i == 1);
        }
        assertThat(bus.management().getStreamInfo("ops").getStreamState().getMsgCount()).isEqualTo(1);
    }
}
