package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The egress rule where it counts: at the socket. */
class EgressTest {

    private RecordingEndpoint endpoint;
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();

    /** Each name leads to the next address of the queue, or to this machine. */
    private final DnsResolver dns = new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            String answer = answers.poll();
            return InetAddress.getAllByName(answer == null ? "127.0.0.1" : answer);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    };

    @BeforeEach
    void start() throws Exception {
        endpoint = new RecordingEndpoint();
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
    }

    private HookCall hooks(List<String> allow, List<String> deny) throws Exception {
        return new HookCall(HookCall.QUICK, Map.of(), new EgressSettings(allow, deny), dns);
    }

    private String named(String name) {
        return endpoint.url("/p?key=secret").replace("127.0.0.1", name);
    }

    @Test
    void aNameThatLeadsToThisMachineIsADeadLetterAtOnceWhichNamesTheProperty() throws Exception {
        try (HookCall hooks = hooks(List.of("*"), List.of())) {
            for (String url :
                    List.of(named("rebound.test"), endpoint.url("/p?key=secret"), named("localhost"), named("127.1"))) {
                Failure failure = hooks.failureOfResource(url);
                assertThat(failure.reason()).as(url).isEqualTo("forbidden");
                assertThat(failure.retry()).isFalse();
                assertThat(failure.timedOut()).isFalse();
                assertThat(failure.detail()).contains("127.").doesNotContain("secret");
            }
            assertThat(hooks.failureOfResource(named("rebound.test")).detail()).contains("opsbus.hooks.allow-urls");
        }
        assertThat(endpoint.connections()).isZero();
    }

    @Test
    void aNameThatChangesItsMindGainsNothing() throws Exception {
        answers.addAll(List.of("192.0.2.1", "127.0.0.1"));
        try (HookCall hooks = hooks(List.of("*"), List.of())) {
            assertThat(hooks.failureOfResource(named("rebinding.test")).reason())
                    .as("the address that was asked about is called")
                    .isEqualTo("connect");
            assertThat(hooks.failureOfResource(named("rebinding.test")).reason())
                    .isEqualTo("forbidden");
        }
        assertThat(endpoint.connections()).isZero();
    }

    @Test
    void aConnectionThatAFileHookOpenedIsNotForAResource() throws Exception {
        try (HookCall hooks = hooks(List.of("*"), List.of())) {
            hooks.deliver("webhook", Map.of("url", named("shared.test")));
            assertThat(hooks.failureOfResource(named("shared.test")).reason()).isEqualTo("forbidden");
            hooks.deliver("webhook", Map.of("url", named("shared.test")));
        }
        assertThat(endpoint.connections()).as("the file's own is used again").isEqualTo(1);
    }

    @Test
    void whatAnOperatorOpensIsOpenAndItsConnectionsAreUsedAgain() throws Exception {
        try (HookCall hooks = hooks(List.of("127.0.0.0/8"), List.of())) {
            assertThat(hooks.failureOfResource(named("open.test"))).isNull();
            assertThat(hooks.failureOfResource(named("open.test"))).isNull();
        }
        assertThat(endpoint.connections()).isEqualTo(1);
    }

    @Test
    void whatIsDeniedIsDeniedToFilesByAddressToo() throws Exception {
        try (HookCall hooks = hooks(List.of("*"), List.of("127.0.0.0/8"))) {
            Failure failure = hooks.failure("webhook", Map.of("url", named("denied.test")));
            assertThat(failure.reason()).isEqualTo("forbidden");
            assertThat(failure.detail()).contains("opsbus.hooks.deny-urls").contains("127.0.0.0/8");
        }
        assertThat(endpoint.connections()).isZero();
    }

    @Test
    void everyHttpTypeGoesThroughTheSameDoor() throws Exception {
        try (HookCall hooks = hooks(List.of("*"), List.of("127.0.0.1"))) {
            for (String type : List.of("webhook", "xiezuo", "dingtalk", "feishu", "wecom", "slack", "elasticsearch")) {
                assertThat(hooks.failure(type, Map.of("url", endpoint.url("/"))).reason())
                        .as(type)
                        .isEqualTo("forbidden");
            }
        }
        assertThat(endpoint.connections()).isZero();
    }

    @Test
    void withAProxyInBetweenTheTargetIsAskedAboutAsItIsWritten() throws Exception {
        try (RecordingProxy proxy = new RecordingProxy(1);
                HookCall hooks = new HookCall(
                        HookCall.QUICK,
                        Map.of("HTTP_PROXY", proxy.url()),
                        new EgressSettings(List.of("*"), List.of("*.corp.test")),
                        dns)) {
            for (String host : List.of("169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "db.corp.test")) {
                assertThat(hooks.failureOfResource("http://" + host + "/latest").reason())
                        .as(host)
                        .isEqualTo("forbidden");
            }
            assertThat(proxy.asked()).isEmpty();
            assertThat(hooks.failureOfResource("http://chat.test/"))
                    .as("the operator's proxy may be on this machine")
                    .isNull();
            assertThat(hooks.failureOfResource(
                                    "http://chat.test/", "proxy", proxy.url().replace("127.0.0.1", "proxy.test"))
                            .reason())
                    .as("a resource's may not")
                    .isEqualTo("forbidden");
            assertThat(hooks.failureOfResource(proxy.url().replace("127.0.0.1", "proxy.test") + "/", "proxy", "none")
                            .reason())
                    .as("nor is it a target")
                    .isEqualTo("forbidden");
        }
    }
}
