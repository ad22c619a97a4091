package routes.hooks.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import routes.nats.MessageRefusedException;

/**
 * Why an attempt failed, and whether another one makes sense.
 *
 * @param reason one of a bounded set, fit for a metric's label: {@code timeout}, {@code connect}, {@code dns},
 *     {@code tls}, {@code io}, {@code http-<status>}, {@code chat-refused}, {@code bad-url}, {@code forbidden},
 *     {@code too-large}, {@code error}
 * @param status the HTTP status, 0 when there was none
 * @param retry whether a later attempt may succeed
 * @param retryAfter how long the endpoint asked to be left alone, null when it did not ask
 * @param timedOut whether the attempt held its worker for a whole timeout
 * @param detail for people: never a url's path, query or password, which hold keys
 */
public record Failure(String reason, int status, boolean retry, Duration retryAfter, boolean timedOut, String detail) {

    private static final int DEEPEST_CAUSE = 20;
    /** Reasons whose details are opsbus' own words; those of others may repeat what an endpoint sent. */
    private static final Set<String> OWN_WORDS = Set.of(
            "timeout",
            "connect",
            "dns",
            "bad-url",
            "forbidden",
            "too-large",
            "loop",
            "bad-target",
            "event-gone",
            "hook-removed",
            "unreadable",
            "refused",
            "unroutable",
            "match-too-slow");

    /**
     * The failure behind an exception: the first cause that says something known; unknown exceptions are worth a retry.
     */
    public static Failure of(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++, cause = cause.getCause()) {
            Failure known = known(cause);
            if (known != null) {
                return known;
            }
        }
        return plain("error", true, false, thrown);
    }

    /**
     * The detail as far as everybody may see it who may read: what an endpoint answered is for operators, it may be of
     * a server that they protect.
     */
    public static String detailForReaders(String reason, int status, String detail) {
        return OWN_WORDS.contains(reason) ? detail : status > 0 ? "HTTP " + status : "";
    }

    private static Failure known(Throwable e) {
        if (e instanceof ProxyFailures.ThroughProxyException through) {
            Failure failure = of(through.getCause());
            return new Failure(
                    failure.reason,
                    failure.status,
                    failure.retry,
                    failure.retryAfter,
                    failure.timedOut,
                    failure.detail + " (through the proxy " + through.proxy() + ")");
        }
        if (e instanceof HttpAnswerException answer) {
            return answer(answer.status(), answer.retryAfter(), answer.bodyStart());
        }
        if (e instanceof HttpOperationFailedException answer) {
            return answer(answer.getStatusCode(), retryAfter(answer.getResponseHeaders()), answer.getResponseBody());
        }
        if (e instanceof ChatRefusedException refused) {
            return new Failure(
                    "chat-refused",
                    200,
                    NotNow.says(refused.code()),
                    null,
                    false,
                    Redacted.text("code " + refused.code() + ": " + refused.getMessage()));
        }
        if (e instanceof BadUrlException || e instanceof URISyntaxException || e instanceof MalformedURLException) {
            return new Failure(
                    "bad-url",
                    0,
                    false,
                    null,
                    false,
                    e instanceof BadUrlException ? e.getMessage() : "the url can't be parsed");
        }
        if (e instanceof ForbiddenException) {
            return new Failure("forbidden", 0, false, null, false, e.getMessage());
        }
        if (e instanceof MessageRefusedException) {
            return plain("too-large", false, false, e);
        }
        return e instanceof IOException
                        || e instanceof TimeoutException
                        || e instanceof ExchangeTimedOutException
                        || e instanceof UnresolvedAddressException
                ? network(e)
                : null;
    }

    private static Failure network(Throwable e) {
        if (e instanceof ConnectTimeoutException) {
            return plain("connect", true, true, e);
        }
        if (e instanceof SocketTimeoutException
                || e instanceof TimeoutException
                || e instanceof ExchangeTimedOutException
                || e instanceof HttpTimeoutException) {
            return plain("timeout", true, true, e);
        }
        if (e instanceof UnknownHostException || e instanceof UnresolvedAddressException) {
            return plain("dns", true, false, e);
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return plain("connect", true, false, e);
        }
        if (e instanceof SSLException) {
            return plain("tls", true, false, e);
        }
        // an IOException that only wraps says less than what it wraps
        boolean wraps = e.getClass() == IOException.class && e.getCause() != null;
        return wraps ? null : plain("io", true, false, e);
    }

    private static Failure answer(int status, Duration retryAfter, String body) {
        String detail =
                body == null || body.isBlank() ? "HTTP " + status : "HTTP " + status + ": " + Redacted.text(body);
        return new Failure(
                "http-" + (status >= 100 && status <= 599 ? status : "other"),
                status,
                NotNow.says(status),
                retryAfter,
                false,
                detail);
    }

    private static Duration retryAfter(Map<String, String> headers) {
        if (headers == null) {
            return null;
        }
        return headers.entrySet().stream()
                .filter(header -> "Retry-After".equalsIgnoreCase(header.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .map(value -> RetryAfter.parse(value, Instant.now()))
                .orElse(null);
    }

    private static Failure plain(String reason, boolean retry, boolean timedOut, Throwable e) {
        String message = e.getMessage();
        return new Failure(
                reason,
                0,
                retry,
                null,
                timedOut,
                Redacted.text(e.getClass().getSimpleName() + (message == null ? "" : ": " + message)));
    }
}
