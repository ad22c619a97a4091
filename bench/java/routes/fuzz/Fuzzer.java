package routes.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends random requests to an opsbus on this machine, a few at a time, so many and for so long. */
public final class Fuzzer {

    private static final int CLIENTS = 6;
    private static final int ANSWER_MILLIS = 500;
    private static final int STATUS_LINE = 12;
    private static final int SHOWN = 600;

    private final int port;
    private final String token;
    private final long seed;

    /** @param seed the same requests for the same seed, though not in the same order among clients */
    public Fuzzer(int port, String token, long seed) {
        this.port = port;
        this.token = token;
        this.seed = seed;
    }

    /**
     * What came of it.
     *
     * @param statuses how often each came; 0 is an end of the connection without one, -1 no answer within half a second
     * @param faults requests that were answered by 5xx other than 503, each with its status
     * @param asked ends of subjects, with _ for each dot, that were asked for
     */
    public record Outcome(Map<Integer, Integer> statuses, List<String> faults, Set<String> asked) {

        public int requests() {
            return statuses.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Sends so many requests, fewer if that takes longer than {@code atMost}. */
    public Outcome run(int requests, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<Outcome>> work = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int mine = requests / CLIENTS + (i < requests % CLIENTS ? 1 : 0);
                RandomRequests random = new RandomRequests(seed * CLIENTS + i, token);
                work.add(() -> client(random, mine, end));
            }
            return together(clients.invokeAll(work));
        } finally {
            clients.shutdownNow();
        }
    }

    private Outcome client(RandomRequests random, int requests, long end) {
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < requests && System.nanoTime() < end; i++) {
            byte[] request = random.next();
            int status = send(request);
            statuses.merge(status, 1, Integer::sum);
            if (status >= 500 && status != 503) {
                String text = new String(request, StandardCharsets.UTF_8);
                faults.add(status + ": " + text.substring(0, Math.min(SHOWN, text.length())));
            }
        }
        return new Outcome(statuses, faults, random.asked());
    }

    private static Outcome together(List<Future<Outcome>> clients) throws InterruptedException {
        Outcome all = new Outcome(new TreeMap<>(), new ArrayList<>(), new HashSet<>());
        for (Future<Outcome> client : clients) {
            try {
                client.get().statuses.forEach((status, count) -> all.statuses.merge(status, count, Integer::sum));
                all.faults.addAll(client.get().faults);
                all.asked.addAll(client.get().asked);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a client of the fuzzer failed", e.getCause());
            }
        }
        return all;
    }

    private int send(byte[] request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(request);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0 && answer.size() < STATUS_LINE; b = in.read()) {
                answer.write(b);
            }
            String line = answer.toString(StandardCharsets.ISO_8859_1);
            return line.startsWith("HTTP/1.") && line.length() == STATUS_LINE ? Integer.parseInt(line.substring(9)) : 0;
        } catch (SocketTimeoutException e) {
            return -1;
        } catch (IOException e) {
            return 0;
        }
    }
}
