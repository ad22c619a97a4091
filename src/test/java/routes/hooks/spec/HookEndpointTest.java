package routes.hooks.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

class HookEndpointTest {

    private static final EndpointRules RULES = new EndpointRules(
            Set.of("log", "nats", "direct", "http", "https", "seda", "file"), Set.of("audit", "team.a"), true);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log:incidents|log:incidents",
                "LOG://incidents?level=WARN&showHeaders=true&maxChars=500|log:incidents?level=WARN&maxChars=500&showHeaders=true",
                "nats:audit|nats:audit",
                "nats:audit.nodes.n-1?jetstreamEnabled=true|nats:audit.nodes.n-1?jetstreamEnabled=true",
                "nats:team.a.x|nats:team.a.x",
                "direct:hooks.room|direct:hooks.room?block=false",
                "seda:queue|seda:queue",
                "file:/var/events/@a|file:/var/events/@a",
                "http://example.com/a?b=c&d=#property:e|direct:http-post",
                "https://example.com|direct:http-post"
            })
    void whatIsAllowedIsBuiltAnewFromItsParts(String url, String uri) throws Exception {
        assertThat(HookEndpoint.read(url, RULES, true).uri()).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log:x?exchangeFormatter=#class:org.springframework.context.support.FileSystemXmlApplicationContext('http://127.0.0.1/x')|a parameter that a hook can't set; log: takes, each once, level=TRACE",
                "log:x?level=WARN&level=INFO|each once",
                "log:x?level=LOUD|level=TRACE|DEBUG",
                "log:x?showAll=true|a parameter",
                "log:x?|a parameter",
                "log:|not a Camel endpoint",
                "log:a b|a name, as in log:incidents",
                "log:a%0ab|a name, as in log:incidents",
                "nats:$JS.API.STREAM.PURGE.ops|a subject without wildcards",
                "nats:$KV.opsbus.token/admin|a subject without wildcards",
                "nats:audit.>|a subject without wildcards",
                "nats:audit.*|a subject without wildcards",
                "nats:audit?servers=evil|nats: takes, each once, jetstreamEnabled=",
                "nats:opsbus.deliveries.a.b|use type: event",
                "nats:ops.clusters.c.nodes.n.events|use type: event",
                "nats:OPS|use type: event",
                "nats:_INBOX.x|use type: event",
                "nats:auditor|below audit, team.a (property opsbus.hooks.nats-subjects)",
                "nats:team|opsbus.hooks.nats-subjects",
                "direct:http-post|begins with from: direct:hooks.NAME",
                "direct:hook:default/other|begins with from: direct:hooks.NAME",
                "direct:hooks|begins with from: direct:hooks.NAME",
                "direct:hooks.room?failIfNoConsumers=false|direct: takes none",
                "seda:queue?size=9|seda: takes none",
                "file:/etc?fileName=x|file: takes none",
                "file:/a/${sys.x}|letters, digits",
                "exec:sh|allowed are direct, file, http",
                "http://example.com/?userAgent=#property:env:MY_SECRET|sets userAgent, an option of Camel's http component",
                "http://example.com/?a=b&httpMethod=PUT|sets httpMethod",
                "http://example.com/?httpClient.proxy=x|sets httpClient.proxy",
                "http:example.com|not an http or https url"
            })
    void whatIsNotIsRefusedWithTheMend(String url, String message) {
        assertThatThrownBy(() -> HookEndpoint.read(url, RULES, true))
                .isInstanceOf(HookEndpoint.Refused.class)
                .hasMessageContaining(message);
    }

    @Test
    void theAuthorOfAResourceHasTheTableOnly() throws Exception {
        assertThat(HookEndpoint.read("log:x", RULES, false).uri()).isEqualTo("log:x");
        assertThatThrownBy(() -> HookEndpoint.read("file:x", RULES, false))
                .hasMessageContaining("which is for files only");
    }

    @Test
    void natsIsClosedUntilAnOperatorOpensASubject() {
        EndpointRules defaults = EndpointRules.defaults();
        assertThat(defaults.resourceEndpoints()).isFalse();
        assertThat(defaults.camelComponents()).containsExactlyInAnyOrder("direct", "http", "https", "log", "nats");
        assertThatThrownBy(() -> HookEndpoint.read("nats:audit", defaults, true))
                .hasMessageContaining("none is allowed here (property opsbus.hooks.nats-subjects)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/etc",
                "exec:sh?args=log:",
                " log:alerts",
                "logs:alerts",
                "%6cog:a",
                "bean:log",
                "",
                "alerts",
                ":alerts"
            })
    void anyOtherComponentIsRefused(String uri) {
        EndpointRules rules = new EndpointRules(Set.of("log", "nats"), Set.of("a"), false);
        assertThatThrownBy(() -> HookEndpoint.read(uri, rules, true)).isInstanceOf(HookEndpoint.Refused.class);
    }

    /** The promise behind the prefix: none of opsbus' own routes can be called by it. */
    @Test
    void noRouteOfOpsbusIsCalledAsHooksMayCall() throws Exception {
        Set<String> own = new TreeSet<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath*:camel/**/*.yaml")) {
            Pattern.compile("direct:[^\\s\"'?]+")
                    .matcher(file.getContentAsString(StandardCharsets.UTF_8))
                    .results()
                    .forEach(found -> own.add(found.group()));
        }
        assertThat(own).contains("direct:http-post").noneMatch(name -> name.startsWith("direct:hooks"));
    }
}
