package routes.api.events;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The HTTP side of a client. It is written without ever waiting for it, so no thread belongs to a client. */
final class TailConnection implements AsyncListener, WriteListener {

    /** Who writes to it; told on a thread of the server's. */
    interface Writer {

        /** It takes more; told when it was not ready before. */
        void onReady() throws IOException;

        /** It is closed. */
        void onGone();
    }

    private final HttpServletRequest request;
    private final AsyncContext async;
    private final ServletOutputStream out;
    private Writer writer;

    private TailConnection(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Connection", "close"); // when the stream ends
        response.setHeader("X-Accel-Buffering", "no"); // nginx would hold events back
        this.request = request;
        this.out = response.getOutputStream();
        this.async = request.startAsync();
        async.setTimeout(0);
        async.addListener(this);
    }

    static TailConnection open(HttpServletRequest request, HttpServletResponse response) throws IOException {
        return new TailConnection(request, response);
    }

    /** From now on the writer is told when it can write. */
    void begin(Writer writing) {
        writer = writing;
        out.setWriteListener(this);
    }

    /** Whether one write or flush is taken at once; when not, the writer is told as soon as it is. */
    boolean isReady() {
        return out.isReady();
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Ends the response; only when it is ready, else Tomcat would wait for a client that does not read. */
    void complete() {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // Tomcat was faster: the connection broke at the same time
        }
    }

    /** Closes the connection, whatever is still to be written; {@link #onError} follows. */
    void abort() {
        TailAbort.of(request).run();
    }

    @Override
    public void onWritePossible() throws IOException {
        writer.onReady();
    }

    @Override
    public void onError(Throwable broken) {
        writer.onGone();
        complete();
    }

    @Override
    public void onError(AsyncEvent broken) {
        onError(broken.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent done) {
        writer.onGone();
    }

    @Override
    public void onTimeout(AsyncEvent never) {
        complete();
    }

    @Override
    public void onStartAsync(AsyncEvent never) {
        // the request is not dispatched again
    }
}
