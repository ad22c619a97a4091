package routes.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The endpoint of all hooks: answers every POST with 204 and says which delivery has come. A thread for each connection, and nothing that costs
 * more than the applications under test can do with.
 */
final class Receiver implements AutoCloseable {

    /** Told of each request on the thread of its connection, before it is answered. */
    interface Listener {
        /**
         * @param hook       number of the hook, from the request's path
         * @param deliveryId {@code webhook-id}
         * @param nanos      {@link System#nanoTime} when the request was there, whole
         */
        void arrived(int hook, String deliveryId, long nanos);
    }

    private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int BACKLOG = 512;

    private final ServerSocket server = new ServerSocket();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final long answerAfterNanos;
    private volatile Listener listener = (hook, deliveryId, nanos) -> { };

    /** @param answerAfterNanos how long it keeps each request waiting */
    Receiver(long answerAfterNanos) throws IOException {
        this.answerAfterNanos = answerAfterNanos;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        start("receiver", this::accept);
    }

    /** Where hook number {@code hook} delivers. */
    String url(int hook) {
        return "http://127.0.0.1:" + server.getLocalPort() + "/hooks/" + hook;
    }

    void listener(Listener newListener) {
        listener = newListener;
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 128 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                start("receiver-connection", () -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (answer(in, out)) {
                // the next request of the same connection
            }
        } catch (IOException e) {
            // the other end is gone
        } finally {
            open.remove(socket);
        }
    }

    private boolean answer(InputStream in, OutputStream out) throws IOException {
        String start = line(in);
        if (start == null) {
            return false;
        }
        int length = 0;
        String id = "";
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(header.substring(colon + 1).strip());
                case "webhook-id" -> id = header.substring(colon + 1).strip();
                default -> { }
            }
        }
        in.skipNBytes(length);
        String path = start.split(" ")[1];
        listener.arrived(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)), id, System.nanoTime());
        if (answerAfterNanos > 0) {
            LockSupport.parkNanos(answerAfterNanos);
        }
        out.write(ANSWER);
        return true;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.isEmpty() ? null : line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
