package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import routes.net.ProxyEnvironment;

/** Hooks through proxies, as the environment or the hook says. */
class HookProxyTest {

    private static final int CLIENT_HELLO = 0x16;

    private RecordingEndpoint inside;
    private RecordingProxy proxy;
    private ServerSocket behind;
    private final BlockingQueue<Integer> firstBytes = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws Exception {
        inside = new RecordingEndpoint();
        behind = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread reader = new Thread(this::readFirstBytes);
        reader.setDaemon(true);
        reader.start();
        proxy = new RecordingProxy(behind.getLocalPort());
    }

    private void readFirstBytes() {
        while (!behind.isClosed()) {
            try (Socket connection = behind.accept()) {
                firstBytes.add(connection.getInputStream().read());
            } catch (IOException e) {
                return;
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        inside.close();
        proxy.close();
        behind.close();
    }

    private HookCall hooks(String... environment) throws Exception {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            map.put(environment[i], environment[i + 1]);
        }
        return new HookCall(new HttpSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), 16), map);
    }

    @Test
    void aNameOutsideGoesThroughTheProxyAndOneInsideDirectly() throws Exception {
        try (HookCall hooks = hooks("HTTP_PROXY", proxy.url(), "HTTPS_PROXY", proxy.url(), "NO_PROXY", "127.0.0.1")) {
            hooks.deliver("webhook", Map.of("url", "http://chat.example.test/hook/~a%7E?b=~&c"));
            hooks.deliver("webhook", Map.of("url", inside.url("/in")));
        }

        assertThat(proxy.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.line()).isEqualTo("POST http://chat.example.test/hook/~a%7E?b=~&c HTTP/1.1");
            assertThat(asked.headers())
                    .containsEntry("Host", "chat.example.test")
                    .doesNotContainKey("Proxy-Authorization");
            assertThat(asked.headers().keySet()).noneMatch(name -> name.startsWith("Opsbus-Request"));
        });
        assertThat(inside.request().target()).isEqualTo("/in");
    }

    @Test
    void httpsGoesThroughATunnelAndThePasswordToTheProxyOnly() throws Exception {
        try (HookCall hooks = hooks("https_proxy", proxy.url().replace("//", "//me:p%40ss@"))) {
            hooks.failure("webhook", Map.of("url", "https://chat.example.test/hook"));
        }

        assertThat(proxy.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.line()).isEqualTo("CONNECT chat.example.test:443 HTTP/1.1");
            assertThat(asked.headers()).containsEntry("Proxy-Authorization", "Basic bWU6cEBzcw==");
        });
        assertThat(firstBytes.poll(10, TimeUnit.SECONDS))
                .as("TLS inside the tunnel")
                .isEqualTo(CLIENT_HELLO);
    }

    @Test
    void aPlainRequestCarriesTheProxysPassword() throws Exception {
        try (HookCall hooks = hooks("http_proxy", proxy.url().replace("//", "//me:p%40ss@"))) {
            hooks.deliver("webhook", Map.of("url", "http://chat.example.test/"));
        }
        assertThat(proxy.asked().remove().headers()).containsEntry("Proxy-Authorization", "Basic bWU6cEBzcw==");
    }

    @Test
    void theHooksOwnProxyWins() throws Exception {
        try (HookCall hooks = hooks("HTTP_PROXY", "http://127.0.0.1:1")) {
            hooks.deliver("webhook", Map.of("url", inside.url("/own"), "proxy", proxy.url()));
            assertThat(proxy.asked().remove().line()).isEqualTo("POST " + inside.url("/own") + " HTTP/1.1");

            assertThat(hooks.failure("webhook", Map.of("url", "http://chat.invalid/", "proxy", "none"))
                            .reason())
                    .as("called directly")
                    .isEqualTo("dns");
            assertThat(hooks.failure("webhook", Map.of("url", "http://chat.invalid/"))
                            .reason())
                    .isEqualTo("connect");
        }
    }

    /** The proxy of the environment is the operator's, and what it refuses a resource must not reach by another way. */
    @Test
    void aResourceGoesAroundNoProxyOfTheEnvironment() throws Exception {
        try (HookCall hooks = hooks("HTTP_PROXY", proxy.url(), "NO_PROXY", "direct.invalid")) {
            for (String own : new String[] {"none", "http://other.test:3128"}) {
                assertThat(hooks.failureOfResource("http://chat.example.test/", "proxy", own))
                        .satisfies(failure -> {
                            assertThat(failure.reason()).isEqualTo("forbidden");
                            assertThat(failure.detail()).contains("NO_PROXY");
                        });
            }
            assertThat(hooks.failureOfResource("http://direct.invalid/", "proxy", "none")
                            .reason())
                    .as("excepted")
                    .isEqualTo("dns");
            assertThat(proxy.asked()).isEmpty();
            assertThat(hooks.failureOfResource("http://chat.example.test/")).isNull();
            assertThat(proxy.asked()).hasSize(1);
        }
        EgressRule rule = new EgressRule(
                new EgressSettings(List.of("*"), List.of()),
                null,
                ProxyEnvironment.of(Map.of("HTTPS_PROXY", "proxy.test:3128", "NO_PROXY", "direct.test")));
        assertThat(rule.problem(Author.RESOURCE, "https://chat.test/", "none"))
                .hasValueSatisfying(problem ->
                        assertThat(problem).startsWith("spec.options.proxy: ").contains("NO_PROXY"));
        assertThat(rule.problem(Author.RESOURCE, "https://direct.test/", "none"))
                .isEmpty();
        assertThat(rule.problem(Author.RESOURCE, "http://chat.test/", "none"))
                .as("no proxy for http")
                .isEmpty();
        assertThat(rule.problem(Author.OPERATOR, "https://chat.test/", "none")).isEmpty();
    }

    @Test
    void whatFailsOnItsWayThroughAProxyNamesIt() throws Exception {
        try (RecordingEndpoint bad = new RecordingEndpoint().answers("502 Bad Gateway", "", "");
                HookCall hooks = hooks("HTTP_PROXY", "http://me:secret@127.0.0.1:1", "HTTPS_PROXY", bad.url(""))) {
            assertThat(hooks.failure("webhook", Map.of("url", "http://chat.example.test/"))
                            .detail())
                    .endsWith("(through the proxy http://127.0.0.1:1)")
                    .doesNotContain("secret");
            Failure refused = hooks.failure("webhook", Map.of("url", "https://chat.example.test/"));
            assertThat(refused.reason()).isEqualTo("http-502");
            assertThat(refused.detail())
                    .endsWith("(through the proxy http://127.0.0.1:"
                            + bad.url("").replaceAll("\\D+.*?:(\\d+).*", "$1") + ")");
            assertThat(hooks.failure("webhook", Map.of("url", "http://127.0.0.1:1/"))
                            .detail())
                    .doesNotContain("proxy");
        }
    }

    @Test
    void aProxyThatRefusesSaysSo() throws Exception {
        RecordingEndpoint refusing = new RecordingEndpoint()
                .answers("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=x\r\n", "");
        try (refusing;
                HookCall hooks = hooks("HTTPS_PROXY", refusing.url(""))) {
            assertThat(hooks.failure("webhook", Map.of("url", "https://chat.example.test/hook"))
                            .status())
                    .isEqualTo(407);
        }
    }

    @Test
    void aConnectionThroughOneUsersProxyIsNotUsedForAnothers() throws Exception {
        try (HookCall hooks = hooks()) {
            for (String user : new String[] {"a", "b", "a"}) {
                hooks.deliver(
                        "webhook",
                        Map.of(
                                "url",
                                "http://chat.example.test/",
                                "proxy",
                                proxy.url().replace("//", "//" + user + ":x@")));
            }
        }
        assertThat(proxy.asked())
                .extracting(asked -> asked.headers().get("Proxy-Authorization"))
                .containsExactly("Basic YTp4", "Basic Yjp4", "Basic YTp4");
    }
}
