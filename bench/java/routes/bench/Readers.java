package routes.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that search a long history all at once, each again and again until they are closed. Who is told to come later
 * does; any other answer than 200 and 429 is a failure.
 */
final class Readers implements AutoCloseable {

    /** 1.0, so that an answer ends with its connection. */
    private static final String REQUEST =
            "GET /api/v1/events/ops.%%3E?text=nobody+wrote+this HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n";

    private static final Pattern RETRY_AFTER = Pattern.compile("(?i)\r\nretry-after: *(\\d+)");
    private static final int TIMEOUT_MS = 60_000;

    private final Application application;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile String failure = "";

    Readers(Application application, int count) {
        this.application = application;
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::read, "reader");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void read() {
        try {
            while (closed.getCount() > 0) {
                String answer = ask();
                if (answer.startsWith("HTTP/1.1 200")) {
                    answered.incrementAndGet();
                } else if (answer.startsWith("HTTP/1.1 429")) {
                    refused.incrementAndGet();
                    Matcher after = RETRY_AFTER.matcher(answer);
                    if (!after.find()) {
                        throw new BenchFailure("a reader was answered 429 without Retry-After");
                    }
                    closed.await(Long.parseLong(after.group(1)), TimeUnit.SECONDS);
                } else {
                    throw new BenchFailure("a reader was answered "
                            + answer.lines().findFirst().orElse("nothing"));
                }
            }
        } catch (IOException | BenchFailure e) {
            failure = e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String ask() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), application.port())) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream()
                    .write(REQUEST.formatted(application.token()).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    long answered() {
        return answered.get();
    }

    long refused() {
        return refused.get();
    }

    /** Waits for the answers that are under way. @throws BenchFailure when one was neither 200 nor 429 */
    @Override
    public void close() throws InterruptedException {
        closed.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failure.isEmpty()) {
            throw new BenchFailure(failure);
        }
    }
}
