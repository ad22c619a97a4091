package routes.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsServer;

/** When NATS goes, when the server goes, and when there are too many. */
class EventTailOutageTest {

    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final String ALL = "ops.>";

    @TempDir
    Path store;

    private NatsServer nats;
    private TailServer server;

    @BeforeEach
    void start() throws Exception {
        nats = new NatsServer(store);
        server = new TailServer(nats, "--opsbus.tail.max-clients=3");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        nats.close();
    }

    @Test
    void streamsSurviveARestartOfNatsWithNothingMissingAndNothingTwice() throws Exception {
        try (TailReader reader = server.open(ALL)) {
            List<Long> before = server.publish("ops.before", 100, "");
            await().until(() -> reader.ids().equals(before));
            nats.stop();
            await().until(() -> !server.bus().isConnected());
            int beats = reader.heartbeats.get();

            HttpResponse<String> refused = server.ask("GET", ALL);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(new ObjectMapper()
                            .readTree(refused.body())
                            .path("message")
                            .asText())
                    .contains("NATS is not connected");

            await().until(() -> reader.heartbeats.get() > beats);
            nats.start();
            await().atMost(RECOVERY)
                    .ignoreExceptions()
                    .until(() ->
                            server.publish("ops.after", 20, "").get(0) > 150); // some may be stored and not answered
            List<Long> stored = LongStream.rangeClosed(
                            1,
                            server.bus()
                                    .management()
                                    .getStreamInfo("ops")
                                    .getStreamState()
                                    .getLastSequence())
                    .boxed()
                    .toList();
            await().atMost(RECOVERY)
                    .untilAsserted(() -> assertThat(reader.ids()).isEqualTo(stored));

            try (TailReader resumed = server.open(ALL, "Last-Event-ID", "50")) {
                await().untilAsserted(() -> assertThat(resumed.ids()).isEqualTo(stored.subList(50, stored.size())));
            }
            assertThat(reader.isEnded()).isFalse();
        }
    }

    @Test
    void aStreamThatWasMadeAnewIsShownFromItsFirstEvent() throws Exception {
        try (TailReader reader = server.open(ALL)) {
            List<Long> old = server.publish("ops.old", 3, "");
            await().until(() -> reader.ids().equals(old));
            server.bus().management().deleteStream("ops");
            server.makeStreams();
            server.publish("ops.new", 1, "");
            await().atMost(RECOVERY)
                    .untilAsserted(() -> assertThat(reader.ids()).isEqualTo(List.of(1L, 2L, 3L, 1L)));
        }
    }

    @Test
    void beforeTheRoutesAreThereAClientIsToldToComeAgain() throws Exception {
        try (TailServer starting =
                new TailServer(nats, "--camel.main.routes-include-pattern=classpath:camel/none-yet*.yaml")) {
            HttpResponse<String> refused = starting.ask("GET", ALL);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("opsbus is still starting");
        }
    }

    @Test
    void oneClientTooManyIsToldSo() throws Exception {
        try (TailReader one = server.open(ALL);
                TailReader two = server.open(ALL);
                TailReader three = server.open(ALL)) {
            HttpResponse<String> refused = server.ask("GET", ALL);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("there are 3 clients of the live tail already");
        }
        await().untilAsserted(() -> server.open(ALL).close());
    }

    @Test
    void streamsDoNotHoldUpAShutdown() throws Exception {
        try (TailReader reader = server.open(ALL);
                Socket dropped = ask();
                Socket deaf = ask()) {
            await().until(() -> server.metric("opsbus.tail.clients") == 3);
            dropped.setSoLinger(true, 0);
            dropped.close(); // a reset
            for (int i = 0; i < 300; i++) { // less than its queue, more than the connection takes
                server.publish("ops.much", 5, "x".repeat(2_000));
            }
            long begin = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(12)); // the grace period is 25 s
            await().until(reader::isEnded);
        }
    }

    private Socket ask() throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32_768);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.getOutputStream()
                .write("GET /api/v1/events/ops.%3E/stream HTTP/1.1\r\nHost: x\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
