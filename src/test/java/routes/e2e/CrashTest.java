package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/**
 * Nothing is lost when a process dies in mid-flow. The moments are random; {@code -Dopsbus.test.seed=} with the printed
 * seed repeats them as far as processes can be repeated.
 */
class CrashTest {

    private static final Duration LONG = Duration.ofMinutes(4);

    private final long seed = Long.getLong("opsbus.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    Path home;

    private NatsServer server;
    private NatsBus bus;
    private Inbox inbox;
    private OpsbusProcess opsbus;

    @BeforeEach
    void start() throws Exception {
        System.out.println("seed " + seed);
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        opsbus = new OpsbusProcess(home, server.url()).with("--opsbus.delivery.retry-levels=200ms,500ms,1s,2s");
    }

    @AfterEach
    void stop(TestInfo test) throws Exception {
        opsbus.close();
        Files.copy(
                opsbus.log(),
                Path.of(
                        "target",
                        "CrashTest-" + test.getTestMethod().orElseThrow().getName() + ".log"),
                StandardCopyOption.REPLACE_EXISTING);
        inbox.close();
        bus.close();
        server.close();
    }

    @Test
    void opsbusKilledInMidFlowLosesNothing() throws Exception {
        Flow flow = flow("crash", 12_000);
        opsbus.start();
        long started = System.nanoTime();
        CompletableFuture<Void> publishing = flow.publish(bus, 1_500);
        int kills = 0;
        for (int moment : flow.moments(3, random)) {
            awaitDelivered(moment);
            opsbus.kill9();
            kills++;
            opsbus.launch();
            if (kills == 2) { // and once while it starts
                Thread.sleep(random.nextInt(5_000));
                opsbus.kill9();
                kills++;
                opsbus.launch();
            }
        }
        publishing.join();
        awaitArrival(flow);
        flow.settle("opsbus killed " + kills + " times", inbox, bus);
        System.out.printf(
                "%,d s%n", Duration.ofNanos(System.nanoTime() - started).toSeconds());
    }

    @Test
    void aStopWaitsForWhatIsUnderWayAndNotForWhatOnlyWaits() throws Exception {
        int deliveries = 3_000;
        inbox.on("/slow", Inbox.Behaviour.slow(300));
        opsbus.hook("slow.yaml", HooksEndToEndTest.hook("slow", "webhook", "ops.slow", inbox.url("/slow"), ""));
        opsbus.start();
        for (int i = 0; i < deliveries; i++) {
            Events.publish(bus, "slow-" + i, "ops.slow", "R", "m").join();
        }
        await().atMost(LONG).until(() -> inbox.taken("/slow").size() >= 20);
        opsbus.stop();
        assertThat(opsbus.logText()).as("what Camel says when it waits in vain").doesNotContain("Timeout occurred");
        assertThat(inbox.taken("/slow").size()).isLessThan(deliveries);
        inbox.on("/slow", Inbox.Behaviour.ok());
        opsbus.start();
        await().atMost(LONG)
                .until(() -> inbox.taken("/slow").stream()
                                .map(Inbox.Request::id)
                                .distinct()
                                .count()
                        == deliveries);
        Map<String, Long> times =
                inbox.taken("/slow").stream().collect(Collectors.groupingBy(Inbox.Request::id, Collectors.counting()));
        assertThat(times).hasSize(deliveries);
        // nats-server 2.9 sends the last message of a stream once more whenever one that returns finds nobody who asks
        assertThat(times.values().stream().filter(n -> n > 1)).hasSizeLessThan(5);
    }

    @Test
    void aNatsServerKilledOrStoppedInMidFlowLosesNothingItHadAcknowledged() throws Exception {
        Flow flow = flow("restart", 5_000);
        opsbus.start();
        long started = System.nanoTime();
        CompletableFuture<Void> publishing = flow.publish(bus, 500);
        List<Integer> moments = flow.moments(3, random);
        for (int i = 0; i < moments.size(); i++) {
            awaitDelivered(moments.get(i));
            if (i == 1) {
                server.stop();
            } else {
                server.kill9();
            }
            await().until(() -> !bus.isConnected());
            Thread.sleep(random.nextInt(3_000)); // for as long as it is away
            server.start();
        }
        publishing.join();
        awaitArrival(flow);
        flow.settle("nats-server killed 2 times and stopped once", inbox, bus);
        assertThat(opsbus.isAlive()).isTrue();
        System.out.printf(
                "%,d s%n", Duration.ofNanos(System.nanoTime() - started).toSeconds());
    }

    private Flow flow(String prefix, int events) throws Exception {
        Flow flow = new Flow(prefix, events)
                .webhooks("good", 10, 20, inbox)
                .webhooks("flaky", 5, 20, inbox)
                .forwards("forward", 5, 10);
        for (int i = 0; i < 5; i++) {
            inbox.on("/flaky" + i, request -> Flow.failingHalfOfTheTime(request, seed));
        }
        opsbus.hook("hooks.yaml", flow.hooks());
        return flow;
    }

    private void awaitArrival(Flow flow) {
        flow.awaitArrival(inbox, bus, LONG);
        Flow.awaitDrain(bus, LONG);
    }

    private void awaitDelivered(int moment) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> inbox.count() >= moment);
    }
}
