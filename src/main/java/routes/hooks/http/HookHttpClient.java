package routes.hooks.http;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The HTTP client behind route http-post: bounded in time and size, and without a will of its own. */
@Component("hookHttpClient")
public final class HookHttpClient implements HttpClientConfigurer, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(HookHttpClient.class);
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 16 * 1024;

    private final HttpSettings settings;
    private final EgressRule rule;
    private final HookTls tls;
    private final DnsResolver dns;
    private final ScheduledThreadPoolExecutor timer;

    @Autowired
    public HookHttpClient(HttpSettings settings, EgressRule rule, HookTls tls) {
        this(settings, rule, tls, SystemDefaultDnsResolver.INSTANCE);
        rule.proxies().warnings().forEach(warning -> LOG.warn("proxies for hooks: {}", warning));
    }

    HookHttpClient(HttpSettings settings, EgressRule rule, HookTls tls, DnsResolver dns) {
        this.settings = settings;
        this.rule = rule;
        this.tls = tls;
        this.dns = dns;
        this.timer = (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(1, HookHttpClient::timerThread);
        this.timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        KeptConnections kept = new KeptConnections();
        client.setConnectionManager(connections(kept))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout(settings.connectTimeout()))
                        .setResponseTimeout(timeout(settings.responseTimeout()))
                        .setProtocolUpgradeEnabled(false)
                        .build())
                // by default it repeats 429 and 503 by itself and sleeps meanwhile; repeating is the ladder's job
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .setUserAgent("opsbus")
                .setRoutePlanner(new CallRoutes(rule.proxies()))
                .addExecInterceptorBefore(ChainElement.CONNECT.name(), "address", new CallAddress(rule))
                .addExecInterceptorFirst("kept", kept)
                .addExecInterceptorFirst("answer", new AnswerReader())
                .addExecInterceptorFirst("proxy", new ProxyFailures())
                .addExecInterceptorFirst("deadline", new Deadline(settings.attemptTimeout(), timer));
    }

    private PoolingHttpClientConnectionManager connections(KeptConnections kept) {
        Http1Config limits = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(LONGEST_LINE)
                .build();
        ConnectionConfig always = connection(TimeValue.ZERO_MILLISECONDS);
        ConnectionConfig afterPause = connection(KeptConnections.PAUSE);
        return new PoolingHttpClientConnectionManagerBuilder() {
            @Override
            protected HttpClientConnectionOperator createConnectionOperator(
                    SchemePortResolver ports, DnsResolver unset, TlsSocketStrategy unsetToo) {
                return new GuardedConnections(rule, dns, tls, kept);
            }
        }.setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(limits)
                        .build())
                .setMaxConnTotal(settings.connections())
                .setMaxConnPerRoute(settings.connections())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(timeout(settings.connectTimeout()))
                        .build())
                .setConnectionConfigResolver(route -> kept.keeps(route) ? afterPause : always)
                .build();
    }

    /** @param unlooked how long it may have been idle to be used again without a look whether it was closed */
    private ConnectionConfig connection(TimeValue unlooked) {
        return ConnectionConfig.custom()
                .setConnectTimeout(timeout(settings.connectTimeout()))
                .setSocketTimeout(timeout(settings.responseTimeout()))
                .setValidateAfterInactivity(unlooked)
                .setTimeToLive(TimeValue.ofMinutes(5))
                .build();
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.of(duration);
    }

    private static Thread timerThread(Runnable work) {
        Thread thread = new Thread(work, "http-deadline");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }
}
