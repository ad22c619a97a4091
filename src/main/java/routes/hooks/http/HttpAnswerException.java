package routes.hooks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** An endpoint answered something other than 2xx. */
public final class HttpAnswerException extends IOException {

    private static final long serialVersionUID = 1;
    private static final int START = 500;

    private final int status;
    private final transient Duration retryAfter;
    private final String bodyStart;

    HttpAnswerException(int status, Duration retryAfterOrNull, byte[] body) {
        this(
                status,
                retryAfterOrNull,
                new String(Arrays.copyOf(body, Math.min(body.length, START)), StandardCharsets.UTF_8));
    }

    public HttpAnswerException(int status, Duration retryAfterOrNull, String bodyStart) {
        super("HTTP " + status);
        this.status = status;
        this.retryAfter = retryAfterOrNull;
        this.bodyStart = bodyStart;
    }

    public int status() {
        return status;
    }

    /** What the endpoint asked for with {@code Retry-After}; null when it did not. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** The first 500 bytes of the answer's body. */
    public String bodyStart() {
        return bodyStart;
    }
}
