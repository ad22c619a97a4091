package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import routes.hooks.match.HookIndex;
import routes.hooks.sources.HookFiles;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.HookReader.Reading;
import routes.hooks.spec.HookTypes;

/** The files in {@code hooks/} are what a newcomer runs first. */
class SamplesTest {

    private static final Map<Path, String> FILES = new HookFiles(Path.of("hooks"), Duration.ZERO, System::nanoTime)
            .poll()
            .hooks();

    @Test
    void theBuiltInTypesAreThereAndOnlyCamelTakesItsUrlAsAParameter() {
        HookTypes types = HookTypes.builtIn();
        assertThat(types.names())
                .contains(
                        "webhook", "xiezuo", "event", "elasticsearch", "slack", "dingtalk", "feishu", "wecom", "camel");
        types.names()
                .forEach(name -> assertThat(types.find(name).orElseThrow().parameters())
                        .isEqualTo(name.equals("camel") ? Set.of("url") : Set.of()));
    }

    @Test
    void withoutTheirUrlsOnlyTheOneThatNeedsNoneRunsAndTheOthersSayWhatIsMissing() {
        List<Reading> readings =
                FILES.keySet().stream().map(file -> read(file, name -> null)).toList();
        assertThat(readings)
                .flatExtracting(Reading::hooks)
                .extracting(EventHook::id)
                .containsExactly("ops-system/convert-clusters-pods-events-to-alerts");
        assertThat(readings)
                .flatExtracting(Reading::problems)
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem.toString())
                        .containsPattern("the environment variable OPSBUS_(CHAT|ACTION|AGENT)_URL is not set"));
    }

    @Test
    void theirUrlsComeFromTheEnvironment() {
        assertThat(hooks(name -> "http://elsewhere/" + name))
                .extracting(EventHook::url)
                .contains(
                        "http://elsewhere/OPSBUS_CHAT_URL",
                        "http://elsewhere/OPSBUS_ACTION_URL",
                        "http://elsewhere/OPSBUS_AGENT_URL");
    }

    @Test
    void theyFireForWhatTheySay() {
        HookIndex index = new HookIndex(hooks(name -> "http://elsewhere/" + name));
        String node = "ops.clusters.demo.nodes.n1.events";
        assertThat(firing(index, node, "cluster: demo \nreason: NodeNotReady \n"))
                .containsExactly("nodes-p0");
        assertThat(firing(index, node, "cluster: cn-beijing-1 \nreason: NodeNotReady \n"))
                .isEmpty();
        assertThat(firing(index, node, "message: error 10005 \n")).containsExactly("custom-disable");
        String pod = "ops.clusters.demo.namespaces.kube-system.pods.etcd-n1.";
        assertThat(firing(index, pod + "events", "pod: etcd-n1 \nreason: Unhealthy \n"))
                .containsExactly("convert-clusters-pods-events-to-alerts");
        assertThat(firing(index, pod + "events", "pod: etcd-n1 \nreason: Scheduled \n"))
                .isEmpty();
        assertThat(firing(index, pod + "alerts", "pod: etcd-n1 \nreason: Unhealthy \n"))
                .containsExactly("post-cluster-pod-ops-agent");
        assertThat(firing(index, pod + "alerts", "pod: web-0 \nreason: Unhealthy \n"))
                .isEmpty();
    }

    @Test
    void thePlainRouteLogsALinePerNodeThatIsNotReady() throws Exception {
        Path file = Path.of("hooks/node-not-ready-route.yaml");
        assertThat(read(file, name -> null).camelRoutes()).isTrue();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(
                            file.toString(), FILES.get(file).replace("uri: nats:", "uri: direct:")));
            List<String> lines = new ArrayList<>();
            camel.getCamelContextExtension().addLogListener((exchange, logger, message) -> {
                lines.add(message);
                return message;
            });
            camel.start();
            try (ProducerTemplate nats = camel.createProducerTemplate()) {
                for (String members : List.of(
                        "\"type\":\"Kube\",\"data\":{\"reason\":\"NodeReady\"}",
                        "\"type\":\"Default\",\"data\":\"NodeNotReady\"",
                        "\"type\":\"Kube\",\"data\":{\"reason\":\"NodeNotReady\",\"regarding\":{\"name\":\"n1.中\"}}")) {
                    nats.sendBody(
                            "direct:ops.clusters.*.nodes.*.events",
                            ("{\"cluster\":\"demo\"," + members + "}").getBytes(StandardCharsets.UTF_8));
                }
            }
            assertThat(lines).containsExactly("node not ready: n1.中 of cluster demo");
        }
    }

    private static List<String> firing(HookIndex index, String subject, String text) {
        return index.matching(subject, () -> text).stream().map(EventHook::name).toList();
    }

    private static List<EventHook> hooks(Function<String, String> environment) {
        return FILES.keySet().stream()
                .map(file -> read(file, environment))
                .peek(reading -> assertThat(reading.problems()).isEmpty())
                .flatMap(reading -> reading.hooks().stream())
                .toList();
    }

    private static Reading read(Path file, Function<String, String> environment) {
        return new HookReader(HookTypes.builtIn(), environment).read(file.toString(), FILES.get(file));
    }
}
