package routes.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import routes.event.Subject;
import routes.nats.EventHistory.Query;
import routes.nats.EventHistory.Stored;
import routes.nats.Streams;

/** Random requests, bytes on a socket. Whatever a client sends, it is never a fault of the server's, and never an event that it did not ask for. */
class FuzzTest extends EventApiTest {

    private static final int ROUNDS = 3_000;
    private static final List<String> PIECES = List.of("a", "pods", "web-0", "events", "nodes", "ops", ".", "..", "...", "*", ">", "%2a", "%3e", " ", "%20", "\t", "%09", "\r\n", "%0d%0a", "%0D%0AHost:%20x", "\n",
            "%00", "\0", "/", "//", "%2f", "%5c", "\\", "/../", "/..;/", "%2e%2e", "%2e", ";x=y", "?", "#", "&", "=", "%", "%zz", "%u0041", "%c0%ae", "%ff", "%ed%a0%80", "ä", "服务", "😀", "\u2028",
            "%e2%80%a8", "<script>alert(1)</script>", "\"", "'", "{", "}", "[", "]", "|", "^", "`", "$JS.API.STREAM.DELETE.ops", "opsbus.deliveries.x.y", "_INBOX", "x".repeat(300), "%41".repeat(400),
            "ops.clusters.prod_1", "PUB ops.evil 1", "%0d%0aPUB%20ops.evil%201%0d%0ax");
    private static final List<String> PATHS = List.of("/api/v1/namespaces/", "/api/v1/namespaces/shop/events/", "/api/v1/namespaces/shop/events/nodes.", "/api/v1/namespaces/shop/events/ops.", "/api/v1/events/",
            "/api/v1/events", "/api/v1/", "/api/", "/api/v1/namespaces/shop/../../events/", "//api/v1/events/", "/api/v1/events/ops.>?", "/api/v1/events?search=");
    private static final List<String> QUERIES = List.of("cursor=", "page=", "page_size=", "from=", "to=", "start_time=", "max_length=", "text=", "kind=", "name=", "search=", "cluster=", "timeout=");
    private static final List<String> TYPES = List.of("application/json", "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "text/plain", "application/json; charset=utf-16", "application/json; charset=nonsense", "a/b/c", "", "\u00e4", "application/xml");
    private static final List<String> BODIES = List.of("{}", "{\"type\":\"<img src=x onerror=alert(1)>\"}", "[]", "[{}]", "[1]", "{", "null", "\"\"", "{\"a\":1e999999}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\u0000\"}",
            "{\"specversion\":\"1.0\",\"id\":\"\\r\\n\",\"source\":\"\\r\\nX: y\",\"type\":\"\\u0000\"}", "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"ops.evil\",\"time\":\"+999999999-12-31T23:59:59Z\"}",
            "[".repeat(5_000), "{\"a\":".repeat(2_000), "\uFEFF{}", "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nx\r\n--x--\r\n", "a=%zz&b=%", "{} {}", "{\"subject\":\"ops.evil\"}");
    private static final List<String> HEADERS = List.of("Idempotency-Key: ", "ce-id: ", "ce-source: ", "ce-type: ", "ce-subject: ops.evil", "ce-specversion: 1.0", "ce-time: ", "ce-x_y: ", "ce-data: ", "CamelNatsSubject: ops.evil",
            "CamelHttpUri: http://127.0.0.1:1/", "Nats-Msg-Id: ", "Accept: ", "Expect: 100-continue", "X-HTTP-Method-Override: DELETE", "Range: bytes=0-", "Cookie: opstoken=");

    private final Random random = new Random(4);
    private final Set<String> asked = new HashSet<>();

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String pieces(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(any(PIECES));
        }
        return text.toString();
    }

    private byte[] request() throws IOException {
        boolean push = random.nextInt(3) > 0;
        String target = push ? any(PATHS) + pieces(5) + (random.nextInt(3) == 0 ? "/events/" + pieces(4) : "") : any(PATHS) + pieces(3) + "?" + any(QUERIES) + pieces(2) + "&" + any(QUERIES) + random.nextLong();
        String method = random.nextInt(20) == 0 ? any(List.of("PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "FOO", "post", "CONNECT")) : push ? "POST" : "GET";
        byte[] body = push ? body() : new byte[0];
        StringBuilder head = new StringBuilder(method + " " + target + (random.nextInt(50) == 0 ? " HTTP/9.9" : " HTTP/1.1") + "\r\nHost: x\r\nConnection: close\r\n");
        if (random.nextInt(4) > 0) {
            head.append("Content-Type: ").append(any(TYPES)).append("\r\n");
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            head.append(any(HEADERS)).append(random.nextBoolean() ? any(PIECES) : "1").append("\r\n");
        }
        boolean chunked = random.nextInt(5) == 0;
        head.append(chunked ? "Transfer-Encoding: " + (random.nextInt(5) == 0 ? "none, such" : "chunked") : "Content-Length: " + (random.nextInt(30) == 0 ? "-7" : body.length)).append("\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(head.toString().getBytes(StandardCharsets.UTF_8));
        if (chunked) {
            bytes.write((random.nextInt(10) == 0 ? "zz\r\n" : Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
            bytes.write(body);
            bytes.write((body.length == 0 ? "\r\n" : "\r\n0\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        } else {
            bytes.write(body);
        }
        remember(target);
        return bytes.toByteArray();
    }

    private byte[] body() {
        byte[] bytes = any(BODIES).getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) == 0 ? any(BODIES).getBytes(StandardCharsets.UTF_16) : bytes;
    }

    /** What may come of a target, seen without the API's own code: the text behind the last {@code /events/} before a query, decoded, in lower case. */
    private void remember(String target) {
        String path = target.split("[?#\\s]", 2)[0];
        asked.add(decoded(path.substring(path.lastIndexOf('/') + 1)).toLowerCase(Locale.ROOT).replace('.', '_'));
    }

    private static String decoded(String text) {
        try {
            return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    @Test
    void nothingMalformedIsAFaultOrAnotherEvent() throws Exception {
        int[] statuses = new int[600];
        for (int i = 0; i < ROUNDS; i++) {
            byte[] request = request();
            int status = api.raw(request);
            assertThat(status).as("request %d: %s", i, new String(request, StandardCharsets.UTF_8)).isLessThan(500);
            statuses[Math.max(0, status)]++;
        }
        assertThat(statuses[200]).as("some were fine").isPositive();
        assertThat(statuses[400]).isPositive();

        List<Stored> stored = history.newestFirst(Query.of("ops.>").limit(10_000)).events();
        assertThat(stored).isNotEmpty().allSatisfy(event -> {
            assertThat(Subject.unpublishable(event.subject())).isEmpty();
            assertThat(event.subject()).isEqualTo(event.subject().toLowerCase(Locale.ROOT)).isNotEqualTo("ops.evil");
            assertThat(asked).as(event.subject()).anyMatch(tail -> event.subject().replace('.', '_').endsWith(tail) && !tail.isEmpty());
            assertThat(event.event().isCloudEvent()).isTrue();
        });
        assertThat(bus.isConnected()).isTrue();
        assertThat(bus.management().getStreamNames()).contains(Streams.OPS);
        assertThat(api.post(POD, "{}").status()).isEqualTo(200);
    }
}
