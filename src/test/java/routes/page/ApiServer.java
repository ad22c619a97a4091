package routes.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Serves the page as opsbus does, and answers its calls with what a test says: for the states that the real one is in
 * only sometimes.
 */
final class ApiServer implements AutoCloseable {

    /** What the real one sends with every answer; the page has to do with it. */
    private static final String CSP =
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
                    + "form-action 'self'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html",
            "text/html;charset=utf-8",
            "js",
            "text/javascript;charset=utf-8",
            "css",
            "text/css;charset=utf-8",
            "svg",
            "image/svg+xml");

    /** @param query decoded @param body empty for a GET */
    record Request(String method, String path, String query, String body, Headers headers) {}

    record Reply(int status, String json, Map<String, String> headers) {
        static Reply data(Object json) {
            return new Reply(200, "{\"code\":0,\"message\":\"success\",\"data\":" + json + "}", Map.of());
        }

        static Reply error(int status, String message) {
            return new Reply(
                    status,
                    "{\"code\":-1,\"message\":\"" + message + "\"}",
                    status == 503 ? Map.of("Retry-After", "1") : Map.of());
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Function<Request, Reply>> replies = new ConcurrentHashMap<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final Queue<HttpExchange> tails = new ConcurrentLinkedQueue<>();
    private volatile Reply streamRefusal;

    ApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        on("GET me", request -> Reply.data("{\"name\":\"oncall\",\"roles\":[\"read\",\"operate\"]}"));
    }

    String url(String place) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + place;
    }

    /**
     * @param call {@code GET events}: method and the first segment or segments below /api/v1/; the longest that fits
     *     answers
     */
    ApiServer on(String call, Function<Request, Reply> reply) {
        replies.put(call, reply);
        return this;
    }

    ApiServer on(String call, Object data) {
        return on(call, request -> Reply.data(data));
    }

    /** The calls to a path below /api/v1/ so far, decoded. */
    List<Request> requests(String call) {
        return requests.stream()
                .filter(request -> (request.method + " " + request.path).startsWith(call))
                .toList();
    }

    int tails() {
        return tails.size();
    }

    /** Sends to every tail. */
    void send(String event, Object id, Object data) throws IOException {
        String message = (id == null ? "" : "id: " + id + "\n") + "event: " + event + "\ndata: " + data + "\n\n";
        for (HttpExchange tail : tails) {
            tail.getResponseBody().write(message.getBytes(StandardCharsets.UTF_8));
            tail.getResponseBody().flush();
        }
    }

    void endTails() {
        for (HttpExchange tail = tails.poll(); tail != null; tail = tails.poll()) {
            tail.close();
        }
    }

    /** @param refusal what tails get from now on, null: the stream */
    void refuseTails(Reply refusal) {
        streamRefusal = refusal;
    }

    private void serve(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Security-Policy", CSP);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith("/api/v1/")) {
            api(exchange, path.substring("/api/v1/".length()));
        } else {
            file(exchange, path.equals("/") ? "/index.html" : path);
        }
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = exchange.getRequestURI().getQuery();
        Request request = new Request(
                exchange.getRequestMethod(), path, query == null ? "" : query, body, exchange.getRequestHeaders());
        requests.add(request);
        if (path.endsWith("/stream") && streamRefusal == null) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(": here\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            tails.add(exchange);
            return;
        }
        String call = request.method + " " + path;
        Reply reply = path.endsWith("/stream")
                ? streamRefusal
                : replies.keySet().stream()
                        .filter(call::startsWith)
                        .max((a, b) -> a.length() - b.length())
                        .map(known -> replies.get(known).apply(request))
                        .orElse(Reply.error(404, "there is no " + call));
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        answer(exchange, reply.status(), reply.json().getBytes(StandardCharsets.UTF_8));
    }

    private static void file(HttpExchange exchange, String path) throws IOException {
        try (InputStream in = ApiServer.class.getResourceAsStream("/static" + path)) {
            if (path.equals("/index.html")) {
                exchange.getResponseHeaders().set("Set-Cookie", "XSRF-TOKEN=a-token; Path=/");
            }
            exchange.getResponseHeaders()
                    .set("Content-Type", TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "text/plain"));
            answer(exchange, in == null ? 404 : 200, in == null ? new byte[0] : in.readAllBytes());
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        endTails();
        server.stop(0);
        threads.shutdownNow();
    }
}
