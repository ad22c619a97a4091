package routes.hooks.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import routes.nats.NatsBus;
import routes.net.HostAndPort;

/** What opsbus itself is on the network: the ports it listens on, and its NATS. */
@Component
class OwnAddresses {

    private static final long KEEP = TimeUnit.SECONDS.toNanos(30);
    private static final int NATS_PORT = 4222;

    private final ObjectProvider<NatsBus> bus;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private volatile Known nats = new Known(List.of(), System.nanoTime() - KEEP);

    private record Known(List<InetSocketAddress> addresses, long at) {}

    OwnAddresses(ObjectProvider<NatsBus> bus) {
        this.bus = bus;
    }

    @EventListener
    void listens(WebServerInitializedEvent event) {
        ports.add(event.getWebServer().getPort());
        if (event.getWebServer() instanceof TomcatWebServer tomcat) {
            for (Connector connector : tomcat.getTomcat().getService().findConnectors()) {
                ports.add(connector.getLocalPort());
            }
        }
    }

    /** Whether opsbus answers there, on whichever of this machine's addresses. */
    boolean isOpsbus(InetAddress address, int port) {
        if (!ports.contains(port)) {
            return false;
        }
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // not known, so not safe
        }
    }

    /** The NATS servers that opsbus knows of. */
    List<InetSocketAddress> nats() {
        Known now = nats;
        if (System.nanoTime() - now.at < KEEP) {
            return now.addresses;
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        bus.ifAvailable(known -> known.servers().forEach(server -> addAll(addresses, server)));
        nats = new Known(
                addresses.isEmpty() ? now.addresses : addresses, addresses.isEmpty() ? now.at : System.nanoTime());
        return nats.addresses;
    }

    private static void addAll(List<InetSocketAddress> addresses, String server) {
        String authority = server.replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
        HostAndPort.ofAuthority(authority).ifPresent(at -> {
            try {
                for (InetAddress address : InetAddress.getAllByName(at.host())) {
                    addresses.add(new InetSocketAddress(address, at.port() < 0 ? NATS_PORT : at.port()));
                }
            } catch (UnknownHostException e) {
                // it has no address to protect
            }
        });
    }
}
