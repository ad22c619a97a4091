package routes.kubernetes;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.spi.tls.SslContextFactory;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import routes.net.Proxy;

/**
 * fabric8's HTTP client with what it does not know: a server's name other than its address, and a proxy that others
 * have chosen.
 */
final class ApiServerHttp extends VertxHttpClientFactory {

    private final String tlsServerName;
    private final Proxy proxy;

    /**
     * @param tlsServerName what the server is asked for in TLS, and what its certificate must be for; null: the host of
     *     its address
     * @param proxy null: none
     */
    ApiServerHttp(String tlsServerName, Proxy proxy) {
        this.tlsServerName = tlsServerName;
        this.proxy = proxy;
    }

    @Override
    protected void additionalConfig(WebClientOptions options) {
        if (proxy != null) {
            options.setProxyOptions(proxyOptions());
        }
        if (tlsServerName != null && options.getSslEngineOptions() != null) {
            SslContextFactory plain = options.getSslEngineOptions().sslContextFactory();
            options.setSslEngineOptions(new JdkSSLEngineOptions() {
                @Override
                public JdkSSLEngineOptions copy() {
                    return this;
                }

                @Override
                public SslContextFactory sslContextFactory() {
                    return () -> new Named(plain.create(), tlsServerName);
                }
            });
        }
    }

    private ProxyOptions proxyOptions() {
        ProxyOptions options = new ProxyOptions()
                .setHost(proxy.host())
                .setPort(proxy.port())
                .setType(proxy.scheme().startsWith("socks5") ? ProxyType.SOCKS5 : ProxyType.HTTP);
        if (proxy.userInfo() != null) {
            String[] user = proxy.userInfo().split(":", 2);
            options.setUsername(user[0]).setPassword(user.length == 2 ? user[1] : "");
        }
        return options;
    }

    /** TLS to a name, wherever the connection goes. */
    private static final class Named extends DelegatingSslContext {

        private final String name;

        Named(SslContext plain, String name) {
            super(plain);
            this.name = name;
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator buffers, String host, int port, boolean startTls, Executor tasks) {
            return new SslHandler(newEngine(buffers, name, port), startTls, tasks) {
                @Override
                public void handlerAdded(ChannelHandlerContext context) throws Exception {
                    askForName(engine()); // Vert.x has written the address' name by now, with which a certificate would
                    // pass too
                    super.handlerAdded(context);
                }
            };
        }

        private void askForName(SSLEngine engine) {
            SSLParameters parameters = engine.getSSLParameters();
            boolean address = name.matches("[\\d.]+|.*:.*");
            parameters.setServerNames(address ? List.<SNIServerName>of() : List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // as the wrapped one does
        }
    }
}
