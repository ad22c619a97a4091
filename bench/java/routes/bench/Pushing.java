package routes.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Pushes events over HTTP, as Alertmanager and scripts do: small JSON objects, one or more a request, with a token,
 * over connections that are kept. Every answer has to say that NATS has stored it. Bare sockets, since Java's HTTP
 * client would take as much of the machine as opsbus.
 */
final class Pushing {

    private static final int AT_ONCE = 32;
    private static final int TIMEOUT_MS = 20_000;
    private static final String LENGTH = "content-length:";
    private static final String BODY =
            "{\"type\":\"TaskRunReport\",\"host\":\"node-%d\",\"kind\":\"disk-check\",\"status\":\"normal\",\"message\":\"disk usage is %d %%\","
                    + "\"threshold\":\"90\",\"operator\":\">\",\"value\":\"%d\"}";
    private static final String REQUEST =
            "POST /api/v1/namespaces/ops-system/events/hosts.node-%d.findings HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "Authorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s";

    private final Application application;
    private final int batch;

    /** @param batch events a request; 1: an object, no list */
    Pushing(Application application, int batch) {
        this.application = application;
        this.batch = batch;
    }

    /** As fast as it goes. @return events answered per second */
    double round(int events) throws Exception {
        int requests = Math.max(AT_ONCE, events / batch);
        long start = System.nanoTime();
        push(requests, number -> System.nanoTime());
        return (double) requests * batch / ((System.nanoTime() - start) / 1e9);
    }

    /** @return from the moment a push was due, whether or not it could be sent then, to its answer */
    Latencies steady(int perSecond, double seconds) throws Exception {
        Pace pace = new Pace(System.nanoTime(), 0, perSecond);
        return new Latencies(push((int) (perSecond * seconds), number -> {
            pace.awaitTurnOf(number);
            return pace.dueAt(number);
        }));
    }

    /**
     * @param due waits for the turn of a push and says when it was. @return nanoseconds from then to the answer of each
     */
    private long[] push(int count, IntToLongFunction due) throws Exception {
        long before = application.bus().lastSequence();
        long[] nanos = new long[count];
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Void>> clients = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), application.port())) {
                        socket.setTcpNoDelay(true);
                        socket.setSoTimeout(TIMEOUT_MS);
                        InputStream answers = new BufferedInputStream(socket.getInputStream());
                        for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                            long from = due.applyAsLong(number);
                            socket.getOutputStream().write(request(number));
                            mustBeStored(answers);
                            nanos[number] = System.nanoTime() - from;
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        } finally {
            threads.shutdownNow();
        }
        // each was answered after its PubAck, so the stream has all of them by now
        long stored = application.bus().lastSequence() - before;
        if (stored != (long) count * batch) {
            throw new BenchFailure(count + " pushes of " + batch + " were answered, " + stored + " events are stored");
        }
        return nanos;
    }

    private byte[] request(int number) {
        String body = batch == 1
                ? event(number)
                : IntStream.range(0, batch)
                        .mapToObj(i -> event(number * batch + i))
                        .collect(Collectors.joining(",", "[", "]"));
        return REQUEST.formatted(number % 200, application.token(), body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String event(int number) {
        return BODY.formatted(number % 200, number % 90, number % 90);
    }

    /** Reads one answer to its end. */
    private static void mustBeStored(InputStream answers) throws IOException {
        String status = line(answers);
        int length = -1;
        for (String header = line(answers); !header.isEmpty(); header = line(answers)) {
            if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            }
        }
        if (length < 0) {
            throw new BenchFailure("a push was answered " + status + " without the length of the answer");
        }
        String body = new String(answers.readNBytes(length), StandardCharsets.UTF_8);
        if (!status.contains(" 200") || !body.contains("\"code\":0")) {
            throw new BenchFailure("a push was answered " + status + " " + body);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new BenchFailure("opsbus closed the connection of a push");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
