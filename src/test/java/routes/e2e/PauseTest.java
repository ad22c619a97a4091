package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.api.StreamInfoOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** An operator pauses a hook at one of two replicas; both keep to it, killed and started again, until it is resumed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // NATS that was away leaves its clients in doubt for a while
class PauseTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int EVENTS = 50;
    private static final String HOOK = "/api/v1/hooks/e2e/quiet.one";
    private static final String LOUD = "/api/v1/hooks/e2e/loud";

    @TempDir
    static Path home;

    static NatsServer server;
    static NatsBus bus;
    static Inbox inbox;
    static final OpsbusProcess[] replicas = new OpsbusProcess[2];
    static final Api[] apis = new Api[2];

    @BeforeAll
    static void start() throws Exception {
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        for (int i = 0; i < 2; i++) {
            replicas[i] = new OpsbusProcess(Files.createDirectory(home.resolve("replica-" + i)), server.url());
            apis[i] = new Api(replicas[i]);
            replicas[i].hook(
                    "hooks.yaml",
                    HooksEndToEndTest.hook("quiet.one", "webhook", "ops.quiet.x", inbox.url("/quiet"), "")
                            + "---\n" + HooksEndToEndTest.hook("forward", "event", "ops.quiet.x", "ops.forwarded.x", "")
                            + "---\n"
                            + HooksEndToEndTest.hook("loud", "webhook", "ops.quiet.x", inbox.url("/loud"), ""));
            replicas[i].launch();
        }
        for (OpsbusProcess replica : replicas) {
            replica.awaitReady();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (int i = 0; i < 2; i++) {
            replicas[i].close();
            Files.copy(
                    replicas[i].log(),
                    Path.of("target", "PauseTest-" + i + ".log"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        inbox.close();
        bus.close();
        server.close();
    }

    private static void publish(int from) {
        IntStream.range(from, from + EVENTS)
                .forEach(i -> Events.publish(bus, "quiet-" + i, "ops.quiet.x", "R", "m")
                        .join());
    }

    private static void awaitParked(int count) {
        await().atMost(LONG)
                .until(() -> bus.management()
                                .getStreamInfo("opsbus-parked")
                                .getStreamState()
                                .getMsgCount()
                        == count);
    }

    private static long forwarded() throws Exception {
        Map<String, Long> counts = bus.management()
                .getStreamInfo("ops", StreamInfoOptions.filterSubjects("ops.forwarded.>"))
                .getStreamState()
                .getSubjectMap();
        return counts == null ? 0 : counts.getOrDefault("ops.forwarded.x", 0L);
    }

    @Test
    @Order(1)
    void aPauseHoldsOnAllReplicasAndOverRestartsAndLosesNothing() throws Exception {
        assertThat(apis[0].post(HOOK + "/pause").status()).isEqualTo(200);
        assertThat(apis[0].post("/api/v1/hooks/e2e/forward/pause").status()).isEqualTo(200);
        for (String hook : List.of("e2e/quiet.one", "e2e/forward")) {
            assertThat(apis[0].hook(hook).path("paused").asText())
                    .as("at once where it was asked for")
                    .isEqualTo("operator");
            await().atMost(LONG)
                    .until(() -> apis[1].hook(hook).path("paused").asText().equals("operator"));
        }
        publish(0);
        awaitParked(2 * EVENTS);
        await().atMost(LONG)
                .until(() -> bus.management()
                                .getConsumerInfo("opsbus-deliveries", "opsbus-delivery")
                                .getNumAckPending()
                        == 0); // else they come after the ack wait

        replicas[0].kill9();
        replicas[1].kill9();
        publish(EVENTS);
        replicas[1].start();
        awaitParked(4 * EVENTS);
        await().atMost(LONG).until(() -> inbox.taken("/loud").size() == 2 * EVENTS);
        assertThat(inbox.taken("/quiet")).isEmpty();
        assertThat(forwarded()).isZero();

        assertThat(apis[1].post(HOOK + "/resume").status()).isEqualTo(200);
        assertThat(apis[1].post("/api/v1/hooks/e2e/forward/resume").status()).isEqualTo(200);
        Set<String> all = IntStream.range(0, 2 * EVENTS)
                .mapToObj(i -> "quiet-" + i + "/e2e/quiet.one")
                .collect(Collectors.toCollection(TreeSet::new));
        await().atMost(LONG)
                .until(() -> inbox.taken("/quiet").stream()
                        .map(Inbox.Request::id)
                        .collect(Collectors.toSet())
                        .equals(all));
        await().atMost(LONG).until(() -> forwarded() == 2 * EVENTS);
        assertThat(apis[1].hook("e2e/quiet.one").path("paused").isNull()).isTrue();
        awaitParked(0);
    }

    @Test
    @Order(2)
    void withoutNatsNothingIsPausedAndTheAnswerSaysSo() throws Exception {
        server.stop();
        OpsbusProcess.Answer answer = apis[1].post(LOUD + "/pause");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("message").asText()).startsWith("NATS is not connected: ");
        assertThat(apis[1].hook("e2e/loud").path("paused").isNull()).isTrue();
        assertThat(apis[1].explain("quiet-1").status()).isEqualTo(503);
        server.start();
        await().atMost(LONG).until(() -> apis[1].post(LOUD + "/pause").status() == 200);
        assertThat(apis[1].hook("e2e/loud").path("paused").asText()).isEqualTo("operator");
        assertThat(apis[1].post(LOUD + "/resume").status()).isEqualTo(200);
    }
}
