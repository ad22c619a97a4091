package routes.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documentation of Go's httpproxy says, rule by rule. */
class ProxyEnvironmentTest {

    private static final String PROXY = "http://proxy.test:3128";

    private static boolean goesDirectly(String noProxy, String scheme, String host, int port) {
        Optional<Proxy> proxy = ProxyEnvironment.of(
                        Map.of("HTTP_PROXY", PROXY, "HTTPS_PROXY", PROXY, "NO_PROXY", noProxy))
                .proxyFor(scheme, host, port);
        proxy.ifPresent(through -> assertEquals(new Proxy("http", "proxy.test", 3128, null), through));
        return proxy.isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // no_proxy                          | host                  | port | directly
                "''                                  | example.com           | 80   | false",
                "''                                  | localhost             | 80   | true",
                "''                                  | LocalHost             | 80   | true",
                "''                                  | 127.0.0.1             | 80   | true",
                "''                                  | 127.8.8.8             | 80   | true",
                "''                                  | ::1                   | 80   | true",
                "''                                  | ::ffff:127.0.0.1      | 80   | true",
                "*                                   | example.com           | 80   | true",
                "foo.test, *                         | example.com           | 80   | true",
                "example.com                         | example.com           | 80   | true",
                "example.com                         | EXAMPLE.com           | 80   | true",
                "EXAMPLE.com                         | example.com           | 80   | true",
                "example.com                         | www.example.com       | 80   | true",
                "example.com                         | badexample.com        | 80   | false",
                "example.com                         | example.com.evil.test | 80   | false",
                ".example.com                        | example.com           | 80   | false",
                ".example.com                        | www.example.com       | 80   | true",
                "*.example.com                       | example.com           | 80   | false",
                "*.example.com                       | a.b.example.com       | 80   | true",
                ".svc                                | hook.ns.svc           | 80   | true",
                "*.svc                               | hook.ns.svc           | 80   | true",
                "svc                                 | hook.ns.svc           | 80   | true",
                "*.svc                               | svc                   | 80   | false",
                "example.com:8080                    | example.com           | 8080 | true",
                "example.com:8080                    | example.com           | 80   | false",
                ".example.com:8080                   | www.example.com       | 8080 | true",
                "*.example.com:8080                  | www.example.com       | 8081 | false",
                "example.com:80                      | example.com           | 0    | true",
                "' localhost , 127.0.0.1 , .svc '    | a.svc                 | 80   | true",
                "'localhost,,.svc,'                  | a.svc                 | 80   | true",
                "my_host                             | my_host               | 80   | true",
                "10.0.0.0/8                          | 10.200.1.1            | 80   | true",
                "10.0.0.0/8                          | 11.0.0.1              | 80   | false",
                "10.3.4.5/8                          | 10.9.9.9              | 80   | true",
                "10.0.0.0/9                          | 10.127.0.1            | 80   | true",
                "10.0.0.0/9                          | 10.128.0.1            | 80   | false",
                "0.0.0.0/0                           | 8.8.8.8               | 80   | true",
                "0.0.0.0/0                           | 2001:db8::1           | 80   | false",
                "2001:db8::/32                       | 2001:db8:1::2         | 80   | true",
                "2001:db8::/32                       | 2001:db9::1           | 80   | false",
                "::/0                                | 8.8.8.8               | 80   | false",
                "8.8.8.8                             | 8.8.8.8               | 80   | true",
                "8.8.8.8                             | ::ffff:8.8.8.8        | 80   | true",
                "8.8.8.8                             | 8.8.8.9               | 80   | false",
                "8.8.8.8:53                          | 8.8.8.8               | 53   | true",
                "8.8.8.8:53                          | 8.8.8.8               | 80   | false",
                "[2001:db8::1]:443                   | 2001:db8::1           | 443  | true",
                "[2001:db8::1]:443                   | 2001:db8::1           | 80   | false",
                "2001:db8::1                         | 2001:DB8:0::1         | 80   | true",
                "8.8                                 | 8.8.8.8               | 80   | false",
                "8.8.8.8/33                          | 8.8.8.8               | 80   | false",
                "127.0.0.*                           | 8.8.8.8               | 80   | false",
            })
    void theRulesOfNoProxy(String noProxy, String host, int port, boolean directly) {
        assertEquals(directly, goesDirectly(noProxy, "http", host, port));
    }

    @Test
    void thePortOfAnAddressWithoutOneIsTheSchemes() {
        assertTrue(goesDirectly("example.com:443", "https", "example.com", -1));
        assertFalse(goesDirectly("example.com:443", "http", "example.com", -1));
    }

    @Test
    void eachSchemeHasItsOwnVariableAndUpperCaseWins() {
        ProxyEnvironment environment = ProxyEnvironment.of(Map.of(
                "HTTP_PROXY",
                "",
                "http_proxy",
                "small.test:1",
                "https_proxy",
                "https://low.test",
                "HTTPS_PROXY",
                "http://up.test"));

        assertEquals(
                Optional.of(new Proxy("http", "small.test", 1, null)), environment.proxyFor("http", "example.com", 80));
        assertEquals(
                Optional.of(new Proxy("http", "up.test", 80, null)), environment.proxyFor("https", "example.com", 443));
        assertEquals(
                Optional.empty(),
                ProxyEnvironment.of(Map.of("HTTP_PROXY", PROXY)).proxyFor("https", "example.com", 443),
                "https has none");
        assertTrue(ProxyEnvironment.of(Map.of("NO_PROXY", "a")).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "http://proxy.test:3128                | http  | proxy.test  | 3128 | -",
                "proxy.test:3128                       | http  | proxy.test  | 3128 | -",
                "' http://proxy.test:3128/ '           | http  | proxy.test  | 3128 | -",
                "proxy                                 | http  | proxy       | 80   | -",
                "https://proxy.test                    | https | proxy.test  | 443  | -",
                "HTTP://squid_1:3128                   | http  | squid_1     | 3128 | -",
                "http://[2001:db8::1]:3128             | http  | 2001:db8::1 | 3128 | -",
                "http://me:p%40ss%3Aw@proxy.test:3128  | http  | proxy.test  | 3128 | me:p@ss:w",
                "me:secret@proxy.test:3128             | http  | proxy.test  | 3128 | me:secret",
            })
    void howAProxyIsWritten(String written, String scheme, String host, int port, String userInfo) {
        ProxyEnvironment environment = ProxyEnvironment.of(Map.of("HTTP_PROXY", written));

        assertEquals(
                Optional.of(new Proxy(scheme, host, port, userInfo)), environment.proxyFor("http", "example.com", 80));
        assertEquals(List.of(), environment.warnings());
    }

    @Test
    void whatCannotBeUnderstoodIsAWarningAndTheRestHolds() {
        ProxyEnvironment environment = ProxyEnvironment.of(Map.of(
                "HTTP_PROXY",
                PROXY,
                "HTTPS_PROXY",
                "socks5://me:secret@proxy.test:1080",
                "NO_PROXY",
                "127.0.0.*,a b,:80,http://x,x:99999,10.0.0.0/99,*.,ok.test"));

        assertEquals(8, environment.warnings().size(), environment.warnings().toString());
        assertFalse(
                environment.warnings().toString().contains("secret"),
                environment.warnings().toString());
        assertTrue(environment.proxyFor("http", "ok.test", 80).isEmpty());
        assertTrue(environment.proxyFor("http", "other.test", 80).isPresent());
        assertTrue(environment.proxyFor("https", "other.test", 443).isEmpty(), "without a usable proxy directly");
    }

    @Test
    void nothingThatIsWrittenThrows() {
        Random random = new Random(1);
        String letters = "a.*:/[]@%,- 0129f_\u00e4#?\t\\^";
        for (int i = 0; i < 20_000; i++) {
            String text = random.ints(random.nextInt(24), 0, letters.length())
                    .mapToObj(at -> letters.substring(at, at + 1))
                    .reduce("", String::concat);
            ProxyEnvironment environment =
                    ProxyEnvironment.of(Map.of("HTTP_PROXY", text, "NO_PROXY", text, "https_proxy", "http://" + text));
            environment.proxyFor("http", "example.com", 80);
            environment.proxyFor("https", text, 443);
        }
    }

    @Test
    void javasOwnPropertiesCountWhenTheEnvironmentNamesNoProxy() {
        Properties java = new Properties();
        java.setProperty("http.proxyHost", "java.test");
        java.setProperty("https.proxyHost", "java-secure.test");
        java.setProperty("https.proxyPort", "8443");
        java.setProperty("http.nonProxyHosts", "localhost|10.1.*|*.inside.test|one.test");
        ProxyEnvironment both = ProxyEnvironment.of(Map.of("NO_PROXY", "x"), java);

        assertEquals(Optional.of(new Proxy("http", "java.test", 80, null)), both.proxyFor("http", "example.com", 80));
        assertEquals(
                Optional.of(new Proxy("http", "java-secure.test", 8443, null)),
                both.proxyFor("https", "example.com", 443));
        for (String direct : List.of("10.1.2.3", "a.inside.test", "one.test", "localhost")) {
            assertTrue(both.proxyFor("http", direct, 80).isEmpty(), direct);
        }
        assertTrue(both.proxyFor("http", "10.2.2.3", 80).isPresent());
        assertEquals(List.of(), both.warnings());
        assertEquals(
                Optional.of(new Proxy("http", "proxy.test", 3128, null)),
                ProxyEnvironment.of(Map.of("HTTP_PROXY", PROXY), java).proxyFor("http", "one.test", 80),
                "the environment's alone");
    }

    @Test
    void aProxysPasswordIsNotPrinted() {
        assertEquals(
                "http://[::1]:3128",
                Proxy.parse("http://me:secret@[::1]:3128").orElseThrow().toString());
    }
}
