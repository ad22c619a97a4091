package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.net.ProxyEnvironment;

/**
 * What kubectl reads from a kubeconfig, against an API server in TLS on 127.0.0.2, whose certificate is for localhost
 * and 127.0.0.1.
 */
class KubeconfigTest {

    private static final ProxyEnvironment NO_PROXIES = ProxyEnvironment.of(Map.of());

    private record Request(String authorization, String user, List<String> serverNames) {}

    @TempDir
    static Path folder;

    private static HttpsServer server;
    private static final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws Exception {
        run(
                "-genkeypair",
                "-alias",
                "api",
                "-keyalg",
                "EC",
                "-dname",
                "CN=api",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                "keys.p12",
                "-storepass",
                "changeit");
        run(
                "-exportcert",
                "-rfc",
                "-alias",
                "api",
                "-keystore",
                "keys.p12",
                "-storepass",
                "changeit",
                "-file",
                "ca.crt");
        KeyStore keys = KeyStore.getInstance(folder.resolve("keys.p12").toFile(), "changeit".toCharArray());
        KeyManagerFactory manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        manager.init(keys, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(manager.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/version", exchange -> {
            List<String> names = ((ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession())
                    .getRequestedServerNames().stream()
                            .map(name -> ((SNIHostName) name).getAsciiName())
                            .toList();
            requests.add(new Request(
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("Impersonate-User"),
                    names));
            byte[] body = "{\"major\":\"1\",\"minor\":\"36\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static void run(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @AfterEach
    void forget() {
        List.of("kubeconfig", "https.proxy", "no.proxy").forEach(System::clearProperty);
        requests.clear();
    }

    @Test
    void aServerIsVerifiedAgainstItsTlsServerName() throws Exception {
        kubeconfig("tls-server-name: localhost", "token: tok-1");
        assertThat(ask().serverNames()).containsExactly("localhost");

        kubeconfig("tls-server-name: 127.0.0.1", "token: tok-1"); // by address too, which no SNI asks for
        assertThat(ask().serverNames()).isEmpty();
    }

    @Test
    void aServerWithAnotherNameIsRefused() throws Exception {
        kubeconfig("", "token: tok-1");
        assertThatThrownBy(() -> ask())
                .hasStackTraceContaining("No subject alternative names matching IP address 127.0.0.2 found");
        kubeconfig("tls-server-name: other.example.com", "token: tok-1");
        assertThatThrownBy(() -> ask())
                .hasStackTraceContaining("No subject alternative DNS name matching other.example.com found");
        assertThat(requests).isEmpty();
    }

    /** Nor does the name of the address count then, which the certificate is for. */
    @Test
    void theAddressDoesNotCountBesideATlsServerName() throws Exception {
        Path proxied = kubeconfig("tls-server-name: other.example.com", "token: tok-1");
        Files.writeString(
                proxied,
                Files.readString(proxied)
                        .replace("127.0.0.2", "localhost")
                        .replace(
                                "tls-server-name",
                                "proxy-url: 'http://127.0.0.1:"
                                        + connectTo(
                                                "127.0.0.2", server.getAddress().getPort(), new LinkedBlockingQueue<>())
                                        + "', tls-server-name"));

        assertThatThrownBy(() -> ask())
                .hasStackTraceContaining("No subject alternative DNS name matching other.example.com found");
        Files.writeString(proxied, Files.readString(proxied).replace(", tls-server-name: other.example.com", ""));
        assertThat(ask().serverNames()).isEmpty();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("what comes within 30 s").isNotNull();
        return next;
    }

    @Test
    void aTokenFileIsReadAgainWhenItChanges() throws Exception {
        Files.writeString(folder.resolve("token"), "tok-1\n");
        kubeconfig("tls-server-name: localhost", "tokenFile: ./token, token: old");
        try (KubernetesClient client = client()) {
            client.getKubernetesVersion();
            assertThat(next(requests).authorization()).isEqualTo("Bearer tok-1");
            Files.writeString(folder.resolve("token"), "tok-2\n");
            client.getKubernetesVersion();
            assertThat(next(requests).authorization()).isEqualTo("Bearer tok-2");
            Files.delete(folder.resolve("token"));
            client.getKubernetesVersion();
            assertThat(next(requests).authorization()).isEqualTo("Bearer tok-2");
        }
    }

    @Test
    void aProxyUrlIsUsedWithItsUserWhateverTheEnvironmentSays() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        int proxy = connectTo("127.0.0.2", server.getAddress().getPort(), asked);
        kubeconfig(
                "tls-server-name: localhost, proxy-url: 'http://me:a:b%40c@127.0.0.1:" + proxy + "'", "token: tok-1");

        Kubeconfig read =
                Kubeconfig.read("", ProxyEnvironment.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:1", "NO_PROXY", "*")));
        assertThat(read.warnings()).isEmpty();
        assertThat(ask(read).authorization()).isEqualTo("Bearer tok-1");
        assertThat(next(asked))
                .startsWith("CONNECT 127.0.0.2:" + server.getAddress().getPort() + " ")
                .containsIgnoringCase("Proxy-Authorization: Basic "
                        + Base64.getEncoder().encodeToString("me:a:b@c".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theEnvironmentsProxyIsUsedAsGoDoes() throws Exception {
        kubeconfig("tls-server-name: localhost", "token: tok-1");
        Path file = folder.resolve("config");
        Files.writeString(file, Files.readString(file).replace("127.0.0.2", "api.example.com"));
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://me:secret@127.0.0.1:3128", "NO_PROXY", "");

        assertThat(Kubeconfig.read("", ProxyEnvironment.of(environment)).proxy())
                .hasToString("http://127.0.0.1:3128");
        for (String direct :
                List.of("api.example.com", ".example.com", "*.example.com", " localhost, example.com", "*")) {
            assertThat(Kubeconfig.read(
                                    "",
                                    ProxyEnvironment.of(
                                            Map.of("HTTPS_PROXY", "http://127.0.0.1:3128", "NO_PROXY", direct)))
                            .proxy())
                    .as(direct)
                    .isNull();
        }
    }

    /**
     * fabric8 throws on these, wherever it reads them: from the environment, or from these properties, which a test can
     * set.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost, 127.0.0.1, .svc",
                "*.svc",
                "127.0.0.*",
                "my_host",
                "[::1]",
                "10.0.0.0/8:443",
                "a b",
                "\u00e9",
                "*",
                ","
            })
    void noNoProxyStopsTheStart(String noProxy) throws Exception {
        kubeconfig("tls-server-name: localhost", "token: tok-1");
        System.setProperty("https.proxy", "http://127.0.0.1:15020");
        System.setProperty("no.proxy", noProxy);
        Kubeconfig read = Kubeconfig.read(
                "", ProxyEnvironment.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:15020", "NO_PROXY", noProxy)));

        assertThat(read.config().getNoProxy()).isNullOrEmpty();
        assertThat(read.config().getHttpsProxy()).isNull();
        assertThatCode(() -> KubernetesAccess.connect(read).close()).doesNotThrowAnyException();
    }

    @Test
    void anExecPluginGivesTheToken() throws Exception {
        kubeconfig(
                "tls-server-name: localhost",
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, interactiveMode: Never, args: [-c, "
                        + "\"echo '{\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\",\\\"kind\\\":\\\"ExecCredential\\\",\\\"status\\\":{\\\"token\\\":\\\"tok-exec\\\"}}'\"]}");

        assertThat(ask().authorization()).isEqualTo("Bearer tok-exec");
    }

    @Test
    void aContextIsChosenAndSeveralFilesAreOne() throws Exception {
        kubeconfig("tls-server-name: localhost", "token: tok-1");
        Path more = Files.writeString(folder.resolve("more"), """
                apiVersion: v1
                kind: Config
                users: [{name: other, user: {token: tok-other, as: jane}}]
                contexts: [{name: z, context: {cluster: c, user: other}}]
                current-context: z
                """);
        System.setProperty("kubeconfig", folder.resolve("config") + ":" + more);

        assertThat(ask().authorization()).isEqualTo("Bearer tok-1");
        Request other = ask(Kubeconfig.read("z", NO_PROXIES));
        assertThat(other.authorization()).isEqualTo("Bearer tok-other");
        assertThat(other.user()).isEqualTo("jane");
        assertThatThrownBy(() -> Kubeconfig.read("y", NO_PROXIES))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("opsbus.kubernetes.context is \"y\", which the kubeconfig does not have; there are x, z");
    }

    @Test
    void whatCanNotBeDoneIsSaidInALineThatNamesIt() throws Exception {
        kubeconfig("tls-server-name: localhost, warp-speed: 9", "token: t, as-uid: '7', auth-provider: {name: gcp}");
        assertThat(Kubeconfig.read("", NO_PROXIES).warnings())
                .containsExactlyInAnyOrder(
                        "warp-speed of cluster c in the kubeconfig is ignored: opsbus does not know it",
                        "as-uid of user u in the kubeconfig is ignored: the Kubernetes client can't do it",
                        "auth-provider of user u in the kubeconfig is ignored: only oidc is known, and kubectl has none any more; write exec");

        for (String broken : List.of(
                "contexts: [{name: x, context: {cluster: none, user: u}}]\ncurrent-context: x",
                "contexts: [{name: x, context: {cluster: c}}]",
                "clusters: [",
                "contexts: [{name: x, context: {cluster: c, user: none}}]\ncurrent-context: x\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]")) {
            System.setProperty(
                    "kubeconfig",
                    Files.writeString(folder.resolve("broken"), "apiVersion: v1\nkind: Config\n" + broken + "\n")
                            .toString());
            assertThatThrownBy(() -> Kubeconfig.read("", NO_PROXIES))
                    .as(broken)
                    .isInstanceOf(IllegalStateException.class)
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"))
                    .satisfies(e -> assertThat(e.getStackTrace()[0].getClassName())
                            .startsWith("routes.")); // so that it is one line at start
        }
    }

    private static Path kubeconfig(String cluster, String user) throws IOException {
        Path file = Files.writeString(
                folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://127.0.0.2:%d", certificate-authority: ca.crt, %s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(server.getAddress().getPort(), cluster, user));
        System.setProperty("kubeconfig", file.toString());
        return file;
    }

    private static KubernetesClient client() {
        return KubernetesAccess.connect(Kubeconfig.read("", NO_PROXIES));
    }

    private static Request ask() throws InterruptedException {
        return ask(Kubeconfig.read("", NO_PROXIES));
    }

    private static Request ask(Kubeconfig kubeconfig) throws InterruptedException {
        try (KubernetesClient client = KubernetesAccess.connect(kubeconfig)) {
            assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("36");
            return next(requests);
        }
    }

    /** A proxy that connects everybody to one server, and its port. @param asked the heads of requests */
    private static int connectTo(String host, int port, BlockingQueue<String> asked) throws IOException {
        ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        daemon(() -> {
            while (true) {
                Socket client = proxy.accept();
                daemon(() -> {
                    StringBuilder head = new StringBuilder();
                    while (head.indexOf("\r\n\r\n") < 0) {
                        head.append((char) client.getInputStream().read());
                    }
                    asked.add(head.toString());
                    Socket to = new Socket(host, port);
                    client.getOutputStream()
                            .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    daemon(() -> copy(to.getInputStream(), client.getOutputStream()));
                    copy(client.getInputStream(), to.getOutputStream());
                });
            }
        });
        return proxy.getLocalPort();
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        from.transferTo(to);
        to.close();
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception theEnd) {
                // of the test or of a connection
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
