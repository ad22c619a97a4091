package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPostTest extends CallsEndpoint {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/p?key=a%2Bb&x=1+2&httpMethod=DELETE",
                "/p?b=1&a=2",
                "/p?bridgeEndpoint=true&throwExceptionOnFailure=false",
                "/p?sign=%E4%B8%AD&t=a%20b%25",
                "/p?",
                "/p?a&b=&=c&&",
                "/p?next=http://other/x?y=z",
                "/a//b/../c/./d;v=1/%2F%2e%2E",
                "/p/$-_.!~*'(),:@&=+",
                "/p?q=$-_.!~*'(),:@/?;[]",
                "/~u/%7Eu?~=%7e",
                "/"
            })
    void theUrlReachesTheWireByteForByte(String target) throws Exception {
        hooks.deliver("webhook", Map.of("url", endpoint.url(target)));

        RecordingEndpoint.Request request = endpoint.request();
        assertThat(request.target()).isEqualTo(target);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.headers().keySet()).noneMatch(name -> name.startsWith("Opsbus-Request"));
    }

    @Test
    void theAuthorsHeadersAreSent() throws Exception {
        hooks.deliver(
                "webhook",
                Map.of(
                        "url",
                        endpoint.url("/").replace("//", "//me:secret@"),
                        "header.X-Team",
                        "ops #{1} ${body} RAW(a)",
                        "header.authorization",
                        "Bearer {{user.home}}"));

        assertThat(endpoint.request().headers())
                .containsEntry("X-Team", "ops #{1} ${body} RAW(a)")
                .containsEntry("Authorization", "Bearer {{user.home}}")
                .containsEntry("Content-Type", "application/json");
    }

    @Test
    void aHostWithAnUnderscoreIsLookedUpAndCalled() {
        assertThat(hooks.failure("webhook", Map.of("url", "http://monitoring_teams.invalid:2000/alert"))
                        .reason())
                .isEqualTo("dns");
    }

    @Test
    void foreignScriptsInAUrlAreSentAsPercentEncodedUtf8() throws Exception {
        hooks.deliver("webhook", Map.of("url", endpoint.url("/节点?k=值")));

        assertThat(endpoint.request().target()).isEqualTo("/%E8%8A%82%E7%82%B9?k=%E5%80%BC");
    }

    @Test
    void aFragmentStaysAtHomeAndAUserInTheUrlBecomesBasicAuth() throws Exception {
        hooks.deliver("webhook", Map.of("url", endpoint.url("/p?a=1#top").replace("//", "//u%40x:p@")));

        RecordingEndpoint.Request request = endpoint.request();
        assertThat(request.target()).isEqualTo("/p?a=1");
        assertThat(request.headers()).containsEntry("Authorization", "Basic dUB4OnA=");
    }

    @Test
    void aRequestSaysWhatItDelivers() throws Exception {
        hooks.deliver("webhook", Map.of("url", endpoint.url("/")));

        assertThat(endpoint.request().headers())
                .containsEntry("webhook-id", "c1/6f1c/4711/ops-system/nodes")
                .containsEntry("webhook-timestamp", "1772638200")
                .containsEntry("Opsbus-Hook", "ops-system/nodes")
                .containsEntry("Opsbus-Subject", "ops.clusters.c1.nodes.n1.events")
                .containsEntry("Opsbus-Attempt", "2");
    }

    @Test
    void lineBreaksAndForeignScriptsCantForgeAHeader() throws Exception {
        hooks.deliver(
                "webhook",
                Map.of(
                        "url",
                        endpoint.url("/"),
                        "subject",
                        "ops.a\r\nX-Forged: 1\r\n\r\nPOST /",
                        "hook",
                        "ns/\"节点\" 5%"));

        RecordingEndpoint.Request request = endpoint.request();
        assertThat(request.headers())
                .containsEntry("Opsbus-Subject", "ops.a%0D%0AX-Forged:%201%0D%0A%0D%0APOST%20/")
                .containsEntry("Opsbus-Hook", "ns/%22%E8%8A%82%E7%82%B9%22%205%25")
                .doesNotContainKey("X-Forged");
        assertThat(endpoint.waiting()).isZero();
    }

    @Test
    void headersOfTheExchangeStayInTheExchange() throws Exception {
        hooks.context().createProducerTemplate().request("direct:http-post", exchange -> {
            exchange.getMessage().setHeader("CamelHttpMethod", "DELETE");
            exchange.getMessage().setHeader("CamelHttpUri", "http://127.0.0.1:1/attacker");
            exchange.getMessage().setHeader("CamelHttpPath", "/else");
            exchange.getMessage().setHeader("CamelHttpQuery", "x=y");
            exchange.getMessage().setHeader("Host", "other");
            exchange.getMessage().setHeader("Cookie", "a=b");
            exchange.getMessage().setBody("hello");
            exchange.setVariable("url", endpoint.url("/p"));
        });

        RecordingEndpoint.Request request = endpoint.request();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/p");
        assertThat(request.headers()).doesNotContainKeys("Cookie", "CamelHttpMethod");
        assertThat(request.headers().get("Host")).startsWith("127.0.0.1:");
    }

    @Test
    void textFromOutsideIsNeverEvaluated() throws Exception {
        String text = "${body} {{user.home}} ${env:PATH} $simple{header.x}\n";
        hooks.deliver("webhook", Map.of("url", endpoint.url("/"), "message", text));

        assertThat(endpoint.request().body()).isEqualTo(text);
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            hooks.deliver("webhook", Map.of("url", endpoint.url("/")));
        }
        assertThat(endpoint.connections()).isEqualTo(1);
    }

    @Test
    void anEndpointThatNoLongerKeepsConnectionsCostsOneAttemptAtMost() throws Exception {
        for (int i = 0; i < 30; i++) {
            hooks.deliver("webhook", Map.of("url", endpoint.url("/")));
        }
        endpoint.does(connection -> {
            RecordingEndpoint.answering("200 OK", "", "").answer(connection);
            return false;
        });
        int failed = 0;
        for (int i = 0; i < 30; i++) {
            if (hooks.call("webhook", Map.of("url", endpoint.url("/"))).getException() != null) {
                failed++;
            }
        }
        assertThat(failed).isLessThanOrEqualTo(1);
    }

    @Test
    void aConnectionThatWasClosedAfterItsAnswerCostsNoAttempt() throws Exception {
        endpoint.does(connection -> {
            RecordingEndpoint.answering("200 OK", "", "").answer(connection);
            return false;
        });
        for (int i = 1; i <= 5; i++) {
            hooks.deliver("webhook", Map.of("url", endpoint.url("/")));
            assertThat(endpoint.connections()).isEqualTo(i);
            endpoint.awaitAllClosed();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,false",
        "401,false",
        "403,false",
        "404,false",
        "410,false",
        "413,false",
        "301,false",
        "302,false",
        "304,false",
        "408,true",
        "425,true",
        "429,true",
        "500,true",
        "501,true",
        "502,true",
        "503,true",
        "504,true",
        "599,true"
    })
    void anAnswerThatIsNot2xxFailsAndItsStatusDecidesOnARetry(int status, boolean retry) {
        endpoint.answers(
                status + " X", "Location: " + endpoint.url("/elsewhere") + "\r\n", status == 304 ? "" : "no, because");

        Failure failure = hooks.failure("webhook", Map.of("url", endpoint.url("/p?key=secret")));

        assertThat(failure.reason()).isEqualTo("http-" + status);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.retry()).isEqualTo(retry);
        assertThat(failure.retryAfter()).isNull();
        assertThat(failure.timedOut()).isFalse();
        assertThat(failure.detail()).startsWith("HTTP " + status).doesNotContain("secret");
        // nothing repeated, nothing followed
        assertThat(endpoint.waiting()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void every2xxIsADelivery(int status) throws Exception {
        endpoint.does(RecordingEndpoint.raw(
                "HTTP/1.1 " + status + " X\r\n" + (status == 204 ? "" : "Content-Length: 0\r\n") + "\r\n"));

        hooks.deliver("webhook", Map.of("url", endpoint.url("/")));
    }

    @Test
    void retryAfterInSecondsAndAsADate() {
        endpoint.answers("429 Slow down", "Retry-After: 120\r\n", "");
        assertThat(hooks.failure("webhook", Map.of("url", endpoint.url("/"))).retryAfter())
                .isEqualTo(Duration.ofSeconds(120));

        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(300).atZone(ZoneOffset.UTC));
        endpoint.answers("503 Later", "Retry-After: " + date + "\r\n", "");
        assertThat(hooks.failure("webhook", Map.of("url", endpoint.url("/"))).retryAfter())
                .isBetween(Duration.ofSeconds(290), Duration.ofSeconds(300));
    }

    @Test
    void anEndpointThatHangsIsATimeout() {
        endpoint.does(connection -> {
            Thread.sleep(60_000);
            return false;
        });

        Failure failure = hooks.failure("webhook", Map.of("url", endpoint.url("/p?key=secret")));

        assertThat(failure.reason()).isEqualTo("timeout");
        assertThat(failure.retry()).isTrue();
        assertThat(failure.timedOut()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", ""})
    void anEndpointThatDripsItsAnswerIsATimeoutToo(String start) {
        endpoint.does(RecordingEndpoint.dripping(start, 50));
        long begin = System.nanoTime();

        Failure failure = hooks.failure("webhook", Map.of("url", endpoint.url("/")));

        assertThat(failure.reason()).isEqualTo("timeout");
        assertThat(failure.timedOut()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
    }

    @Test
    void anEndlessAnswerIsReadTo64kBAndTheNextDeliveryGoesOut() throws Exception {
        endpoint.does(connection -> {
            connection.getOutputStream().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
            while (true) {
                connection.getOutputStream().write(("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes());
            }
        });
        hooks.deliver("webhook", Map.of("url", endpoint.url("/")));
        assertThat(endpoint.request().connection()).isEqualTo(1);

        endpoint.answers("200 OK", "", "");
        hooks.deliver("webhook", Map.of("url", endpoint.url("/")));
        assertThat(endpoint.request().connection()).isEqualTo(2);
    }

    @Test
    void aReset() {
        endpoint.does(connection -> {
            connection.setSoLinger(true, 0);
            return false;
        });
        Failure failure = hooks.failure("webhook", Map.of("url", endpoint.url("/")));
        assertThat(failure.reason()).isEqualTo("io");
        assertThat(failure.retry()).isTrue();
        assertThat(failure.timedOut()).isFalse();
        assertThat(endpoint.waiting()).isEqualTo(1);
    }

    @Test
    void somethingThatDoesNotSpeakHttp() {
        endpoint.does(RecordingEndpoint.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
        assertThat(hooks.failure("webhook", Map.of("url", endpoint.url("/"))).retry())
                .isTrue();
    }

    @Test
    void nobodyListens() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Failure failure = hooks.failure("webhook", Map.of("url", "http://127.0.0.1:" + free + "/p?key=secret"));
        assertThat(failure.reason()).isEqualTo("connect");
        assertThat(failure.retry()).isTrue();
        assertThat(failure.detail()).doesNotContain("secret").contains("127.0.0.1");
    }

    @Test
    void aHostThatDoesNotExist() {
        Failure failure = hooks.failure("webhook", Map.of("url", "http://nowhere.invalid/p?key=secret"));
        assertThat(failure.reason()).isEqualTo("dns");
        assertThat(failure.retry()).isTrue();
        assertThat(failure.detail()).doesNotContain("secret");
    }

    @Test
    void tlsWithAServerThatHasNone() throws Exception {
        try (ServerSocket plain = new ServerSocket(0)) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket connection = plain.accept()) {
                    connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                    connection.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            Failure failure = hooks.failure(
                    "webhook", Map.of("url", "https://127.0.0.1:" + plain.getLocalPort() + "/p?key=secret"));

            assertThat(failure.reason()).isEqualTo("tls");
            assertThat(failure.retry()).isTrue();
            assertThat(failure.detail()).doesNotContain("secret");
            assertThat(answered.handle((done, problem) -> true).get(5, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "ftp://h/p",
                "http:///p",
                "http://:80/p",
                "http://h/a b?key=secret",
                "http://h/{{user.home}}?key=secret",
                "file:/etc/passwd",
                "http://h:99999999/?key=secret"
            })
    void aBadUrlIsNotTriedAgain(String url) {
        Failure failure = hooks.failure("webhook", Map.of("url", url));
        assertThat(failure.reason()).isEqualTo("bad-url");
        assertThat(failure.retry()).isFalse();
        assertThat(failure.detail()).doesNotContain("secret");
    }

    @Test
    void headersOfTheAnswerSteerNothing() {
        endpoint.answers(
                "500 X", "CamelHttpResponseCode: 200\r\ncamelhttpresponsecode: 200\r\nSet-Cookie: a=b\r\n", "");
        assertThat(hooks.failure("webhook", Map.of("url", endpoint.url("/"))).reason())
                .isEqualTo("http-500");

        endpoint.answers(
                "200 OK",
                "CamelHttpUri: http://127.0.0.1:1/\r\nSet-Cookie: a=b\r\nContent-Encoding: gzip\r\n"
                        + "Content-Type: application/x-java-serialized-object; charset=bogus\r\n",
                "not gzip");
        assertThat(hooks.call("webhook", Map.of("url", endpoint.url("/"))).getException())
                .isNull();
        assertThat(hooks.call("webhook", Map.of("url", endpoint.url("/")))
                        .getMessage()
                        .getHeaders())
                .doesNotContainKeys("CamelHttpUri", "Set-Cookie");
    }
}
