package routes.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bare HTTP/1.1 server on loopback with a thread for each connection, which a test or a measurement lets do what a
 * server should not, such as to hang or to cut the connection. Reads requests with a {@code Content-Length} only.
 */
public abstract class LoopbackHttp implements AutoCloseable {

    /** A request, whole. @param headers by name, in any case */
    public record Incoming(String path, Map<String, String> headers, byte[] body) {}

    private static final int BACKLOG = 512;
    private static final int STACK = 128 * 1024;

    private final ServerSocket server = new ServerSocket();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param port 0: any that is free */
    protected LoopbackHttp(int port) throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    }

    /** Accepts connections, once the subclass is ready for them. */
    protected final void start() {
        start("http-accept", this::accept);
    }

    /** @return false to close the connection */
    protected abstract boolean answer(Incoming request, Socket socket, InputStream in, OutputStream out)
            throws IOException, InterruptedException;

    public String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, STACK);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                start("http-connection", () -> serve(socket));
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
            for (Incoming request = read(in); request != null && answer(request, socket, in, out); request = read(in)) {
                // the next request of the same connection
            }
        } catch (IOException | InterruptedException e) {
            // the other end is gone
        } finally {
            open.remove(socket);
        }
    }

    private static Incoming read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            headers.put(
                    header.substring(0, header.indexOf(':')),
                    header.substring(header.indexOf(':') + 1).strip());
        }
        return new Incoming(
                start.split(" ")[1],
                headers,
                in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0"))));
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
