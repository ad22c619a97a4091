package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new SocketTimeoutException("Read timed out"), "timeout", true, true),
                Arguments.of(new TimeoutException(), "timeout", true, true),
                Arguments.of(new ConnectTimeoutException("Connect to h:1 timed out"), "connect", true, true),
                Arguments.of(new ConnectException("Connection refused"), "connect", true, false),
                Arguments.of(new NoRouteToHostException("x"), "connect", true, false),
                Arguments.of(new UnknownHostException("h"), "dns", true, false),
                Arguments.of(new SSLHandshakeException("PKIX"), "tls", true, false),
                Arguments.of(new SocketException("Connection reset"), "io", true, false),
                Arguments.of(new EOFException(), "io", true, false),
                Arguments.of(new IOException("wrapped", new ConnectException("x")), "connect", true, false),
                Arguments.of(new BadUrlException("x"), "bad-url", false, false),
                Arguments.of(new URISyntaxException("u", "x"), "bad-url", false, false),
                Arguments.of(new ChatRefusedException("19001", "x"), "chat-refused", false, false),
                Arguments.of(new IllegalStateException("x"), "error", true, false),
                Arguments.of(new NullPointerException(), "error", true, false));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void everyExceptionHasAReason(Throwable thrown, String reason, boolean retry, boolean timedOut) {
        for (Throwable wrapped :
                new Throwable[] {thrown, new RuntimeCamelException(thrown), new RuntimeException(new Exception(thrown))
                }) {
            Failure failure = Failure.of(wrapped);
            assertThat(failure.reason()).isEqualTo(reason);
            assertThat(failure.retry()).isEqualTo(retry);
            assertThat(failure.timedOut()).isEqualTo(timedOut);
            assertThat(failure.status()).isEqualTo(reason.equals("chat-refused") ? 200 : 0);
            assertThat(failure.retryAfter()).isNull();
            assertThat(failure.detail()).isNotBlank();
        }
    }

    @Test
    void anAnswerToSomebodysOwnKameletIsUnderstoodToo() {
        Failure failure = Failure.of(new HttpOperationFailedException(
                "https://h/p?key=secret", 429, "Slow", null, Map.of("retry-after", "7"), "slow down"));

        assertThat(failure)
                .isEqualTo(new Failure("http-429", 429, true, Duration.ofSeconds(7), false, "HTTP 429: slow down"));
        assertThat(Failure.of(new HttpOperationFailedException("https://h/", 404, "", null, null, null))
                        .retry())
                .isFalse();
    }

    @Test
    void aCauseThatCausesItselfIsNoEndlessLoop() {
        Exception a = new Exception("a");
        a.initCause(new Exception("b", a));
        assertThat(Failure.of(a).reason()).isEqualTo("error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failed at https://u:p@h:8443/services/T/SECRET?key=SECRET, sorry|failed at https://h:8443/… sorry",
                "no route to http://h|no route to http://h",
                "GET /p?key=SECRET failed|GET /p?… failed",
                "jdbc:x://u:SECRET@h/db|jdbc:x://h/…",
                "why? because|why? because"
            })
    void keysInUrlsAreNotRepeated(String message, String detail) {
        assertThat(Failure.of(new IllegalStateException(message)).detail())
                .isEqualTo("IllegalStateException: " + detail);
    }

    @Test
    void aDetailIsOneShortLine() {
        String detail = Failure.of(new HttpAnswerException(500, null, "a\r\nb\u0000" + "c".repeat(10_000)))
                .detail();
        assertThat(detail).startsWith("HTTP 500: a b ccc").hasSizeLessThan(350).doesNotContain("\n", "\r", "\u0000");
    }

    @Test
    void reasonsOfStrangeStatusesStayBounded() {
        assertThat(Failure.of(new HttpAnswerException(999, null, "")).reason()).isEqualTo("http-other");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", " 7 ,7", "86401,86400", "99999999999999999999,86400"})
    void retryAfterInSeconds(String value, long seconds) {
        assertThat(RetryAfter.parse(value, Instant.EPOCH)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void retryAfterAsADate() {
        Instant now = Instant.parse("2026-11-06T08:49:37Z");
        assertThat(RetryAfter.parse("Fri, 06 Nov 2026 08:51:37 GMT", now)).isEqualTo(Duration.ofMinutes(2));
        assertThat(RetryAfter.parse("Fri, 06 Nov 2026 08:00:00 GMT", now)).isZero();
        assertThat(RetryAfter.parse("Fri, 06 Nov 2099 08:00:00 GMT", now)).isEqualTo(Duration.ofDays(1));
        for (String junk : new String[] {"", "soon", "-1", "1.5", "Fri, 99 Nov 2026 08:00:00 GMT"}) {
            assertThat(RetryAfter.parse(junk, now)).isNull();
        }
    }

    @Test
    void readersSeeNoWordOfAnEndpointWhateverTheReason() {
        for (String reason : List.of(
                "http-500", "http-other", "chat-refused", "expired", "io", "tls", "error", "a-reason-to-come")) {
            assertThat(Failure.detailForReaders(reason, 500, "-ERR s3cret")).isEqualTo("HTTP 500");
            assertThat(Failure.detailForReaders(reason, 0, "-ERR s3cret")).isEmpty();
        }
        assertThat(Failure.detailForReaders("forbidden", 0, "says why")).isEqualTo("says why");
    }
}
