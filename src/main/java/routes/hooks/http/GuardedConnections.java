package routes.hooks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes connections to allowed addresses only: a name is looked up once, and the very address that was asked about is
 * called.
 */
final class GuardedConnections extends DefaultHttpClientConnectionOperator {

    private final EgressRule rule;
    private final DnsResolver dns;
    private final KeptConnections kept;

    GuardedConnections(EgressRule rule, DnsResolver dns, TlsSocketStrategy tls, KeptConnections kept) {
        super(
                null,
                dns,
                RegistryBuilder.<TlsSocketStrategy>create()
                        .register("https", tls)
                        .build());
        this.rule = rule;
        this.dns = dns;
        this.kept = kept;
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            NamedEndpoint name,
            InetSocketAddress from,
            Timeout connectTimeout,
            SocketConfig socket,
            Object attachment,
            HttpContext context)
            throws IOException {
        kept.opened(host);
        Call call = Call.of(context);
        boolean operatorsProxy = call.proxy() != null && !call.ownProxy();
        if (operatorsProxy || !rule.concerns(call.author())) {
            super.connect(connection, host, name, from, connectTimeout, socket, attachment, context);
            return;
        }
        List<InetAddress> allowed = allowed(host, call.author());
        for (int i = 0; i < allowed.size(); i++) {
            try {
                HttpHost exactly =
                        new HttpHost(host.getSchemeName(), allowed.get(i), host.getHostName(), host.getPort());
                super.connect(connection, exactly, name, from, connectTimeout, socket, attachment, context);
                return;
            } catch (IOException e) {
                if (i == allowed.size() - 1) {
                    throw e;
                }
            }
        }
    }

    private List<InetAddress> allowed(HttpHost host, Author author) throws IOException {
        List<InetAddress> allowed = new ArrayList<>();
        String why = null;
        for (InetAddress address : dns.resolve(host.getHostName())) {
            Optional<String> problem =
                    rule.problem(author, host.getSchemeName(), host.getHostName(), host.getPort(), address);
            if (problem.isEmpty()) {
                allowed.add(address);
            } else if (why == null) {
                why = problem.get();
            }
        }
        if (allowed.isEmpty()) {
            throw new ForbiddenException(why);
        }
        return allowed;
    }
}
