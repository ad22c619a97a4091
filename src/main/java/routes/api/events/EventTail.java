package routes.api.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.StoredMessage;
import routes.nats.TailConsumer;
import routes.nats.WireHeaders;
import routes.nats.history.OldestFirst;

/**
 * The live tail: route {@code event-tail} reads the bus once for all clients and ends here, where each event goes into
 * the queues of those that want it. The route runs while there are clients. A handful of threads write to all of them.
 */
final class EventTail implements Processor, TailClient.Tail {

    static final String ROUTE = "event-tail";

    private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);
    private static final int WRITERS = 2;
    private static final int READERS = 2;
    private static final int MOST_AT_ONCE = 500;
    private static final long BYTES_AT_ONCE = 1 << 20;
    private static final Duration KEEP_ROUTE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_WORD = Duration.ofSeconds(5);

    private final CamelContext camel;
    private final OldestFirst history;
    private final TailProperties properties;
    private final Counter cut;
    private final Counter sent;
    private final ThreadPoolExecutor writers = threads(WRITERS, "event-tail-write");
    private final ThreadPoolExecutor readers = threads(READERS, "event-tail-read");
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, task -> thread(task, "event-tail-timer"));

    /** Held while clients come and the route starts or stops; taken before this. */
    private final Object coming = new Object();

    private boolean running;
    private boolean beating;
    private boolean closed;

    private final Set<TailClient> clients = new LinkedHashSet<>(); // guarded by this
    private long last; // sequence of the last event that was handed out; guarded by this

    EventTail(CamelContext camel, OldestFirst history, TailProperties properties, MeterRegistry metrics) {
        this.camel = camel;
        this.history = history;
        this.properties = properties;
        Gauge.builder("opsbus.tail.clients", this, EventTail::clients)
                .description("clients of the live tail")
                .register(metrics);
        this.cut = Counter.builder("opsbus.tail.cut")
                .description("clients of the live tail that were cut off because they read too slowly")
                .register(metrics);
        this.sent = Counter.builder("opsbus.tail.sent")
                .description("events sent to clients of the live tail, counted for each client")
                .register(metrics);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
    }

    private static ThreadPoolExecutor threads(int count, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> thread(task, name));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    synchronized int clients() {
        return clients.size();
    }

    /** An event from the route. */
    @Override
    public void process(Exchange exchange) {
        StoredMessage message = StoredMessage.of(exchange);
        handOut(new TailEvent(
                message.sequence(),
                message.stored(),
                exchange.getMessage().getHeader(NatsConstants.NATS_SUBJECT, String.class),
                exchange.getMessage().getBody(byte[].class),
                exchange.getMessage().getHeader(WireHeaders.MESSAGE_ID, String.class)));
    }

    private synchronized void handOut(TailEvent event) {
        if (event.sequence() <= last) {
            clients.forEach(TailClient::startAnew);
        }
        last = event.sequence();
        clients.forEach(client -> client.offer(event));
    }

    /**
     * Begins a stream: its events are all those stored from now on, or behind {@code lastId}.
     *
     * @param lastId sequence of the last event that the client has, or null
     * @throws IOException when there can be no stream now, and the client may try again
     */
    void open(
            HttpServletRequest request,
            HttpServletResponse response,
            TailPattern pattern,
            EventFilter filter,
            Long lastId)
            throws IOException {
        OldestFirst.Range stored = history.range();
        long known = lastId == null ? stored.last() : lastId;
        boolean gap = known < stored.first() - 1 || known > stored.last();
        long position = gap ? stored.first() - 1 : known;
        TailClient client;
        synchronized (coming) {
            admit();
            startRoute();
            client = new TailClient(
                    this, TailConnection.open(request, response), pattern, filter, position, properties.queue());
            synchronized (this) {
                clients.add(client);
            }
            if (!beating) {
                beating = true;
                timer.schedule(this::beat, properties.heartbeat().toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        client.begin(gap ? TailFrame.gap(known, position + 1) : null);
        catchUp(client);
    }

    private void admit() throws IOException {
        if (closed) {
            throw new IOException("opsbus is shutting down");
        }
        if (clients() >= properties.maxClients()) {
            throw new IOException("there are " + properties.maxClients()
                    + " clients of the live tail already, and opsbus.tail.max-clients allows no more");
        }
    }

    private void startRoute() throws IOException {
        if (running) {
            return;
        }
        if (!camel.isStarted() || camel.getRoute(ROUTE) == null) { // the web server is up earlier than the routes
            throw new IOException("opsbus is still starting");
        }
        try {
            camel.getRouteController().startRoute(ROUTE);
        } catch (Exception e) {
            throw new IOException("the live tail does not start: " + e.getMessage(), e);
        }
        running = true;
        synchronized (this) {
            last = Math.max(
                    last,
                    ((TailConsumer) camel.getRoute(ROUTE).getConsumer())
                            .startedBehind()); // it may have handed out an event already
        }
    }

    /** The route stops when nobody came for some time. */
    @Override
    public void left(TailClient client) {
        synchronized (this) {
            if (!clients.remove(client) || !clients.isEmpty()) {
                return;
            }
        }
        if (!timer.isShutdown()) {
            timer.schedule(this::stopRouteWithoutClients, KEEP_ROUTE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void stopRouteWithoutClients() {
        synchronized (coming) {
            if (!running || clients() > 0) {
                return;
            }
            try {
                camel.getRouteController().stopRoute(ROUTE);
            } catch (Exception e) {
                LOG.warn("route {} does not stop", ROUTE, e);
            }
            running = false;
            synchronized (this) {
                last = 0;
            }
        }
    }

    private synchronized List<TailClient> everybody() {
        return List.copyOf(clients);
    }

    private void beat() {
        everybody().forEach(TailClient::beat);
        synchronized (coming) {
            beating = clients() > 0 && !closed;
            if (beating) {
                timer.schedule(this::beat, properties.heartbeat().toNanos(), TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    public void write(TailClient client) {
        writers.execute(() -> {
            try {
                client.drain();
            } catch (IOException | IllegalStateException e) {
                LOG.debug("a client of the live tail went away: {}", e.toString());
                client.onGone(); // the server tells its end of the connection by itself
            }
        });
    }

    @Override
    public void catchUp(TailClient client) {
        readers.execute(() -> {
            try {
                read(client);
            } catch (IOException e) {
                LOG.debug("events for a client of the live tail can't be read yet: {}", e.getMessage());
                if (!timer.isShutdown()) {
                    timer.schedule(() -> catchUp(client), RETRY.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void read(TailClient client) throws IOException, InterruptedException {
        long heldFrom;
        synchronized (this) {
            if (!clients.contains(client)) {
                return;
            }
            client.hold();
            heldFrom = last + 1;
        }
        long position = client.position();
        if (position + 1 >= heldFrom) {
            client.caughtUp(position, List.of(), position, true);
        } else {
            OldestFirst.Stretch stretch =
                    history.read(position, heldFrom, Math.min(MOST_AT_ONCE, properties.queue() / 2), BYTES_AT_ONCE);
            client.caughtUp(
                    position,
                    stretch.events().stream().map(TailEvent::of).toList(),
                    stretch.through(),
                    stretch.complete());
        }
    }

    @Override
    public void sent(TailFrame frame) {
        if (frame.isEvent()) {
            sent.increment();
        }
    }

    @Override
    public void cut(TailClient client, String reason) {
        cut.increment();
        LOG.info("a client of the live tail was cut off, {}", reason);
        timer.schedule(client::abort, LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends all streams, so that the server need not wait for them. */
    void close() {
        synchronized (coming) {
            closed = true;
        }
        List<TailClient> open = everybody();
        open.forEach(TailClient::close);
        timer.schedule(() -> open.forEach(TailClient::abort), RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** After {@link #close}. */
    void end() {
        timer.shutdown();
        writers.shutdown();
        readers.shutdownNow();
    }
}
