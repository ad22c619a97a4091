package routes.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/** Clients of the live tail that note when each event arrives, all read by one thread. */
final class TailClients implements AutoCloseable {

    /** 1.0, so that the answer comes without chunks in between. */
    private static final String REQUEST =
            "GET /api/v1/events/ops.%%3E/stream HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n";

    private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int LONGEST_ID = 40;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final Thread reader = new Thread(this::read, "tail-clients");
    private volatile boolean closed;
    private volatile String failure = "";

    /** Returns when all streams have begun. */
    TailClients(int port, String token, int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(REQUEST.formatted(token).getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            Client client = new Client(channel);
            channel.register(selector, SelectionKey.OP_READ, client);
            clients.add(client);
        }
        reader.setDaemon(true);
        reader.start();
        awaitAll("has not begun", client -> client.begun);
    }

    /** One stream: the sequences of its events, and when they came. */
    private static final class Client {
        private final SocketChannel channel;
        private final StringBuilder line = new StringBuilder();
        private final List<long[]> arrivals = new ArrayList<>(); // guarded by this
        private volatile boolean begun;
        private String status;
        private volatile long last;

        private Client(SocketChannel channel) {
            this.channel = channel;
        }

        void take(ByteBuffer bytes, long now) {
            while (bytes.hasRemaining()) {
                char c = (char) (bytes.get() & 0xff);
                if (c == '\n') {
                    end(line.toString().strip(), now);
                    line.setLength(0);
                } else if (line.length() < LONGEST_ID) {
                    line.append(c);
                }
            }
        }

        private void end(String text, long now) {
            if (status == null) {
                status = text;
                if (!text.contains(" 200")) {
                    throw new BenchFailure("the live tail answers " + text);
                }
            } else if (text.startsWith("retry:")) {
                begun = true;
            } else if (text.startsWith("event: cut")) {
                throw new BenchFailure("the live tail cut a client off");
            } else if (text.startsWith("id: ")) {
                long sequence = Long.parseLong(text.substring(4));
                synchronized (this) {
                    arrivals.add(new long[] {sequence, now});
                }
                last = sequence;
            }
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        try {
            while (!closed) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    Client client = (Client) key.attachment();
                    if (client.channel.read(buffer.clear()) < 0) {
                        throw new BenchFailure("a stream of the live tail ended");
                    }
                    client.take(buffer.flip(), System.nanoTime());
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | RuntimeException e) {
            failure = String.valueOf(e.getMessage());
        }
    }

    private void awaitAll(String what, Predicate<Client> done) throws InterruptedException {
        long end = System.nanoTime() + AT_MOST_NANOS;
        while (!clients.stream().allMatch(done)) {
            if (!failure.isEmpty()) {
                throw new BenchFailure(failure);
            }
            if (System.nanoTime() > end) {
                throw new BenchFailure("after 60 s a stream of the live tail " + what);
            }
            Thread.sleep(10);
        }
    }

    /**
     * Waits until each client has had the last event.
     *
     * @param after sequence behind which it is measured
     * @param dueAt when the event with a sequence was due
     * @throws BenchFailure when an event is missing or came twice
     */
    Latencies latencies(long after, long last, LongUnaryOperator dueAt) throws InterruptedException {
        awaitAll("has not had event " + last, client -> client.last >= last);
        long[] latencies = new long[clients.size() * (int) (last - after)];
        int next = 0;
        for (Client client : clients) {
            long expected = after;
            synchronized (client) {
                for (long[] arrival : client.arrivals) {
                    if (arrival[0] > after) {
                        if (arrival[0] != ++expected) {
                            throw new BenchFailure(
                                    "a client of the live tail got event " + arrival[0] + " instead of " + expected);
                        }
                        latencies[next++] = arrival[1] - dueAt.applyAsLong(arrival[0]);
                    }
                }
            }
        }
        return new Latencies(latencies);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        selector.wakeup();
        reader.join();
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }
}
