package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.pem.PemContent;

/** Against a real HTTPS server with a certificate of a private CA, which wants to know who calls. */
class HookTlsTest {

    private static final Path TLS = Path.of("src/test/resources/tls");
    private static final String CLIENT = "CN=opsbus test client";

    @TempDir
    Path folder;

    private final Queue<String> callers = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpsServer server;

    /** @param needed else a client may also come without a certificate */
    private String start(boolean needed) throws Exception {
        SSLContext context = context();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                if (needed) {
                    wanted.setNeedClientAuth(true);
                } else {
                    wanted.setWantClientAuth(true);
                }
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            callers.add(caller((HttpsExchange) exchange).orElse("nobody"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static Optional<String> caller(HttpsExchange exchange) {
        try {
            return Optional.of(exchange.getSSLSession().getPeerPrincipal()).map(Principal::getName);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static SSLContext context() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                PemContent.load(TLS.resolve("server-key.pem")).getPrivateKey(),
                new char[0],
                PemContent.load(TLS.resolve("server.pem")).getCertificates().toArray(Certificate[]::new));
        store.setCertificateEntry(
                "ca", PemContent.load(TLS.resolve("ca.pem")).getCertificates().get(0));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    private static HttpTlsSettings files(String ca, String certificate, String key, String password) {
        return new HttpTlsSettings(
                ca == null ? null : TLS.resolve(ca),
                certificate == null ? null : TLS.resolve(certificate),
                key == null ? null : TLS.resolve(key),
                password);
    }

    private static HookCall hooks(HttpTlsSettings tls, Map<String, String> environment, String... allow)
            throws Exception {
        return new HookCall(
                new HttpSettings(Duration.ofSeconds(10), Duration.ofSeconds(10), 16),
                tls,
                environment,
                new EgressSettings(List.of(allow), List.of()),
                SystemDefaultDnsResolver.INSTANCE);
    }

    @Test
    void aPrivateCaIsTrustedAndTheCertificateShown() throws Exception {
        String url = start(true);
        try (HookCall strangers = hooks(HttpTlsSettings.NONE, Map.of(), "*")) {
            assertThat(strangers.failure("webhook", Map.of("url", url)).reason())
                    .isEqualTo("tls");
        }
        try (HookCall trusting = hooks(files("ca.pem", null, null, null), Map.of(), "*")) {
            assertThat(trusting.failure("webhook", Map.of("url", url)).reason())
                    .as("without a certificate")
                    .isIn("tls", "io");
        }
        assertThat(callers).isEmpty();
        try (HookCall known = hooks(files("ca.pem", "client.pem", "client-key.pem", null), Map.of(), "*")) {
            known.deliver("webhook", Map.of("url", url));
            assertThat(known.failure("webhook", Map.of("url", url.replace("127.0.0.1", "127.0.0.2")))
                            .reason())
                    .as("not the server's name")
                    .isIn("tls", "connect");
        }
        try (HookCall known =
                hooks(files("ca.pem", "client.pem", "client-key-encrypted.pem", "changeit"), Map.of(), "*")) {
            known.deliver("webhook", Map.of("url", url));
        }
        assertThat(callers).containsExactly(CLIENT, CLIENT);
    }

    @Test
    void aHookThroughAProxyReachesItsServerInTheTunnel() throws Exception {
        start(true);
        try (RecordingProxy proxy = new RecordingProxy(server.getAddress().getPort());
                HookCall hooks = hooks(
                        files("ca.pem", "client.pem", "client-key.pem", null),
                        Map.of("HTTPS_PROXY", proxy.url()),
                        "*")) {
            hooks.deliver("webhook", Map.of("url", "https://chat.example.test/hook"));
            assertThat(proxy.asked())
                    .singleElement()
                    .satisfies(asked -> assertThat(asked.line()).isEqualTo("CONNECT chat.example.test:443 HTTP/1.1"));
        }
        assertThat(callers).containsExactly(CLIENT);
    }

    @Test
    void aResourceDoesNotGetOpsbusCertificateWhereItLikes() throws Exception {
        String url = start(false);
        HttpTlsSettings files = files("ca.pem", "client.pem", "client-key.pem", null);
        try (HookCall hooks = hooks(files, Map.of(), "127.0.0.1")) {
            assertThat(hooks.failureOfResource(url)).isNull();
        }
        try (HookCall hooks = hooks(files, Map.of(), "*", "127.0.0.1:1");
                RecordingProxy proxy = new RecordingProxy(server.getAddress().getPort());
                HookCall proxied = hooks(files, Map.of("HTTPS_PROXY", proxy.url()), "*")) {
            assertThat(hooks.failureOfResource(url).reason()).isEqualTo("forbidden");
            assertThat(proxied.failureOfResource("https://chat.example.test/")).isNull();
            proxied.deliver("webhook", Map.of("url", "https://chat.example.test/"));
        }
        assertThat(callers)
                .as("where an entry names it, where none does, and a file's")
                .containsExactly(CLIENT, "nobody", CLIENT);
    }

    @Test
    void changedFilesAreReadAgainAndBrokenOnesAreNotTaken() throws Exception {
        String url = start(false);
        Path ca = Files.copy(TLS.resolve("other-ca.pem"), folder.resolve("ca.pem"));
        try (HookCall hooks = hooks(new HttpTlsSettings(ca, null, null, null), Map.of(), "*")) {
            assertThat(hooks.failure("webhook", Map.of("url", url)).reason()).isEqualTo("tls");
            Files.writeString(
                    ca, Files.readString(TLS.resolve("other-ca.pem")) + Files.readString(TLS.resolve("ca.pem")));
            hooks.deliver("webhook", Map.of("url", url));
            Files.writeString(ca, "half a certif");
            hooks.deliver("webhook", Map.of("url", url.replace("127.0.0.1", "localhost")));
        }
        assertThat(callers).hasSize(2);
    }

    @Test
    void aFileThatCannotBeUsedStopsTheStartAndNamesTheProperty() {
        EgressRule rule = EgressRule.offline(new EgressSettings(List.of("*"), List.of()));
        assertThatThrownBy(() -> new HookTls(files("none.pem", null, null, null), rule))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("opsbus.http.ca-file")
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> new HookTls(files("client-key.pem", null, null, null), rule))
                .hasMessageContaining("opsbus.http.ca-file");
        assertThatThrownBy(() -> new HookTls(files(null, "client.pem", "client-key-encrypted.pem", "wrong"), rule))
                .hasMessageContaining("opsbus.http.key-file");
        assertThatThrownBy(() -> files(null, "client.pem", null, null)).hasMessageContaining("opsbus.http.key-file");
    }
}
