package routes.hooks.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/1.1 server on a socket that keeps requests as they came over the wire and answers as told. */
final class RecordingEndpoint implements AutoCloseable {

    /** A request; {@code target} is what stands between POST and HTTP/1.1. */
    record Request(String method, String target, Map<String, String> headers, String body, int connection) {}

    /** Writes an answer, or doesn't; the connection stays open when it returns true. */
    interface Behaviour {
        boolean answer(Socket connection) throws Exception;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Behaviour behaviour = answering("200 OK", "", "{}");

    RecordingEndpoint() throws IOException {
        threads.submit(() -> {
            while (true) {
                Socket connection = server.accept();
                open.add(connection);
                int number = connections.incrementAndGet();
                threads.submit(() -> serve(connection, number));
            }
        });
    }

    static Behaviour answering(String status, String headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return raw("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + bytes.length + "\r\n\r\n" + body);
    }

    static Behaviour raw(String answer) {
        return connection -> {
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            connection.getOutputStream().flush();
            return true;
        };
    }

    RecordingEndpoint answers(String status, String headers, String body) {
        return does(answering(status, headers, body));
    }

    RecordingEndpoint does(Behaviour behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    String url(String pathAndQuery) {
        return "http://127.0.0.1:" + server.getLocalPort() + pathAndQuery;
    }

    int connections() {
        return connections.get();
    }

    int waiting() {
        return requests.size();
    }

    /** Waits until this side has closed all its connections; on the loopback the other side can tell from then on. */
    void awaitAllClosed() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!open.stream().allMatch(Socket::isClosed)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("a connection stays open");
            }
            Thread.sleep(1);
        }
    }

    Request request() throws InterruptedException {
        Request request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request arrived");
        }
        return request;
    }

    private Void serve(Socket connection, int number) throws Exception {
        try (connection) {
            InputStream in = connection.getInputStream();
            String line = line(in);
            while (line != null) {
                String[] start = line.split(" ");
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
                    int colon = header.indexOf(':');
                    headers.put(
                            header.substring(0, colon),
                            header.substring(colon + 1).strip());
                }
                int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
                String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                requests.add(new Request(start[0], start[1], headers, body, number));
                if (!behaviour.answer(connection)) {
                    return null;
                }
                line = line(in);
            }
        }
        return null;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(b);
        }
        return null;
    }

    /** Sends an answer's start and then a byte now and then, for ever. */
    static Behaviour dripping(String start, long everyMillis) {
        return connection -> {
            OutputStream out = connection.getOutputStream();
            out.write(start.getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(everyMillis);
            }
        };
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
