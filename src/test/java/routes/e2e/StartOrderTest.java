package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.NatsRunnerUtils;
import io.nats.client.Options;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/**
 * NATS may come late, be refused, or be opsbus's own child: the program starts, says what it waits for, and finds what
 * was stored before.
 */
class StartOrderTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path home;

    private Inbox inbox;
    private OpsbusProcess opsbus;

    @BeforeEach
    void start() throws IOException {
        inbox = new Inbox();
    }

    @AfterEach
    void stop(TestInfo test) throws Exception {
        opsbus.close();
        Files.copy(
                opsbus.log(),
                Path.of(
                        "target",
                        "StartOrderTest-" + test.getTestMethod().orElseThrow().getName() + ".log"),
                StandardCopyOption.REPLACE_EXISTING);
        inbox.close();
    }

    private void hook(String name, String more) throws IOException {
        opsbus.hook(
                name + ".yaml", HooksEndToEndTest.hook(name, "webhook", "ops.start.x", inbox.url("/" + name), more));
    }

    private void awaitLog(String text) {
        await("in the log: " + text)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> opsbus.logText().contains(text));
    }

    private OpsbusProcess.Answer awaitNotReady() {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> opsbus.get("/actuator/health/readiness"), answer -> answer.status() == 503);
    }

    @Test
    void opsbusStartsBeforeNatsAndSaysWhatItWaitsFor() throws Exception {
        try (NatsServer server = new NatsServer(home.resolve("nats"))) {
            server.stop();
            opsbus = new OpsbusProcess(home, server.url());
            hook("late", "");
            opsbus.hook("plain.yaml", """
                    - route:
                        id: plain
                        from:
                          uri: nats:ops.start.x
                          steps:
                            - removeHeaders: {pattern: "*"}
                            - to: %s
                    """.formatted(inbox.url("/plain")));
            opsbus.launch();
            awaitLog("waiting for NATS: ");
            assertThat(awaitNotReady()
                            .json()
                            .at("/components/nats/details/connection")
                            .asText())
                    .contains("127.0.0.1");

            server.start();
            opsbus.awaitReady();
            awaitLog("plain.yaml: runs [plain]");
            try (NatsBus bus = server.bus()) {
                Events.publish(bus, "late-1", "ops.start.x", "R", "m").join();
                await().atMost(LONG)
                        .until(() -> inbox.taken("/late").size() == 1
                                && inbox.taken("/plain").size() == 1);
            }
        }
    }

    @Test
    void theOriginalsFormOfTheUrlLogsIn() throws Exception {
        try (NatsServer server =
                new NatsServer(home.resolve("nats"), "authorization { user: \"ops\", password: \"p%w :@\" }")) {
            opsbus = new OpsbusProcess(home, server.url().replace("nats://", "http://ops:p%25w%20%3A%40@"));
            hook("login", "");
            opsbus.start();
            try (NatsBus bus = new NatsBus(
                    () -> new Options.Builder().server(server.url()).userInfo("ops", "p%w :@"),
                    Duration.ofSeconds(5))) {
                bus.start();
                await().until(bus::isConnected);
                Events.publish(bus, "login-1", "ops.start.x", "R", "m").join();
                await().atMost(LONG).until(() -> inbox.taken("/login").size() == 1);
            }
        }
    }

    @Test
    void aRefusedLoginIsOneClearLineAndNoCrash() throws Exception {
        int monitoring = NatsRunnerUtils.nextPort();
        try (NatsServer server = new NatsServer(
                home.resolve("nats"),
                "authorization { user: \"ops\", password: \"right\" }",
                "http: \"127.0.0.1:" + monitoring + "\"")) {
            opsbus = new OpsbusProcess(home, server.url().replace("nats://", "http://ops:wrong-secret@"));
            opsbus.launch();
            awaitLog("waiting for NATS: ");
            assertThat(awaitNotReady()
                            .json()
                            .at("/components/nats/details/connection")
                            .asText())
                    .containsIgnoringCase("authorization");
            int refused = connectionsSoFar(monitoring);
            await().atMost(LONG).until(() -> connectionsSoFar(monitoring) >= refused + 3); // it goes on trying
            assertThat(opsbus.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(opsbus.logText().lines().filter(line -> line.contains("NatsConnector")))
                    .as("lines about the connection")
                    .singleElement()
                    .asString()
                    .contains("waiting for NATS: ")
                    .containsIgnoringCase("authorization");
            assertThat(opsbus.logText()).doesNotContain("wrong-secret").doesNotContain("Exception");
        }
    }

    /** What the server's monitoring says: every attempt to log in is a connection. */
    private static int connectionsSoFar(int monitoring) throws IOException {
        return new ObjectMapper()
                .readTree(URI.create("http://127.0.0.1:" + monitoring + "/varz").toURL())
                .path("total_connections")
                .asInt();
    }

    @Test
    void aNatsServerOfItsOwnStopsWithItAndKeepsWhatItStored() throws Exception {
        opsbus = new OpsbusProcess(home, "");
        hook("own", "paused: true");
        Path publisher = opsbus.hook("publisher.yaml", """
                - route:
                    id: publisher
                    from:
                      uri: timer:once?repeatCount=1
                      steps:
                        - setHeader: {name: Nats-Msg-Id, constant: own-1}
                        - setBody: {constant: stored before the crash}
                        - to: nats:ops.start.x?jetstreamEnabled=true
                """);
        opsbus.start();
        await().atMost(LONG).until(() -> opsbus.metric("opsbus_hook_pending", "hook=\"e2e/own\"") == 1);
        ProcessHandle leftover = natsServer();
        opsbus.kill9();

        Files.delete(publisher);
        hook("own", "");
        opsbus.start();
        assertThat(leftover.isAlive()).isFalse(); // it ends with its parent, or the new one stops it
        await().atMost(LONG).until(() -> inbox.taken("/own").size() == 1);
        assertThat(inbox.taken("/own").get(0).body()).contains("stored before the crash");

        ProcessHandle second = natsServer();
        assertThat(second.isAlive()).isTrue();
        opsbus.stop();
        assertThat(second.isAlive()).isFalse();
    }

    private ProcessHandle natsServer() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(home.resolve("data/nats/nats-server.pid"))
                        .strip()))
                .orElseThrow();
    }

    @Test
    void ctrlCDuringTheStartEndsItAtOnceAndItsNatsServer() throws Exception {
        opsbus = new OpsbusProcess(home, "").launch();
        awaitLog("started nats-server");
        long nats = Long.parseLong(
                Files.readString(home.resolve("data/nats/nats-server.pid")).strip());
        opsbus.signal("INT");
        await().atMost(LONG).until(() -> !opsbus.isAlive());
        assertThat(opsbus.logText())
                .containsOnlyOnce("opsbus: stopped before it had started\n")
                .doesNotContain("Started Opsbus", " WARN ", " ERROR ");
        await().atMost(LONG).until(() -> ProcessHandle.of(nats).isEmpty());
    }

    @Test
    void aTakenPortEndsTheStartInOneLineBeforeAnythingIsTouched() throws Exception {
        opsbus = new OpsbusProcess(home, "");
        try (ServerSocket taken = new ServerSocket(opsbus.port())) {
            opsbus.launch();
            await().atMost(LONG).until(() -> !opsbus.isAlive());
        }
        assertThat(opsbus.logText().lines().filter(line -> !line.contains(" INFO ")))
                .containsExactly("opsbus: port " + opsbus.port()
                        + " is in use; stop what uses it, or choose another: --server.port=9000");
        assertThat(opsbus.logText()).doesNotContain("nats-server");
    }
}
