package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;
import routes.event.OpsEvent;
import routes.hooks.match.HookIndex;
import routes.hooks.sources.HookFiles;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.HookTypes;

class DemoIncidentTest {

    @Test
    void everySampleHookHasSomethingToDo() throws Exception {
        List<EventHook> samples = samples();
        HookIndex index = new HookIndex(samples);
        Set<String> fired = new TreeSet<>();
        for (OpsEvent event : play()) {
            index.matching(event.subject(), event::text).forEach(hook -> fired.add(hook.name()));
            String alert = event.subject().replaceFirst("events$", "alerts");
            index.matching(alert, event::text).forEach(hook -> fired.add(hook.name()));
        }
        assertThat(fired)
                .containsExactlyInAnyOrderElementsOf(
                        samples.stream().map(EventHook::name).toList());
    }

    @Test
    void theNodeGoesFirstAndComesBackLast() throws Exception {
        List<OpsEvent> events = play();
        assertThat(events.get(0).text()).contains("reason: NodeNotReady");
        assertThat(events.get(events.size() - 1).text()).contains("reason: NodeReady");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.cluster()).isEqualTo("demo");
            assertThat(event.subject()).startsWith("ops.clusters.demo.");
        });
    }

    @Test
    void eachTimeItIsPlayedItsEventsAreNewOnes() throws Exception {
        DemoIncident incident = new DemoIncident();
        List<OpsEvent> events = play(incident);
        events.addAll(play(incident));
        assertThat(events).extracting(OpsEvent::id).doesNotHaveDuplicates();
        assertThat(events.get(events.size() / 2).text()).contains("reason: NodeNotReady");
    }

    @Test
    void theInboxSumsUpAChatMessageAndAPlainTextOnOneLine() {
        String text = "cluster: demo \\nnode: n1 \\ntype: Normal \\nreason: NodeReady \\ntimestamp: x \\n";
        DemoInbox inbox = new DemoInbox();
        assertThat(inbox.summary("{\"msgtype\":\"text\",\"text\":{\"content\":\"" + text + "\"}}"))
                .isEqualTo("node: n1 | reason: NodeReady");
        assertThat(inbox.summary(text.replace("\\n", "\n") + "action: cordon-node\u001b[2J"))
                .isEqualTo("node: n1 | reason: NodeReady | action: cordon-node [2J");
    }

    @Test
    void onAnotherPortTheSamplesAndWhatMatchSaysOfThemHaveThatPort() {
        DemoUrls running = new DemoUrls(new MockEnvironment().withProperty("local.server.port", "9000"));
        assertThat(running.value("SERVER_PORT")).isEqualTo("9000");
        assertThat(running.value("OPSBUS_CHAT_URL")).isEqualTo("http://127.0.0.1:9000/demo/inbox/chat");
        assertThat(DemoUrls.offline("OPSBUS_CHAT_URL", Map.of("SERVER_PORT", "9000")::get))
                .isEqualTo("http://127.0.0.1:9000/demo/inbox/chat");
        assertThat(DemoUrls.offline(
                        "OPSBUS_CHAT_URL", Map.of("SERVER_PORT", "9000", "OPSBUS_CHAT_URL", "http://chat")::get))
                .isEqualTo("http://chat");
        assertThat(DemoUrls.offline("OPSBUS_CHAT_URL", Map.<String, String>of()::get))
                .as("the default port")
                .isEqualTo("http://127.0.0.1:8080/demo/inbox/chat");
        assertThat(DemoUrls.offline("ELSE", Map.of("SERVER_PORT", "9000")::get)).isNull();
    }

    private static List<OpsEvent> play() throws Exception {
        return play(new DemoIncident());
    }

    private static List<OpsEvent> play(DemoIncident incident) {
        List<OpsEvent> events = new ArrayList<>();
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        for (int i = 0; i < DemoIncident.ROUND; i++) {
            incident.process(exchange);
            Optional.ofNullable(exchange.getMessage().getBody()).ifPresent(event -> events.add((OpsEvent) event));
        }
        return events;
    }

    private static List<EventHook> samples() {
        HookReader reader = new HookReader(HookTypes.builtIn(), name -> null);
        return new HookFiles(Path.of("hooks"), Duration.ZERO, System::nanoTime)
                .poll().hooks().entrySet().stream()
                        .flatMap(file -> reader.read(file.getKey().toString(), file.getValue()).hooks().stream())
                        .toList();
    }
}
