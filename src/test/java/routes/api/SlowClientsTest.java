package routes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import routes.e2e.OpsbusProcess;

/** Clients that take their time, and bodies without end: nobody else notices, and no thread stays with them. */
class SlowClientsTest extends RunningApi {

    private static final int CLIENTS = 250;
    private static final long BETWEEN_BYTES_MILLIS = 300;
    private static final String PUSH =
            "POST /api/v1/namespaces/slow/events/pods.a.events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String TOKEN = "Authorization: Bearer " + OpsbusProcess.TOKEN + "\r\n";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Clients that keep at it: whoever is sent away comes again, until this is closed. */
    private static final class Slow implements AutoCloseable {

        private final byte[] head;
        private final List<SocketChannel> sockets = new ArrayList<>();
        private final Thread sending = new Thread(this::send, "slow-clients");
        private volatile boolean again = true;

        private Slow(String head) throws IOException {
            this.head = head.getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < CLIENTS; i++) {
                sockets.add(open());
            }
            sending.start();
        }

        private SocketChannel open() throws IOException {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", opsbus.port()));
            socket.configureBlocking(false);
            socket.write(ByteBuffer.wrap(head));
            return socket;
        }

        /**
         * Ends when all have been sent away after {@link #close()}; the server's times bound that, and the test's own.
         */
        private void send() {
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            try {
                while ((again || !sockets.isEmpty()) && System.nanoTime() < until) {
                    for (int i = sockets.size() - 1; i >= 0; i--) {
                        if (isEnded(sockets.get(i))) {
                            sockets.remove(i).close();
                            if (again) {
                                sockets.add(open());
                            }
                        }
                    }
                    Thread.sleep(BETWEEN_BYTES_MILLIS);
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static boolean isEnded(SocketChannel socket) {
            try {
                return socket.read(ByteBuffer.allocate(4096)) < 0
                        || socket.write(ByteBuffer.wrap(new byte[] {'1'})) < 0;
            } catch (IOException e) {
                return true;
            }
        }

        @Override
        public void close() throws Exception {
            again = false;
            sending.join();
            assertThat(sockets).as("clients that were let go on").isEmpty();
        }
    }

    static Stream<String> heads() {
        return Stream.of(
                "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Slow: ",
                PUSH + "Content-Length: 100000\r\n\r\n",
                PUSH + TOKEN + "Content-Length: 100000\r\n\r\n",
                PUSH + TOKEN + "Transfer-Encoding: chunked\r\n\r\n1;",
                "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n",
                "POST /actuator/jolokia HTTP/1.1\r\nHost: x\r\n" + TOKEN + "Content-Length: 5000\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("heads")
    void othersAreServedMeanwhileAndThreadsComeBack(String head) throws Exception {
        try (Slow slow = new Slow(head)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> answersWithinASecond(healthPort, "/actuator/health/liveness"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> answersWithinASecond(opsbus.port(), "/actuator/health/readiness"));
            await().atMost(Duration.ofSeconds(20)).until(() -> answersWithinASecond(opsbus.port(), "/api/v1/me"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            post("/namespaces/slow/events/pods.a.events", "{}").status() == 200);
        }
        await().until(() -> opsbus.metric("tomcat_threads_busy_threads") <= 2);
    }

    /** More of them than there are threads, and each would wait five seconds for what NATS does not say. */
    @Test
    void othersAreServedWhilePushesWaitForNats() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> pushes = new ArrayList<>();
        try (AutoCloseable frozen = server.frozen()) {
            for (int i = 0; i < CLIENTS; i++) {
                pushes.add(HTTP.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsbus.port()
                                        + "/api/v1/namespaces/slow/events/pods.a.events"))
                                .header("Authorization", "Bearer " + OpsbusProcess.TOKEN)
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> pushes.stream()
                            .filter(CompletableFuture::isDone)
                            .map(refused -> refused.join().body())
                            .anyMatch(body -> body.contains("pushes wait for NATS already")
                                    && body.contains("server.tomcat.threads.max")));
            assertThat(get("/me").status()).isEqualTo(200);
        }
        for (CompletableFuture<HttpResponse<String>> push : pushes) {
            assertThat(push.join().statusCode()).isIn(200, 503);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> post("/namespaces/slow/events/pods.a.events", "{}").status() == 200);
    }

    private static boolean answersWithinASecond(int port, String path) throws InterruptedException {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                            .timeout(Duration.ofSeconds(1))
                                            .header("Authorization", "Bearer " + OpsbusProcess.TOKEN)
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException late) {
            return false;
        }
    }

    @Test
    void noBodyIsReadToItsEnd() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(24);
        try {
            Map<String, Future<Long>> sent = new LinkedHashMap<>();
            for (String path : List.of(
                    "/demo/inbox/chat",
                    "/login",
                    "/logout",
                    "/actuator/jolokia",
                    "/actuator/hawtio/jolokia",
                    "/actuator/health",
                    "/api/v1/namespaces/slow/events/pods.a.events",
                    "/api/v1/push/github",
                    "/api/v1/hooks/a/b/pause",
                    "/api/v1/none",
                    "/none",
                    "/")) {
                for (String token : List.of("", "Authorization: Bearer wrong\r\n", TOKEN)) {
                    for (String type : List.of("application/json", "application/x-www-form-urlencoded")) {
                        String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + token + "Content-Type: " + type
                                + "\r\nTransfer-Encoding: chunked\r\n\r\n";
                        sent.put(head, clients.submit(() -> sent(head)));
                    }
                }
            }
            for (Map.Entry<String, Future<Long>> client : sent.entrySet()) {
                assertThat(client.getValue().get())
                        .as(client.getKey())
                        .isLessThan(32 << 20); // what sockets hold is among it
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** Nobody sends a byte of the body here. */
    @Test
    void whoMayNotComeInIsToldBeforeTheBodyComes() throws Exception {
        long before = System.nanoTime();
        for (String path : List.of(
                "/api/v1/namespaces/slow/events/pods.a.events",
                "/api/v1/push/github",
                "/api/v1/hooks/a/b/pause",
                "/actuator/jolokia",
                "/actuator/hawtio/jolokia",
                "/demo/inbox/chat",
                "/logout",
                "/none")) {
            for (String token : List.of("", "Authorization: Bearer wrong\r\n")) {
                for (String length : List.of("Content-Length: 100000", "Transfer-Encoding: chunked")) {
                    String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + token
                            + "Content-Type: application/json\r\n" + length + "\r\n\r\n";
                    try (Socket socket = new Socket("127.0.0.1", opsbus.port())) {
                        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                                .as(head)
                                .matches("(?s)HTTP/1.1 " + (token.isEmpty() ? "401" : "(401|429)") + " .*");
                    }
                }
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("32 requests, none of which waits 3 s for a body")
                .isLessThan(Duration.ofSeconds(60));
    }

    /** Bytes that went until the server ended the connection; 64 MB at most. */
    private static long sent(String head) throws IOException {
        byte[] chunk = ("10000\r\n" + "a".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try (Socket socket = new Socket("127.0.0.1", opsbus.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            while (sent < 64 << 20) {
                out.write(chunk);
                sent += chunk.length;
            }
        } catch (IOException ended) {
            return sent;
        }
        return sent;
    }

    /** Whoever finds them odd: the API's filter, Spring's firewall or Tomcat. */
    @Test
    void oddRequestsAreALineInTenSeconds() throws Exception {
        for (int i = 0; i < 50; i++) {
            for (String odd : List.of(
                    "GET /./actuator/jolokia HTTP/1.1",
                    "GET /api/v1/%0d%0aX:y HTTP/1.1",
                    "GET /api/v1/me\u0001 HTTP/1.1")) {
                try (Socket socket = new Socket("127.0.0.1", opsbus.port())) {
                    socket.getOutputStream()
                            .write((odd + "\r\nHost: x\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
                    assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                            .as(odd)
                            .startsWith("HTTP/1.1 400");
                }
            }
        }
        for (String why : List.of("its path holds dots", "The request was rejected", "bad request")) {
            List<String> lines = opsbus.logText()
                    .lines()
                    .filter(line -> line.contains("an odd request from 127.0.0.1 is answered 400: " + why))
                    .toList();
            assertThat(lines).as(why).isNotEmpty();
            assertThat(lines.stream()
                            .map(line -> line.substring(0, 18))
                            .distinct()
                            .count())
                    .as("never twice in ten seconds: %s", lines)
                    .isEqualTo(lines.size());
        }
    }

    @Test
    void startedByHandItListensOnLoopbackOnly() throws Exception {
        assertThat(opsbus.logText())
                .contains("listening on 127.0.0.1 port " + opsbus.port() + ", for this machine only");
        assertThatThrownBy(() -> new Socket("127.0.0.2", opsbus.port()).close())
                .isInstanceOf(java.net.ConnectException.class);
    }

    @Test
    void theHealthPortShowsNothingElse() throws Exception {
        for (String path : List.of(
                "/",
                "/login",
                "/api/v1/me",
                "/actuator/prometheus",
                "/actuator/healthy",
                "/actuator/health/../prometheus")) {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + path))
                            .header("Authorization", "Bearer " + OpsbusProcess.TOKEN)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void oneAddressDoesNotHaveAllConnections() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 1_100; i++) {
                open.add(new Socket("127.0.0.1", opsbus.port()));
            }
            // asked, since all that are idle end after a while
            assertThat(open.subList(1_000, 1_100).stream()
                            .filter(socket -> !isAnswered(socket))
                            .count())
                    .isGreaterThanOrEqualTo(1_100 - 1_024 - 20);
            try (Socket other = new Socket()) {
                other.bind(new InetSocketAddress("127.0.0.2", 0));
                other.connect(new InetSocketAddress("127.0.0.1", opsbus.port()));
                other.setSoTimeout(5_000);
                other.getOutputStream()
                        .write("GET /actuator/health/liveness HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200");
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        await().until(() -> get("/me").status() == 200);
    }

    private static boolean isAnswered(Socket socket) {
        try {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET /actuator/health/liveness HTTP/1.1\r\nHost: x\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException closed) {
            return false;
        }
    }
}
