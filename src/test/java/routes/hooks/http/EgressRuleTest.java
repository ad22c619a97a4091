package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.net.ProxyEnvironment;

class EgressRuleTest {

    private static EgressRule rule(List<String> allow, List<String> deny) {
        return EgressRule.offline(new EgressSettings(allow, deny));
    }

    private static final EgressRule DEFAULT = rule(List.of("*"), List.of());

    private static Optional<String> written(EgressRule rule, Author author, String url) {
        return rule.problem(author, url, "");
    }

    /** Any IPv4 address as it can be written, and as the IPv6 addresses that lead to it. */
    private static List<String> forms(int a, int b, int c, int d) {
        String hex = String.format("%02x%02x:%02x%02x", a, b, c, d);
        String plain = a + "." + b + "." + c + "." + d;
        return List.of(
                plain,
                plain + ".",
                "[::ffff:" + plain + "]",
                "[::ffff:" + hex + "]",
                "[::" + hex + "]",
                "[64:ff9b::" + hex + "]",
                "[64:ff9b::" + plain + "]",
                "[64:ff9b:1::" + hex + "]",
                String.format("[64:ff9b:1:%02x%02x:%02x:%02x00::]", a, b, c, d),
                "[2002:" + hex + "::1]",
                "[::ffff:0:" + plain + "]",
                "[::ffff:0:" + hex + "]",
                "[2001:db8::5efe:" + hex + "]",
                "[2001:db8::200:5efe:" + plain + "]",
                "[2001:0:" + hex + "::f5ff:fffe]",
                String.format("[2001:0:a01:101::%x:%x]", ~(a << 8 | b) & 0xffff, ~(c << 8 | d) & 0xffff));
    }

    @Test
    void whatIsClosedToResourcesIsClosedInEveryFormAndOpenToFiles() {
        Random random = new Random(7);
        List<int[]> closed = new ArrayList<>(List.of(
                new int[] {169, 254, 169, 254},
                new int[] {100, 100, 100, 200},
                new int[] {168, 63, 129, 16},
                new int[] {192, 0, 0, 192},
                new int[] {255, 255, 255, 255}));
        for (int i = 0; i < 300; i++) {
            int[][] kinds = {{127}, {0}, {169, 254}, {224 + random.nextInt(16)}};
            int[] kind = kinds[i % kinds.length];
            closed.add(new int[] {
                kind[0], kind.length > 1 ? kind[1] : random.nextInt(256), random.nextInt(256), random.nextInt(256)
            });
        }
        for (int[] address : closed) {
            for (String host : forms(address[0], address[1], address[2], address[3])) {
                String url = "http://" + host + ":8080/x?key=secret";
                assertThat(written(DEFAULT, Author.RESOURCE, url))
                        .as(host)
                        .hasValueSatisfying(problem -> assertThat(problem)
                                .startsWith("spec.url: custom resources may not send to ")
                                .contains("opsbus.hooks.allow-urls")
                                .doesNotContain("secret"));
                assertThat(written(DEFAULT, Author.OPERATOR, url)).as(host).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "a.localhost",
                "localhost.",
                "[::1]",
                "[::]",
                "[fe80::1]",
                "[febf::1]",
                "[ff02::1]",
                "[fd00:ec2::254]",
                "[fd00:ec2::23]",
                "[fd20:ce::254]",
                "[fd00:c1::a9fe:a9fe]",
                "[fd00:42::42]",
                "2130706433",
                "0x7f.1",
                "127.1",
                "0177.0.0.1",
                "1.2.3.0x4"
            })
    void namesAndIpv6AddressesThatAreClosed(String host) {
        assertThat(written(DEFAULT, Author.RESOURCE, "https://" + host + "/")).isPresent();
    }

    @Test
    void allElseIsOpen() {
        Random random = new Random(8);
        for (int i = 0; i < 300; i++) {
            for (String host :
                    forms(1 + random.nextInt(99), random.nextInt(256), random.nextInt(256), random.nextInt(256))) {
                assertThat(written(DEFAULT, Author.RESOURCE, "http://" + host + "/"))
                        .as(host)
                        .isEmpty();
            }
        }
        for (String host : List.of(
                "chat.example.com",
                "my_host",
                "[2001:db8::1]",
                "[fd00::1]",
                "10.0.0.1",
                "192.168.1.1",
                "xn--bcher-kva.test",
                "3com.test")) {
            assertThat(written(DEFAULT, Author.RESOURCE, "http://" + host + "/"))
                    .as(host)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // allow                                | deny              | url                        | resource |
                // file
                "chat.example.com                       | ''                | http://chat.example.com    | true     | true",
                "chat.example.com                       | ''                | http://other.example.com   | false    | true",
                "*.example.com                          | ''                | http://a.b.example.com     | true     | true",
                "*.example.com                          | ''                | http://example.com         | false    | true",
                "https://*                              | ''                | http://example.com         | false    | true",
                "https://*                              | ''                | HTTPS://Example.com.       | true     | true",
                "*:443                                  | ''                | https://example.com        | true     | true",
                "*:443                                  | ''                | http://example.com         | false    | true",
                "10.0.0.0/8                             | ''                | http://10.1.1.1:81         | true     | true",
                "10.0.0.0/8                             | ''                | http://11.1.1.1            | false    | true",
                "10.0.0.0/8:443                         | ''                | http://10.1.1.1            | false    | true",
                "[fd00::/8]:80                          | ''                | http://[fd00::1]           | true     | true",
                "fd00::/8                               | ''                | http://[fe00::1]           | false    | true",
                "*,127.0.0.1                            | ''                | http://127.0.0.1:9000      | true     | true",
                "*,127.0.0.1                            | ''                | http://127.0.0.2:9000      | false    | true",
                "*,http://localhost:9000                | ''                | http://localhost:9000      | true     | true",
                "*,http://localhost:9000                | ''                | http://[::1]:9000          | true     | true",
                "*,http://localhost:9000                | ''                | http://localhost:9001      | false    | true",
                "127.0.0.0/8                            | ''                | http://8.8.8.8             | false    | true",
                "*,127.0.0.1                            | 127.0.0.0/8       | http://127.0.0.1           | false    | false",
                "*                                      | *.corp.test       | http://db.corp.test        | false    | false",
                "*                                      | *.corp.test       | http://corp.test           | true     | true",
                "*                                      | *:22              | http://a.test:22           | false    | false",
                "*                                      | http://*          | http://a.test              | false    | false",
                "*                                      | 10.0.0.0/8        | http://[::ffff:10.1.1.1]   | false    | false",
                "*                                      | localhost         | http://127.8.8.8           | false    | false",
                "''                                     | ''                | http://a.test              | false    | true",
            })
    void whatAnOperatorSays(String allow, String deny, String url, boolean resource, boolean file) {
        EgressRule rule = rule(
                allow.isEmpty() ? List.of() : List.of(allow.split(",")), deny.isEmpty() ? List.of() : List.of(deny));
        assertThat(written(rule, Author.RESOURCE, url).isEmpty()).as("resource").isEqualTo(resource);
        assertThat(written(rule, Author.OPERATOR, url).isEmpty()).as("file").isEqualTo(file);
        written(rule, Author.RESOURCE, url)
                .ifPresent(problem ->
                        assertThat(problem).containsAnyOf("opsbus.hooks.allow-urls", "opsbus.hooks.deny-urls"));
    }

    @Test
    void aNameIsOpenedByAnEntryForWhatItLeadsToAndNoNameOpensAClosedAddress() throws UnknownHostException {
        EgressRule rule = rule(List.of("chat.test", "10.0.0.0/8"), List.of());
        assertThat(rule.asWritten(Author.RESOURCE, "http", "other.test", 80, true))
                .as("decided when its address is known")
                .isEmpty();
        assertThat(rule.asWritten(Author.RESOURCE, "http", "other.test", 80, false))
                .as("a proxy looks it up")
                .isPresent();
        assertThat(rule.problem(Author.RESOURCE, "http", "other.test", 80, InetAddress.getByName("10.1.1.1")))
                .isEmpty();
        assertThat(rule.problem(Author.RESOURCE, "http", "other.test", 80, InetAddress.getByName("8.8.8.8")))
                .isPresent();
        assertThat(rule.problem(Author.RESOURCE, "http", "chat.test", 80, InetAddress.getByName("127.0.0.1")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "http://",
                "ftp://a",
                "10.0.0.0/33",
                "a:99999",
                "a:b",
                "*.*.a",
                "a.*",
                "10.0.0.*",
                "http://a/path",
                "user@a",
                "[::1",
                "300.1.1.1"
            })
    void anEntryThatCannotBeUnderstoodStopsTheStartAndNamesTheProperty(String entry) {
        assertThatThrownBy(() -> rule(List.of("*"), List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("opsbus.hooks.deny-urls");
    }

    /** Its ports, the probes' one too, on whichever address of this machine, and its NATS: whatever is opened. */
    @Test
    void opsbusItselfAndItsNatsAreClosedToResourcesWhateverIsAllowed(@TempDir Path store) throws Exception {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        Connector probes = new Connector();
        probes.setPort(0);
        factory.addAdditionalTomcatConnectors(probes);
        WebServer web = factory.getWebServer();
        web.start();
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = server.bus()) {
            StaticListableBeanFactory beans = new StaticListableBeanFactory(Map.of("bus", bus));
            OwnAddresses own = new OwnAddresses(beans.getBeanProvider(NatsBus.class));
            own.listens(new ServletWebServerInitializedEvent(web, null));
            EgressRule rule = new EgressRule(
                    new EgressSettings(List.of("*", "0.0.0.0/0", "::/0"), List.of()),
                    own,
                    ProxyEnvironment.of(Map.of()));
            int nats = URI.create(server.url()).getPort();
            Map<Integer, String> ours = Map.of(
                    web.getPort(),
                    "which is opsbus itself",
                    probes.getLocalPort(),
                    "which is opsbus itself",
                    nats,
                    "which is opsbus' NATS");
            ours.forEach((port, which) -> {
                for (String host : List.of("127.0.0.1", "localhost", "[::ffff:127.0.0.1]")) {
                    String url = "http://" + host + ":" + port + "/";
                    assertThat(written(rule, Author.RESOURCE, url))
                            .as(url)
                            .hasValueSatisfying(
                                    problem -> assertThat(problem).contains(which, "no property allows it"));
                    assertThat(written(rule, Author.OPERATOR, url)).as(url).isEmpty();
                }
                assertThat(rule.problem(Author.RESOURCE, "http", "turned.test", port, InetAddress.getLoopbackAddress()))
                        .as("a name that leads to port %s", port)
                        .isPresent();
            });
            assertThat(written(rule, Author.RESOURCE, "http://[::1]:" + web.getPort()))
                    .isPresent();
            assertThat(written(rule, Author.RESOURCE, "http://127.0.0.1:9/"))
                    .as("what an entry opens")
                    .isEmpty();
            assertThat(written(rule, Author.RESOURCE, "http://203.0.113.7:" + web.getPort()))
                    .as("the same port of somebody else")
                    .isEmpty();
            EgressRule names =
                    new EgressRule(new EgressSettings(List.of("*"), List.of()), own, ProxyEnvironment.of(Map.of()));
            assertThat(written(names, Author.RESOURCE, "http://127.0.0.1:9/")).isPresent();
        } finally {
            web.stop();
        }
    }

    @Test
    void aProxyThatAResourceNamesIsAskedAboutToo() {
        assertThat(DEFAULT.problem(Author.RESOURCE, "http://chat.test/", "http://127.0.0.1:3128"))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("spec.options.proxy: "));
        assertThat(DEFAULT.problem(Author.RESOURCE, "http://chat.test/", "none"))
                .isEmpty();
        assertThat(DEFAULT.problem(Author.OPERATOR, "http://chat.test/", "http://127.0.0.1:3128"))
                .isEmpty();
    }
}
