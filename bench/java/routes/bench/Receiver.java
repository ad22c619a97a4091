package routes.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import routes.e2e.LoopbackHttp;

/**
 * The endpoint of all hooks: answers every POST with 204 and says which delivery has come. A thread for each
 * connection, and nothing that costs more than the applications under test can do with.
 */
final class Receiver extends LoopbackHttp {

    /** Told of each request on the thread of its connection, before it is answered. */
    interface Listener {
        /**
         * @param hook number of the hook, from the request's path
         * @param deliveryId {@code webhook-id}
         * @param nanos {@link System#nanoTime} when the request was there, whole
         */
        void arrived(int hook, String deliveryId, long nanos);
    }

    private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] FAILURE =
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final long answerAfterNanos;
    private volatile boolean failing;
    private volatile Listener listener = (hook, deliveryId, nanos) -> {};

    /** @param answerAfterNanos how long it keeps each request waiting */
    Receiver(long answerAfterNanos) throws IOException {
        super(0);
        this.answerAfterNanos = answerAfterNanos;
        start();
    }

    /** Where hook number {@code hook} delivers. */
    String url(int hook) {
        return url("/hooks/" + hook);
    }

    void listener(Listener newListener) {
        listener = newListener;
    }

    /** Answers 503 from now on, and tells of nothing that comes; or answers again. */
    void fail(boolean now) {
        failing = now;
    }

    @Override
    protected boolean answer(Incoming request, Socket socket, InputStream in, OutputStream out) throws IOException {
        if (failing) {
            out.write(FAILURE);
            return true;
        }
        String path = request.path();
        listener.arrived(
                Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)),
                request.headers().getOrDefault("webhook-id", ""),
                System.nanoTime());
        if (answerAfterNanos > 0) {
            LockSupport.parkNanos(answerAfterNanos);
        }
        out.write(ANSWER);
        return true;
    }
}
