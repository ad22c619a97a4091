package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.compat.Recorded;

class MatchTest {

    private static final String NODE = "ops.clusters.north.nodes.n1.events";
    private static final String POD = "ops.clusters.north.namespaces.kube-system.pods.etcd-0.events";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path hooks;
    private Path events;

    @BeforeEach
    void folders() throws IOException {
        hooks = Files.createDirectory(folder.resolve("hooks"));
        events = folder.resolve("events.jsonl");
    }

    @Test
    void aLineForEveryHookAndEventSaysWhichClauseDecided() throws IOException {
        write("events.jsonl", event("e1", NODE, "NodeNotReady", "gone"), event("e2", POD, "Unhealthy", "probe failed"));
        CommandLineRun run = match("--hooks", "hooks", "--events", events.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(answers(run)).hasSize(8);
        JsonNode chat = answer(run, "ops-system/nodes-p0", "e1");
        assertThat(chat.fieldNames())
                .toIterable()
                .containsExactly("hook", "file", "event", "fires", "why", "target", "body");
        assertThat(chat.get("file").asText()).isEqualTo("hooks/nodes-p0.yaml");
        assertThat(chat.get("fires").asBoolean()).isTrue();
        assertThat(chat.get("why").asText()).isEqualTo("include: NodeNotReady");
        assertThat(chat.get("body").asText()).contains("reason: NodeNotReady");
        JsonNode action = answer(run, "ops-system/custom-disable", "e1");
        assertThat(action.get("fires").asBoolean()).isFalse();
        assertThat(action.get("why").asText()).isEqualTo("no include matched");
        assertThat(action.get("target").isNull() && action.get("body").isNull()).isTrue();
        assertThat(answer(run, "ops-system/nodes-p0", "e2").get("why").asText()).isEqualTo("subject");
        assertThat(answer(run, "ops-system/convert-clusters-pods-events-to-alerts", "e2")
                        .get("target")
                        .asText())
                .isEqualTo("ops.clusters.north.namespaces.kube-system.pods.etcd-0.alerts");
    }

    @Test
    void noEventsAtAllAreSaid() throws IOException {
        for (String nothing :
                List.of("/dev/null", Files.writeString(events, " \n\n").toString())) {
            CommandLineRun run = match("--hooks", "hooks", "--events", nothing);
            assertThat(run.err()).startsWith(nothing + ": holds no events; ");
            assertThat(run.out()).isEmpty();
            assertThat(run.status()).isZero();
        }
    }

    @Test
    void anExpressionThatTakesLongIsGivenUpAndTheOthersAnswer() throws IOException {
        hook("webhook", "http://chat.test/", "keywords: {matchType: REGEX, include: ['(.{0,999}q){4}Z']}");
        hook("slack", "http://chat.test/", "keywords: {matchType: REGEX, include: ['q+$']}");
        write("events.jsonl", event("e1", NODE, "NodeNotReady", "q".repeat(300_000)));
        CommandLineRun run = match("--hooks", hooks.toString(), "--events", events.toString());
        assertThat(answers(run))
                .extracting(answer -> answer.get("why").asText().replaceAll(" \\d+ ", " N "))
                .containsExactlyInAnyOrder(
                        "match-too-slow: its expressions were given up after N ms of CPU time", "no include matched");
    }

    @Test
    void everyBuiltInTypeShowsWhereItSendsAndWhat() throws IOException {
        String chat = "http://chat.test/send?key=k";
        hook("webhook", chat);
        hook("xiezuo", chat);
        hook("dingtalk", chat);
        hook("feishu", chat);
        hook("wecom", chat);
        hook("slack", chat);
        hook("elasticsearch", "http://es.test:9200", "options: {index: 'events-{YYYY.MM.DD}', id: '{delivery}'}");
        hook("event", "ops.clusters.*.nodes.*.alerts");
        hook("camel", "log:incidents", "options: {format: cloudevents}");
        String text = "cluster: north \nnode: n1 \ntype: Normal \nreason: NodeReady \nmessage: a & b \n";
        write(
                "events.jsonl",
                "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"s\",\"type\":\"Kube\",\"subject\":\"" + NODE
                        + "\",\"time\":\"2026-03-04T23:30:00+08:00\",\"data\":{\"type\":\"Normal\",\"reason\":\"NodeReady\",\"message\":\"a & b\"}}");
        CommandLineRun run = match("--hooks", hooks.toString(), "--events", events.toString());
        assertThat(run.err()).isEmpty();
        Map<String, JsonNode> byType = new TreeMap<>();
        answers(run).forEach(answer -> byType.put(answer.get("hook").asText().replace("default/", ""), answer));
        assertThat(byType.values()).allMatch(answer -> answer.get("fires").asBoolean());
        for (String type : List.of("webhook", "xiezuo", "dingtalk", "feishu", "wecom", "slack")) {
            assertThat(byType.get(type).get("target").asText()).isEqualTo(chat);
        }
        String body = byType.get("webhook").get("body").asText();
        assertThat(withoutTimestamp(body)).isEqualTo(text);
        assertThat(withoutTimestamp(body(byType, "xiezuo").at("/text/content").asText()))
                .isEqualTo(text);
        assertThat(withoutTimestamp(body(byType, "dingtalk").at("/text/content").asText()))
                .isEqualTo(text);
        assertThat(withoutTimestamp(body(byType, "wecom").at("/text/content").asText()))
                .isEqualTo(text);
        assertThat(withoutTimestamp(body(byType, "feishu").at("/content/text").asText()))
                .isEqualTo(text);
        assertThat(withoutTimestamp(body(byType, "slack").at("/text").asText())).isEqualTo(text.replace("&", "&amp;"));
        assertThat(byType.get("elasticsearch").get("target").asText())
                .startsWith("http://es.test:9200/events-2026.03.04/_doc/")
                .contains("e1");
        assertThat(body(byType, "elasticsearch").get("reason").asText()).isEqualTo("NodeReady");
        assertThat(byType.get("event").get("target").asText()).isEqualTo("ops.clusters.north.nodes.n1.alerts");
        assertThat(body(byType, "event").get("passedhooks").asText()).isEqualTo("default/event");
        assertThat(byType.get("camel").get("target").asText()).isEqualTo("log:incidents");
        assertThat(body(byType, "camel").get("id").asText()).isEqualTo("e1");
    }

    @Test
    void theRecordedMatrixIsAnsweredAsTheOriginalDid() throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode event : Recorded.json("hook-matrix.json").get("events")) {
            lines.add(((ObjectNode) event.get("Event").deepCopy())
                    .put("id", event.get("Name").asText())
                    .toString());
        }
        write("events.jsonl", lines.toArray(String[]::new));
        CommandLineRun run = match("--hooks", Recorded.HOOKS.toString(), "--events", events.toString());
        List<String> rejected = Recorded.hooks().stream()
                .map(Path::toString)
                .filter(file -> file.contains("look-ahead"))
                .toList();
        assertThat(run.err().lines())
                .zipSatisfy(
                        rejected,
                        (line, file) -> assertThat(line).startsWith(file).contains("has a look-around"));
        Map<String, JsonNode> answers = new TreeMap<>();
        answers(run)
                .forEach(answer -> answers.put(
                        answer.get("hook").asText() + " " + answer.get("event").asText(), answer));
        assertThat(answers).hasSize((Recorded.hooks().size() - rejected.size()) * lines.size());
        List<JsonNode> cells = Recorded.cells().toList();
        for (JsonNode cell : cells) {
            JsonNode answer = answers.get("compat/" + cell.get("Hook").asText() + " "
                    + cell.get("Event").asText());
            boolean fires = answer != null && answer.get("fires").asBoolean();
            assertThat(fires).as("%s", cell).isEqualTo(cell.get("Fires").asBoolean());
            if (cell.has("Body")) {
                assertThat(withoutTimestamp(answer.get("body").asText()))
                        .as("%s", cell)
                        .isEqualTo(withoutTimestamp(cell.get("Body").asText()));
            }
            if (cell.has("TargetSubject")) {
                assertThat(answer.get("target")).as("%s", cell).isEqualTo(cell.get("TargetSubject"));
            }
        }
        assertThat(cells)
                .as("what is sent")
                .filteredOn(cell -> cell.has("Body"))
                .hasSize(7);
        assertThat(cells)
                .as("where it is sent")
                .filteredOn(cell -> cell.has("TargetSubject"))
                .hasSize(5);
    }

    @Test
    void nothingIsSent() throws IOException {
        try (ServerSocket endpoint = new ServerSocket(0)) {
            hook("webhook", "http://127.0.0.1:" + endpoint.getLocalPort() + "/");
            write("events.jsonl", event("e1", NODE, "NodeReady", ""));
            assertThat(answers(match("--hooks", hooks.toString(), "--events", events.toString()))
                            .get(0)
                            .get("fires")
                            .asBoolean())
                    .isTrue();
            endpoint.setSoTimeout(1);
            Assertions.assertThatThrownBy(endpoint::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aTypeOfTheFolderIsKnownForTheFolderAndForAFileInIt() throws IOException {
        Files.createDirectory(hooks.resolve("types"));
        Files.writeString(hooks.resolve("types/pager.kamelet.yaml"), """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata: {name: pager}
                spec:
                  definition:
                    title: Pager
                    properties:
                      team: {type: string, default: night}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - setBody: {simple: 'page ${variable.team} {{team}}: ${variable.messageJson}'}
                        - toD: "http:${variable.url}"
                """);
        hook("pager", "http://pager.test/", "options: {team: day}");
        write("events.jsonl", event("e1", NODE, "NodeReady", ""));
        for (Path path : List.of(hooks, hooks.resolve("pager.yaml"))) {
            CommandLineRun run = match("--hooks", path.toString(), "--events", events.toString());
            assertThat(run.err()).isEmpty();
            assertThat(answers(run).get(0).get("body").asText()).startsWith("page day day: \"cluster: north");
        }
    }

    @Test
    void anEventIsNotForwardedByAHookItHasPassed() throws IOException {
        hook("event", "alerts");
        write(
                "events.jsonl",
                event("e1", NODE, "NodeReady", "").replace("\"id\"", "\"passedhooks\":\"default/event\",\"id\""));
        JsonNode answer = answers(match("--hooks", hooks.toString(), "--events", events.toString()))
                .get(0);
        assertThat(answer.get("fires").asBoolean()).isFalse();
        assertThat(answer.get("why").asText()).startsWith("loop: ");
    }

    @Test
    void aPausedHookFiresAndSaysThatItsDeliveriesWait() throws IOException {
        hook("webhook", "http://chat.test/", "paused: true");
        write("events.jsonl", event("e1", NODE, "NodeReady", ""));
        JsonNode answer = answers(match("--hooks", hooks.toString(), "--events", events.toString()))
                .get(0);
        assertThat(answer.get("fires").asBoolean()).isTrue();
        assertThat(answer.get("why").asText()).isEqualTo("no keywords (paused)");
    }

    @Test
    void whatIsInvalidIsNamedWithItsPlaceAndTheRestIsAnswered() throws IOException {
        hook("webhook", "http://chat.test/");
        Files.writeString(
                hooks.resolve("bad.yaml"),
                Files.readString(hooks.resolve("webhook.yaml"))
                        .replace("name: webhook", "name: bad")
                        .replace("type: webhook", "type: nope"));
        Files.writeString(hooks.resolve("again.yaml"), Files.readString(hooks.resolve("webhook.yaml")));
        hook("camel", "exec:rm");
        write(
                "events.jsonl",
                event("e1", NODE, "NodeReady", ""),
                "",
                "{not json",
                "{\"specversion\":\"1.0\"}",
                event("e2", "ops.clusters.*.x", "NodeReady", ""),
                event("e3", NODE, "NodeReady", "").replace("1.0", "0.3"),
                "[1]",
                event("e4", NODE, "NodeReady", ""));
        CommandLineRun run = match("--hooks", hooks.toString(), "--events", events.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .startsWith(hooks.resolve("bad.yaml") + ":6:")
                                .contains("spec.type", "nope"),
                        line -> assertThat(line)
                                .startsWith(hooks.resolve("webhook.yaml") + ":")
                                .contains("already written"),
                        line -> assertThat(line)
                                .startsWith(hooks.resolve("camel.yaml") + ":")
                                .contains("exec"),
                        line -> assertThat(line).startsWith(events + ":3: ").contains("not JSON"),
                        line -> assertThat(line).startsWith(events + ":4: ").contains("has no id"),
                        line -> assertThat(line).startsWith(events + ":5: ").contains("can't be published to"),
                        line -> assertThat(line).startsWith(events + ":6: ").contains("1.0"),
                        line -> assertThat(line).startsWith(events + ":7: ").contains("not a CloudEvent"));
        assertThat(answers(run))
                .extracting(answer ->
                        answer.get("hook").asText() + " " + answer.get("event").asText())
                .containsExactly("default/webhook e1", "default/webhook e4");
    }

    @Test
    void thePasswordsOfUrlsAreNotPrinted() throws IOException {
        hook("webhook", "http://robot:sesame@chat.test/send?key=k");
        hook("slack", "https://sesame@chat.test");
        hook("elasticsearch", "http://robot:sesame@es.test:9200", "options: {index: events}");
        hook("camel", "https://robot:sesame@camel.test/");
        write("events.jsonl", event("e1", NODE, "NodeReady", ""));
        for (String output : List.of("json", "text")) {
            CommandLineRun run = match("--hooks", hooks.toString(), "--events", events.toString(), "--output", output);
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.out() + run.err())
                    .contains(
                            "http://…@chat.test/send?key=k",
                            "https://…@chat.test",
                            "http://…@es.test:9200/events/",
                            "https://…@camel.test/")
                    .doesNotContain("sesame", "robot");
        }
    }

    @Test
    void aHookThatCallsARouteThatIsNotThereIsNamed() throws IOException {
        hook("camel", "direct:hooks.nope");
        write("events.jsonl", event("e1", NODE, "NodeReady", ""));
        write("hooks/other.yaml", "- from: {uri: 'direct:hooks.other', steps: [to: 'direct:hooks.nope']}");
        for (Path read : List.of(hooks, hooks.resolve("camel.yaml"))) {
            CommandLineRun run = match("--hooks", read.toString(), "--events", events.toString());
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith(hooks.resolve("camel.yaml") + ":")
                    .contains("spec.url: no route of these files begins with from: direct:hooks.nope");
            assertThat(answers(run))
                    .singleElement()
                    .satisfies(answer ->
                            assertThat(answer.get("fires").asBoolean()).isTrue());
        }
        for (String route : List.of(
                "- from: {uri: 'direct:hooks.nope', steps: [{log: x}]}",
                "- route: {id: x, from: {uri: direct, parameters: {name: hooks.nope}, steps: [{log: x}]}}")) {
            write("hooks/nope.yaml", route);
            for (Path read : List.of(hooks, hooks.resolve("camel.yaml"))) {
                CommandLineRun run = match("--hooks", read.toString(), "--events", events.toString());
                assertThat(run.err()).as(route).isEmpty();
                assertThat(run.status()).isZero();
            }
        }
    }

    @Test
    void missingFilesAndArgumentsEndWith2() throws IOException {
        write("events.jsonl", event("e1", NODE, "NodeReady", ""));
        assertThat(match("--hooks", folder.resolve("none").toString(), "--events", events.toString()))
                .satisfies(
                        run -> assertThat(run.status()).isEqualTo(2),
                        run -> assertThat(run.err()).contains("none", "no such file"));
        assertThat(match(
                                "--hooks",
                                hooks.toString(),
                                "--events",
                                folder.resolve("none").toString())
                        .status())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("match", "--hooks", "hooks").err()).contains("--events", "Usage: opsbus match");
        assertThat(CommandLineRun.of("match").status()).isEqualTo(2);
        assertThat(match("--hooks", hooks.toString(), "--events", events.toString(), "--output", "xml")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void eventsMayComeFromStandardInput() throws IOException {
        hook("webhook", "http://chat.test/");
        InputStream standardInput = System.in;
        System.setIn(new ByteArrayInputStream(
                (event("e1", NODE, "NodeReady", "节点") + "\nx").getBytes(StandardCharsets.UTF_8)));
        try {
            CommandLineRun run = match("--hooks", hooks.toString(), "--events", "-");
            assertThat(answers(run).get(0).get("body").asText()).contains("节点");
            assertThat(run.err()).startsWith("stdin:2: ");
        } finally {
            System.setIn(standardInput);
        }
    }

    @Test
    void thePlainOutputShowsForEachEventWhatFiresFirst() throws IOException {
        write("events.jsonl", event("e1", NODE, "NodeNotReady", "error 10005 in cn-beijing"));
        CommandLineRun run = CommandLineRun.of("match", "--hooks", "hooks", "--events", events.toString());
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).contains(NODE, "e1");
        assertThat(lines.get(1)).matches("  fires  ops-system/custom-disable +include: 10005  -> http.*");
        assertThat(lines).anyMatch(line -> line.matches("  no     ops-system/nodes-p0 +exclude: cn-beijing"));
    }

    private void hook(String type, String url, String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "apiVersion: crd.chenshaowen.com/v1",
                "kind: EventHooks",
                "metadata:",
                "  name: " + type,
                "spec:",
                "  type: " + type,
                "  subject: ops.clusters.*.nodes.*.events",
                "  url: '" + url + "'"));
        for (String line : more) {
            lines.add("  " + line);
        }
        Files.write(hooks.resolve(type + ".yaml"), lines);
    }

    private void write(String file, String... lines) throws IOException {
        Files.write(folder.resolve(file), List.of(lines));
    }

    private static String event(String id, String subject, String reason, String message) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"s\",\"type\":\"Kube\",\"subject\":\""
                + subject + "\",\"data\":{\"reason\":\"" + reason + "\",\"message\":\"" + message + "\"}}";
    }

    private static CommandLineRun match(String... arguments) {
        List<String> all = new ArrayList<>(List.of("match"));
        all.addAll(List.of(arguments));
        if (!all.contains("--output")) {
            all.addAll(List.of("--output", "json"));
        }
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private static List<JsonNode> answers(CommandLineRun run) {
        return run.out().lines().map(MatchTest::json).toList();
    }

    private static JsonNode answer(CommandLineRun run, String hook, String event) {
        return answers(run).stream()
                .filter(line -> line.get("hook").asText().equals(hook)
                        && line.get("event").asText().equals(event))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode body(Map<String, JsonNode> byType, String type) {
        return json(byType.get(type).get("body").asText());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static String withoutTimestamp(String text) {
        return text.replaceFirst("timestamp: [^\n]*?(\n|\\\\n)", "");
    }
}
