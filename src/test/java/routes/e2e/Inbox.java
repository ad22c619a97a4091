package routes.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A real HTTP server at the other end of hooks: it records what arrives, and behaves on each path as it is told, badly
 * too. Requests it does not answer with 2xx are recorded as refused.
 */
public final class Inbox extends LoopbackHttp {

    /** A request that was taken. */
    public record Request(String path, Map<String, String> headers, String body, int status, long at) {
        public String id() {
            return headers.get("webhook-id");
        }
    }

    /** What a path does with a request. */
    public sealed interface Behaviour {
        record Answer(int status, List<String> headers, long afterMillis) implements Behaviour {}

        record Hang() implements Behaviour {}

        record Reset() implements Behaviour {}

        static Behaviour ok() {
            return new Answer(200, List.of(), 0);
        }

        static Behaviour status(int status, String... headers) {
            return new Answer(status, List.of(headers), 0);
        }

        static Behaviour slow(long millis) {
            return new Answer(200, List.of(), millis);
        }
    }

    private final Map<String, Function<Request, Behaviour>> behaviours = new ConcurrentHashMap<>();
    private final Queue<Request> taken = new ConcurrentLinkedQueue<>();
    private final Queue<Request> refused = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Request> listener = request -> {};

    public Inbox() throws IOException {
        this(0);
    }

    /** @param port 0: any that is free */
    public Inbox(int port) throws IOException {
        super(port);
        start();
    }

    public void on(String path, Behaviour behaviour) {
        behaviours.put(path, request -> behaviour);
    }

    public void on(String path, Function<Request, Behaviour> behaviour) {
        behaviours.put(path, behaviour);
    }

    /** Told of each request that is taken from now on; replaces the one before. */
    public void listener(Consumer<Request> newListener) {
        listener = newListener;
    }

    public List<Request> taken() {
        return List.copyOf(taken);
    }

    public List<Request> taken(String path) {
        return taken.stream().filter(request -> request.path.equals(path)).toList();
    }

    public List<Request> refused(String path) {
        return refused.stream().filter(request -> request.path.equals(path)).toList();
    }

    public int count() {
        return taken.size();
    }

    @Override
    protected boolean answer(Incoming incoming, Socket socket, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        String path = incoming.path();
        Request request = new Request(
                path, incoming.headers(), new String(incoming.body(), StandardCharsets.UTF_8), 0, System.nanoTime());
        Behaviour behaviour =
                behaviours.getOrDefault(path, any -> Behaviour.ok()).apply(request);
        if (behaviour instanceof Behaviour.Hang) {
            refused.add(request);
            in.read(); // until the client gives up
            return false;
        }
        if (behaviour instanceof Behaviour.Reset) {
            refused.add(request);
            socket.setSoLinger(true, 0);
            return false;
        }
        Behaviour.Answer answer = (Behaviour.Answer) behaviour;
        if (answer.afterMillis > 0) {
            Thread.sleep(answer.afterMillis);
        }
        Request done = new Request(path, request.headers, request.body, answer.status, System.nanoTime());
        if (answer.status / 100 == 2) {
            taken.add(done);
            listener.accept(done);
        } else {
            refused.add(done);
        }
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status + " Status\r\nContent-Length: 0\r\n");
        answer.headers.forEach(header -> head.append(header).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return true;
    }
}
