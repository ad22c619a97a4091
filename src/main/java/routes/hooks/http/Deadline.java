package routes.hooks.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Ends an attempt that takes too long as a whole. Socket timeouts alone don't: an endpoint that sends one byte every
 * nine seconds keeps its worker for ever.
 */
final class Deadline implements ExecChainHandler {

    private final Duration longest;
    private final ScheduledExecutorService timer;

    Deadline(Duration longest, ScheduledExecutorService timer) {
        this.longest = longest;
        this.timer = timer;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean passed = new AtomicBoolean();
        ScheduledFuture<?> end = timer.schedule(
                () -> {
                    passed.set(true);
                    cancel(scope.originalRequest);
                },
                longest.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return chain.proceed(request, scope);
        } catch (IOException | RuntimeException e) {
            if (passed.get()) {
                throw (IOException)
                        new SocketTimeoutException("no complete answer within " + longest.toMillis() + " ms")
                                .initCause(e);
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private static void cancel(ClassicHttpRequest request) {
        if (request instanceof Cancellable cancellable) {
            cancellable.cancel();
        }
    }
}
