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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy that answers plain requests itself, and makes every tunnel one to the same server, whatever name it was
 * asked for.
 */
final class RecordingProxy implements AutoCloseable {

    /** @param line such as {@code CONNECT chat.example.test:443 HTTP/1.1} */
    record Asked(String line, Map<String, String> headers) {}

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final int behind;

    /** @param behind port on the loopback to which tunnels lead */
    RecordingProxy(int behind) throws IOException {
        this.behind = behind;
        threads.submit(() -> {
            while (true) {
                Socket connection = server.accept();
                open.add(connection);
                threads.submit(() -> serve(connection));
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    Queue<Asked> asked() {
        return asked;
    }

    private Void serve(Socket connection) throws Exception {
        try (connection) {
            InputStream in = connection.getInputStream();
            for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
                    headers.put(
                            header.substring(0, header.indexOf(':')),
                            header.substring(header.indexOf(':') + 1).strip());
                }
                asked.add(new Asked(line, headers));
                if (line.startsWith("CONNECT ")) {
                    tunnel(connection);
                    return null;
                }
                in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
                answer(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            }
        }
        return null;
    }

    private void tunnel(Socket connection) throws Exception {
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            open.add(target);
            answer(connection, "HTTP/1.1 200 Connection established\r\n\r\n");
            var back = threads.submit(() -> target.getInputStream().transferTo(connection.getOutputStream()));
            connection.getInputStream().transferTo(target.getOutputStream());
            target.shutdownOutput();
            back.get();
        }
    }

    private static void answer(Socket connection, String text) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
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

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
