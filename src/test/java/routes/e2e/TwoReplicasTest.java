package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.api.PublishAck;
import io.nats.client.api.SequenceInfo;
import io.nats.client.api.StreamInfoOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** Two processes on one NATS with the same hooks are one opsbus. */
class TwoReplicasTest {

    private static final Duration LONG = Duration.ofMinutes(4);
    private static final long SEED = Long.getLong("opsbus.test.seed", System.nanoTime());
    private static final Random RANDOM = new Random(SEED);

    @TempDir
    static Path home;

    static NatsServer server;
    static NatsBus bus;
    static Inbox inbox;
    static List<OpsbusProcess> replicas;
    static final Map<String, Flow> FLOWS = new TreeMap<>();

    @BeforeAll
    static void start() throws Exception {
        System.out.println("seed " + SEED);
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        replicas = List.of(replica("first"), replica("second"));
        for (String name : List.of("quiet", "stop", "kill")) {
            Flow flow = new Flow(name, 2_000).webhooks(name, 3, 4, inbox).forwards(name + "-forward", 1, 4);
            FLOWS.put(name, flow);
            for (OpsbusProcess replica : replicas) {
                replica.hook(name + ".yaml", flow.hooks());
            }
        }
        for (OpsbusProcess replica : replicas) {
            replica.launch(); // both before either is ready, as a Deployment does
        }
        replicas.forEach(OpsbusProcess::awaitReady);
    }

    private static OpsbusProcess replica(String name) throws Exception {
        return new OpsbusProcess(Files.createDirectory(home.resolve(name)), server.url())
                .with("--opsbus.delivery.retry-levels=200ms,500ms,1s,2s");
    }

    @AfterAll
    static void stop() throws Exception {
        for (OpsbusProcess replica : replicas) {
            replica.close();
            Files.copy(
                    replica.log(),
                    Path.of("target", "TwoReplicasTest-" + replicas.indexOf(replica) + ".log"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        inbox.close();
        bus.close();
        server.close();
    }

    @Test
    void aQuietRunDeliversNothingTwiceAndBothTakePart() throws Exception {
        both();
        Flow flow = FLOWS.get("quiet");
        long handedOutAgain = handedOutAgain();
        flow.publish(bus, 500).join();
        flow.awaitArrival(inbox, bus, LONG);
        Flow.awaitDrain(bus, LONG);
        assertThat(flow.settle("two replicas, quiet", inbox, bus))
                .as("duplicates")
                .isZero();
        assertThat(handedOutAgain())
                .as("messages that only came after the ack wait")
                .isEqualTo(handedOutAgain);
        double delivered = 0;
        double matched = 0;
        for (OpsbusProcess replica : replicas) {
            double itsDeliveries = replica.metric("opsbus_hook_delivered_total", "hook=\"e2e/quiet");
            double itsMatches = replica.metric("opsbus_hook_matched_total", "hook=\"e2e/quiet");
            System.out.printf("one replica matched %,.0f and delivered %,.0f%n", itsMatches, itsDeliveries);
            assertThat(itsDeliveries).isPositive();
            assertThat(itsMatches).isPositive();
            delivered += itsDeliveries;
            matched += itsMatches;
        }
        assertThat(delivered).isEqualTo(2_000);
        assertThat(matched).isEqualTo(2_000);
    }

    private static long handedOutAgain() throws Exception {
        SequenceInfo routed =
                bus.management().getConsumerInfo("ops", "opsbus-router").getDelivered();
        SequenceInfo delivered = bus.management()
                .getConsumerInfo("opsbus-deliveries", "opsbus-delivery")
                .getDelivered();
        return routed.getConsumerSequence()
                - routed.getStreamSequence()
                + delivered.getConsumerSequence()
                - delivered.getStreamSequence();
    }

    @Test
    void stoppingOneInMidFlowLosesNothingAndDeliversNothingTwice() throws Exception {
        assertThat(withoutOneFromMidFlow("stop", OpsbusProcess::stop))
                .as("duplicates")
                .isZero();
    }

    @Test
    void killingOneInMidFlowLosesNothing() throws Exception {
        withoutOneFromMidFlow("kill", OpsbusProcess::kill9);
    }

    /** Those that run; one may have been ended by the test before. */
    private static List<OpsbusProcess> both() throws Exception {
        for (OpsbusProcess replica : replicas) {
            if (!replica.isAlive()) {
                replica.start();
            }
        }
        return replicas;
    }

    private interface End {
        void of(OpsbusProcess replica) throws Exception;
    }

    private static int withoutOneFromMidFlow(String name, End end) throws Exception {
        OpsbusProcess one = both().get(0);
        Flow flow = FLOWS.get(name);
        CompletableFuture<Void> publishing = flow.publish(bus, 500);
        int moment = flow.moments(1, RANDOM).get(0);
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> flow.webhookIds(inbox).size() >= moment);
        end.of(one);
        publishing.join();
        flow.awaitArrival(inbox, bus, LONG);
        Flow.awaitDrain(bus, LONG);
        return flow.settle("one of two replicas ended (" + name + ") after " + moment + " deliveries", inbox, bus);
    }

    @Test
    void theSameMessageIdIsStoredOnce() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(((PublishAck) Events.publish(bus, "once", "ops.once.x", "R", "m")
                                    .join())
                            .isDuplicate())
                    .isEqualTo(i == 1);
        }
        assertThat(bus.management()
                        .getStreamInfo("ops", StreamInfoOptions.filterSubjects("ops.once.x"))
                        .getStreamState()
                        .getSubjectMap())
                .containsEntry("ops.once.x", 1L);
    }
}
