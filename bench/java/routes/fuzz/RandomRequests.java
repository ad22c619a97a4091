package routes.fuzz;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Random requests as bytes, the same ones for the same seed: paths, headers, bodies and tokens, whole, cut, doubled and
 * mixed up.
 */
final class RandomRequests {

    private static final List<String> PIECES = List.of(
            "a",
            "pods",
            "web-0",
            "events",
            "nodes",
            "ops",
            ".",
            "..",
            "...",
            "*",
            ">",
            "%2a",
            "%3e",
            " ",
            "%20",
            "\t",
            "%09",
            "\r\n",
            "%0d%0a",
            "%0D%0AHost:%20x",
            "\n",
            "%00",
            "\0",
            "/",
            "//",
            "%2f",
            "%5c",
            "\\",
            "/../",
            "/..;/",
            "%2e%2e",
            "%2e",
            ";x=y",
            "?",
            "#",
            "&",
            "=",
            "%",
            "%zz",
            "%u0041",
            "%c0%ae",
            "%ff",
            "%ed%a0%80",
            "ä",
            "服务",
            "😀",
            "\u2028",
            "%e2%80%a8",
            "<script>alert(1)</script>",
            "\"",
            "'",
            "{",
            "}",
            "[",
            "]",
            "|",
            "^",
            "`",
            "$JS.API.STREAM.DELETE.ops",
            "opsbus.deliveries.x.y",
            "_INBOX",
            "x".repeat(300),
            "%41".repeat(400),
            "ops.clusters.prod_1",
            "PUB ops.evil 1",
            "%0d%0aPUB%20ops.evil%201%0d%0ax");
    private static final List<String> PATHS = List.of(
            "/api/v1/namespaces/",
            "/api/v1/namespaces/shop/events/",
            "/api/v1/namespaces/shop/events/nodes.",
            "/api/v1/namespaces/shop/events/ops.",
            "/api/v1/events/",
            "/api/v1/events",
            "/api/v1/",
            "/api/",
            "/api/v1/namespaces/shop/../../events/",
            "//api/v1/events/",
            "/./api/v1/me",
            "/api/v1/events/ops.>?",
            "/api/v1/events?search=");
    /**
     * Put behind a slash of a path, they make one that servers take for another; the last two are longer than UTF-8
     * allows, as bytes when a head is written in Latin-1.
     */
    private static final List<String> DETOURS = List.of(
            "./",
            "/",
            "//",
            "../",
            "x/../",
            "..;/",
            ".;/",
            ";/",
            ";a=b/",
            "%2e/",
            "%2e%2e/",
            "%2E%2e;/",
            ".%2e/",
            "%2f",
            "%2f/",
            "%5c..%5c",
            "..\\",
            "%252e%252e/",
            "%00",
            "%00/",
            "%0a/",
            "%c0%ae%c0%ae/",
            "%c0%af",
            "%e0%80%af",
            "%f0%80%80%af",
            "\u00c0\u00ae\u00c0\u00ae/",
            "\u00e0\u0080\u00af");

    private static final List<String> QUERIES = List.of(
            "cursor=",
            "page=",
            "page_size=",
            "from=",
            "to=",
            "start_time=",
            "max_length=",
            "text=",
            "kind=",
            "name=",
            "search=",
            "cluster=",
            "timeout=");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/cloudevents+json",
            "application/cloudevents-batch+json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            "application/json; charset=utf-16",
            "application/json; charset=nonsense",
            "a/b/c",
            "",
            "\u00e4",
            "application/xml");
    private static final List<String> BODIES = List.of(
            "{}",
            "{\"type\":\"<img src=x onerror=alert(1)>\"}",
            "[]",
            "[{}]",
            "[1]",
            "{",
            "null",
            "\"\"",
            "{\"a\":1e999999}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\u0000\"}",
            "{\"specversion\":\"1.0\",\"id\":\"\\r\\n\",\"source\":\"\\r\\nX: y\",\"type\":\"\\u0000\"}",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"ops.evil\",\"time\":\"+999999999-12-31T23:59:59Z\"}",
            "[".repeat(5_000),
            "{\"a\":".repeat(2_000),
            "\uFEFF{}",
            "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nx\r\n--x--\r\n",
            "a=%zz&b=%",
            "{} {}",
            "{\"subject\":\"ops.evil\"}");
    private static final List<String> HEADERS = List.of(
            "Idempotency-Key: ",
            "ce-id: ",
            "ce-source: ",
            "ce-type: ",
            "ce-subject: ops.evil",
            "ce-specversion: 1.0",
            "ce-time: ",
            "ce-x_y: ",
            "ce-data: ",
            "CamelNatsSubject: ops.evil",
            "CamelHttpUri: http://127.0.0.1:1/",
            "Nats-Msg-Id: ",
            "Accept: ",
            "Expect: 100-continue",
            "X-HTTP-Method-Override: DELETE",
            "Range: bytes=0-",
            "Cookie: opstoken=");

    private static final List<String> OTHER_PATHS = List.of(
            "/",
            "/login",
            "/logout",
            "/login/..;/",
            "/login.css",
            "/demo/inbox/",
            "/actuator/health/",
            "/actuator/health",
            "/actuator/jolokia",
            "/actuator/jolokia/",
            "//actuator/jolokia/list",
            "/actuator/jolokia/read/java.lang:type=",
            "/actuator/jolokia/notification/",
            "/actuator/jolokia/exec/java.lang:type=Memory/",
            "/actuator/hawtio/",
            "/actuator/hawtio/proxy;/",
            "/actuator/hawtio/proxy/",
            "/actuator/hawtio/jolokia/",
            "/actuator/prometheus?includedNames=",
            "/actuator/",
            "/api/v1/push/",
            "/api/v1/push/github",
            "/api/v1/push/alertmanager",
            "/api/v1/push/grafana",
            "/api/v1/notifications/",
            "/api/v1/notifications/a/b/",
            "/api/v1/hooks/try",
            "/api/v1/hooks/",
            "/api/v1/hooks/a/b/pause",
            "/api/v1/deadletters/",
            "/api/v1/deadletters?hook=",
            "/api/v1/explain?event=",
            "/api/v1/flow",
            "/api/v1/me/",
            "/webjars/",
            "/error",
            "/api/openapi.yaml",
            "/index.html",
            "*",
            "http://127.0.0.1:1/");
    private static final List<String> OTHER_BODIES = List.of(
            "{\"type\":\"version\"}",
            "{\"type\":\"notification\",\"command\":\"register\"}",
            "[{\"type\":\"list\",\"config\":{\"maxDepth\":\"x\"}}]",
            "{\"type\":\"read\",\"mbean\":\"*:*\"}",
            "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":\"gc\"}",
            "{\"type\":\"search\",\"mbean\":\"=\"}",
            "{\"type\":7}",
            "token=%zz&_csrf=&to=\u0000",
            "{\"hook\":\"a/b\"}",
            "{\"hook\":\"spec: [\",\"event\":{}}",
            "{\"alerts\":[{}]}",
            "{\"alerts\":1,\"groupLabels\":[]}",
            "{\"yaml\":\"a: &a [*a]\",\"events\":[null]}");

    private final Random random;
    private final String token;
    private final Set<String> asked = new HashSet<>();

    RandomRequests(long seed, String token) {
        this.random = new Random(seed);
        this.token = token;
    }

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

    byte[] next() {
        boolean other = random.nextInt(3) == 0;
        boolean push = random.nextInt(3) > 0;
        String target = other
                ? any(OTHER_PATHS) + pieces(3)
                : push
                        ? any(PATHS) + pieces(5) + (random.nextInt(3) == 0 ? "/events/" + pieces(4) : "")
                        : any(PATHS) + pieces(3) + "?" + any(QUERIES) + pieces(2) + "&" + any(QUERIES)
                                + random.nextLong();
        if (random.nextInt(4) == 0) {
            target = withDetours(target);
        }
        String method = random.nextInt(20) == 0
                ? any(List.of("PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "FOO", "post", "CONNECT"))
                : push ? "POST" : "GET";
        byte[] body = push ? body() : new byte[0];
        StringBuilder head = new StringBuilder(method + " " + target
                + (random.nextInt(50) == 0 ? " HTTP/9.9" : " HTTP/1.1") + "\r\nHost: x\r\nConnection: close\r\n");
        if (random.nextInt(4) > 0) {
            head.append("Content-Type: ").append(any(TYPES)).append("\r\n");
        }
        switch (random.nextInt(10)) {
            case 0 -> head.append("Authorization: Bearer ").append(any(PIECES)).append("\r\n");
            case 1 ->
                head.append("Cookie: opstoken=")
                        .append(token)
                        .append("; XSRF-TOKEN=")
                        .append(any(PIECES))
                        .append("\r\n");
            case 2 -> {}
            default -> head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            head.append(any(HEADERS))
                    .append(random.nextBoolean() ? any(PIECES) : "1")
                    .append("\r\n");
        }
        boolean chunked = random.nextInt(5) == 0;
        head.append(
                        chunked
                                ? "Transfer-Encoding: " + (random.nextInt(5) == 0 ? "none, such" : "chunked")
                                : "Content-Length: " + (random.nextInt(30) == 0 ? "-7" : body.length))
                .append("\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString()
                .getBytes(random.nextInt(8) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
        if (chunked) {
            bytes.writeBytes((random.nextInt(10) == 0 ? "zz\r\n" : Integer.toHexString(body.length) + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(body);
            bytes.writeBytes((body.length == 0 ? "\r\n" : "\r\n0\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        } else {
            bytes.writeBytes(body);
        }
        remember(target);
        return bytes.toByteArray();
    }

    private String withDetours(String target) {
        StringBuilder text = new StringBuilder();
        for (char c : target.toCharArray()) {
            text.append(c);
            if (c == '/' && random.nextInt(3) == 0) {
                text.append(any(DETOURS));
            }
        }
        return text.toString();
    }

    private byte[] body() {
        byte[] bytes = (random.nextInt(4) == 0 ? any(OTHER_BODIES) : any(BODIES)).getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) == 0 ? any(BODIES).getBytes(StandardCharsets.UTF_16) : bytes;
    }

    /** Ends of subjects, with _ for each dot, that requests may have asked for. */
    Set<String> asked() {
        return asked;
    }

    /**
     * What may come of a target, seen without the API's own code: the text behind the last {@code /events/} before a
     * query, decoded, in lower case.
     */
    private void remember(String target) {
        String path = target.split("[?#\\s]", 2)[0];
        asked.add(decoded(path.substring(path.lastIndexOf('/') + 1))
                .toLowerCase(Locale.ROOT)
                .replace('.', '_'));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
