package routes.api.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's HTTP/1.1 with what it lacks against slow clients: a request has arrived whole within a time, however
 * steadily its bytes come (Tomcat's own timeout begins anew with each), and one address has not all connections. Tomcat
 * makes it by name.
 */
public final class GuardedProtocol extends Http11NioProtocol {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedProtocol.class);
    private static final long SWEEP_MILLIS = 250;

    /** Whose requests are under way. */
    private final Set<Watched> requests = ConcurrentHashMap.newKeySet();

    private Duration arrival = Duration.ofSeconds(10);
    private ScheduledFuture<?> sweeping;

    public GuardedProtocol() {
        super(new FairEndpoint());
    }

    void limit(ServerProperties properties) {
        arrival = properties.requestTimeout();
        ((FairEndpoint) getEndpoint()).perAddress = properties.connectionsPerAddress();
    }

    @Override
    protected Processor createProcessor() {
        return new Watched();
    }

    @Override
    public void start() throws Exception {
        super.start();
        sweeping = getUtilityExecutor()
                .scheduleWithFixedDelay(
                        () -> {
                            requests.forEach(Watched::endIfLate);
                            ((FairEndpoint) getEndpoint()).forgetClosed();
                        },
                        SWEEP_MILLIS,
                        SWEEP_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (sweeping != null) {
            sweeping.cancel(false);
        }
        super.stop();
    }

    private final class Watched extends Http11Processor {

        private volatile boolean serving;

        private Watched() {
            super(GuardedProtocol.this, GuardedProtocol.this.getAdapter());
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            serving = true;
            requests.add(this);
            try {
                SocketState state = super.service(socket);
                if (state != SocketState.LONG) { // LONG: the headers have arrived in part, or the answer takes long
                    requests.remove(this);
                }
                return state;
            } finally {
                serving = false;
            }
        }

        /**
         * By ending what is read from the socket only: whoever reads, thread or poller, sees the end and does what is
         * to be done.
         */
        private void endIfLate() {
            SocketWrapperBase<?> connection = getSocketWrapper();
            if (connection == null) {
                if (!serving) {
                    requests.remove(this); // the client left
                }
                return;
            }
            long began = request.getStartTimeNanos();
            if (began >= 0
                    && System.nanoTime() - began > arrival.toNanos()
                    && !request.isFinished()
                    && connection.getSocket() instanceof NioChannel channel) {
                try {
                    channel.getIOChannel().shutdownInput();
                } catch (IOException | RuntimeException closed) {
                    LOG.debug("a slow client is gone already", closed);
                }
            }
        }
    }

    private static final class FairEndpoint extends NioEndpoint {

        private final Map<InetAddress, Set<SocketChannel>> open = new ConcurrentHashMap<>();
        private int perAddress = Integer.MAX_VALUE;

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            if (admits(socket)) {
                return super.setSocketOptions(socket);
            }
            destroySocket(socket);
            return false;
        }

        private boolean admits(SocketChannel socket) {
            if (!(socket.socket().getRemoteSocketAddress() instanceof InetSocketAddress client)) {
                return true;
            }
            boolean[] admitted = {true};
            open.compute(client.getAddress(), (address, connections) -> {
                Set<SocketChannel> mine = connections == null ? ConcurrentHashMap.newKeySet() : connections;
                if (mine.size() >= perAddress) {
                    mine.removeIf(other -> !other.isOpen());
                }
                admitted[0] = mine.size() < perAddress && mine.add(socket);
                return mine;
            });
            if (!admitted[0]) {
                LOG.debug(
                        "{} has {} connections already (opsbus.server.connections-per-address)",
                        client.getAddress(),
                        perAddress);
            }
            return admitted[0];
        }

        private void forgetClosed() {
            open.keySet()
                    .forEach(address -> open.computeIfPresent(address, (same, connections) -> {
                        connections.removeIf(socket -> !socket.isOpen());
                        return connections.isEmpty() ? null : connections;
                    }));
        }
    }
}
