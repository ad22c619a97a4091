package routes.hooks.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static routes.hooks.spec.Hooks.file;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.compat.Recorded;
import routes.hooks.spec.HookReader.Reading;

class HookReaderTest {

    private final HookReader reader = new HookReader(Hooks.TYPES, Map.of("CHAT", "http://chat.local/in?key=1")::get);

    @Test
    void everyFieldIsRead() {
        Reading reading = reader.read("hooks/a.yaml", """
                # a comment first
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata:
                  name: disk.pressure
                  namespace: ops-system
                  labels: {team: storage}
                  anything: [the, API, server, adds]
                spec:
                  type: webhook
                  subject: Ops.Clusters.*.nodes.*.Events
                  url: https://user@example.com:8443/a%20b?key=a%2Bb&x=1+2#f
                  options:
                    format: json
                  keywords:
                    include: [DiskPressure, "10005"]
                    exclude: [Test]
                    matchMode: ALL
                    matchType: EXACT
                  additional: "action: clean-disk"
                  paused: true
                status: {conditions: []}
                """);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.hooks())
                .containsExactly(new EventHook(
                        "ops-system",
                        "disk.pressure",
                        "webhook",
                        "ops.clusters.*.nodes.*.events",
                        "https://user@example.com:8443/a%20b?key=a%2Bb&x=1+2#f",
                        Map.of("format", "json"),
                        new Keywords(List.of("DiskPressure", "10005"), List.of("Test"), MatchMode.ALL, MatchType.EXACT),
                        "action: clean-disk",
                        true,
                        new Origin("hooks/a.yaml", 2, 1)));
        assertThat(reading.hooks().get(0).id()).isEqualTo("ops-system/disk.pressure");
    }

    @Test
    void whatIsAbsentOrNullHasItsDefault() {
        EventHook hook = only(file("keywords:", "options: null", "additional: ~", "paused:"));
        assertThat(hook.namespace()).isEqualTo("default");
        assertThat(hook.keywords()).isEqualTo(Keywords.NONE);
        assertThat(hook.options()).isEmpty();
        assertThat(hook.additional()).isEmpty();
        assertThat(hook.paused()).isFalse();
        assertThat(only(file("keywords: {include: [a]}")).keywords())
                .isEqualTo(new Keywords(List.of("a"), List.of(), MatchMode.ANY, MatchType.CONTAINS));
    }

    @Test
    void theOldListOfKeywordsMeansInclude() {
        assertThat(only(file("keywords:\n- Evicted\n- OOMKilled")).keywords())
                .isEqualTo(new Keywords(List.of("Evicted", "OOMKilled"), List.of(), MatchMode.ANY, MatchType.CONTAINS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            no type:                              | a.yaml:6:3 spec.type: is required
            no url:                               | a.yaml:6:3 spec.url: is required
            no subject:                           | a.yaml:6:3 spec.subject: is required
            url: ''                               | a.yaml:8:8 spec.url: is empty
            type: webhok                          | a.yaml:8:9 spec.type: there is no type webhok; did you mean webhook?
            type: Webhook                         | a.yaml:8:9 spec.type: there is no type Webhook; did you mean webhook?
            type: smoke-signal                    | known: camel, elasticsearch, event, pager, webhook, xiezuo
            type: 5                               | a.yaml:8:9 spec.type: is a number; put it in quotes: "5"
            keyword: [a]                          | a.yaml:9:3 spec.keyword: unknown key; did you mean keywords?
            colour: red                           | spec.colour: unknown key; known: additional, keywords
            matchMode: ALL                        | spec.matchMode: unknown key; it belongs under spec.keywords
            format: json                          | spec.format: unknown key; it belongs under spec.options
            url: http://x/?a b                    | a.yaml:8:8 spec.url: is not a url: Illegal character in query at character 12
            url: localhost:8080                   | spec.url: is not an http or https url
            url: ftp://x/                         | spec.url: is not an http or https url
            url: http://localhost:80800/          | spec.url: has the port 80800; ports end at 65535
            url: http:/x                          | spec.url: is not an http or https url
            url: http:///x                        | spec.url: is not an http or https url
            url: "http://:2000/alert"             | spec.url: names no host that can be called
            url: "https://me:secret@/alert"       | spec.url: names no host that can be called
            url: "http://a$b/"                    | spec.url: names no host that can be called
            url: {{CHAT}}                         | spec.url: is a mapping; write text, in quotes when
            url: "{{INBOX}}"                      | a.yaml:8:8 spec.url: the environment variable INBOX is not set
            url: "http://{{ x }}"                 | spec.url: has {{ that begins no placeholder
            subject: ops.clusters.pre-*.events    | a.yaml:8:12 spec.subject: "pre-*" is only partly a wildcard
            subject: ops..nodes                   | spec.subject: "ops..nodes" has an empty token
            subject: ops.>.nodes                  | spec.subject: "ops.>.nodes" has > before its end
            subject: kube.events                  | spec.subject: "kube.events" is not below ops
            subject: "ops.a b"                    | spec.subject: "ops.a b" has white space
            keywords: alerting                    | spec.keywords: is text; write a list, each entry on a line
            keywords: {include: a}                | a.yaml:9:23 spec.keywords.include: is text; write a list
            keywords: {include: [10005]}          | a.yaml:9:24 spec.keywords.include[0]: is a number; put it in quotes: "10005"
            keywords: {include: [a, yes]}         | a.yaml:9:27 spec.keywords.include[1]: is a boolean; put it in quotes: "yes"
            keywords: {exclude: [2024-01-02]}     | spec.keywords.exclude[0]: is a date; put it in quotes
            keywords: {include: [~]}              | spec.keywords.include[0]: is empty
            keywords: [{a: b}]                    | spec.keywords[0]: is a mapping
            keywords: {includes: [a]}             | a.yaml:9:14 spec.keywords.includes: unknown key; did you mean include?
            keywords: {matchMode: any}            | a.yaml:9:25 spec.keywords.matchMode: `any` is unknown; did you mean ANY?
            keywords: {matchType: regexp}         | spec.keywords.matchType: `regexp` is unknown; did you mean REGEX?
            keywords: {matchType: GLOB}           | spec.keywords.matchType: `GLOB` is unknown; known: CONTAINS, EXACT, REGEX
            keywords: {include: ['(a'], matchType: REGEX}        | a.yaml:9:24 spec.keywords.include[0]: is not a regular expression: missing closing ) in `(a`
            keywords: {exclude: ['(?=.*a)b'], matchType: REGEX}  | spec.keywords.exclude[0]: has a look-around
            keywords: {exclude: ['(a)\\1'], matchType: REGEX}    | has a back-reference
            additional: {action: x}               | spec.additional: is a mapping
            additional: "{{WHO}}"                 | spec.additional: the environment variable WHO is not set
            paused: maybe                         | spec.paused: is text; write true or false
            options: [a]                          | spec.options: is a list
            options: {fromat: json}               | a.yaml:9:13 spec.options.fromat: unknown key; did you mean format?
            options: {format: xml}                | spec.options.format: `xml` is unknown; known: cloudevents, json, text
            options: {format: JSON}               | spec.options.format: `JSON` is unknown; did you mean json?
            options: {format: "{{FORMAT}}"}       | spec.options.format: the environment variable FORMAT is not set
            url: [a]                              | spec.url: is a list
            url: !secret x                        | spec.url: has the tag !secret
            """)
    void aMistakeIsRejectedWithItsPlaceAndTheWayToWriteIt(String spec, String problem) {
        Reading reading = reader.read("a.yaml", file(spec));
        assertThat(reading.hooks()).isEmpty();
        assertThat(reading.unreadable()).isFalse();
        assertThat(reading.problems()).singleElement().satisfies(one -> {
            assertThat(one.toString()).contains(problem);
            assertThat(one.hookId()).isEqualTo("default/a");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kind: EventHooks                | kind: EventHook       | kind: is EventHook; write kind: EventHooks
            kind: EventHooks                |                       | kind: is required; write kind: EventHooks
            crd.chenshaowen.com/v1          | v1                    | apiVersion: is v1; write apiVersion: crd.chenshaowen.com/v1
            name: a                         | name: Big_Name        | metadata.name: `Big_Name` is not a Kubernetes name
            name: a                         | name: a..b            | metadata.name: `a..b` is not a Kubernetes name
            name: a                         | name: 7               | metadata.name: is a number; put it in quotes: "7"
            name: a                         | labels: {}            | metadata.name: is required
            name: a                         | {name: a, namespace: a.b} | metadata.namespace: `a.b` is not a Kubernetes namespace
            spec:                           | specs:                | specs: unknown key; did you mean spec?
            """)
    void theFrameIsCheckedToo(String written, String instead, String problem) {
        Reading reading = reader.read("a.yaml", file().replace(written, instead == null ? "" : instead));
        assertThat(reading.hooks()).isEmpty();
        assertThat(reading.problems()).extracting(HookProblem::toString).anyMatch(text -> text.contains(problem));
    }

    @Test
    void allProblemsOfAHookAreReportedAtOnce() {
        Reading reading = reader.read(
                "a.yaml", file("type: nope", "url: ''", "keywords: {matchMode: all, include: [1]}", "extra: 1"));
        assertThat(reading.problems())
                .extracting(HookProblem::message)
                .satisfiesExactlyInAnyOrder(
                        message -> assertThat(message).startsWith("spec.type:"),
                        message -> assertThat(message).startsWith("spec.url:"),
                        message -> assertThat(message).startsWith("spec.keywords.matchMode:"),
                        message -> assertThat(message).startsWith("spec.keywords.include[0]:"),
                        message -> assertThat(message).startsWith("spec.extra:"));
    }

    @Test
    void aBrokenDocumentLeavesItsNeighboursAlone() {
        Reading reading = reader.read(
                "a.yaml",
                file() + "---\n" + file("type: nope").replace("name: a", "name: b") + "---\n# nothing here\n---\n"
                        + file().replace("name: a", "name: c"));
        assertThat(reading.hooks()).extracting(EventHook::id).containsExactly("default/a", "default/c");
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.hookId()).isEqualTo("default/b");
            assertThat(problem.origin().line()).isEqualTo(17);
        });
    }

    @Test
    void theSameNameTwiceIsAProblemOfTheSecond() {
        Reading reading = reader.read("a.yaml", file() + "---\n" + file("additional: second"));
        assertThat(reading.hooks())
                .singleElement()
                .extracting(EventHook::additional)
                .isEqualTo("");
        assertThat(reading.problems())
                .singleElement()
                .asString()
                .isEqualTo("a.yaml:10:1 metadata.name: the hook default/a is already written above; keep one");
    }

    @Test
    void aKeyWrittenTwiceIsAProblem() {
        assertThat(reader.read("a.yaml", file("paused: true", "paused: false")).problems())
                .singleElement()
                .asString()
                .isEqualTo("a.yaml:10:3 spec.paused: is written twice; keep one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [1\nb: 2", "a: b\n\tc: d", "a: \"x", "a: *nowhere", "%", "a: \u0001"})
    void whatIsNotYamlIsUnreadableAndSaysWhere(String yaml) {
        Reading reading = reader.read("a.yaml", file() + "---\n" + yaml);
        assertThat(reading.unreadable()).isTrue();
        assertThat(reading.hooks()).isEmpty();
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).startsWith("is not YAML: ");
            assertThat(problem.origin().line()).isBetween(10, 12);
        });
    }

    @Test
    void deepNestingIsAProblemAndNoStackOverflow() {
        assertThat(reader.read("a.yaml", "[".repeat(100_000)).unreadable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(x{1000}){1000}",
                "((a{2,}){900}b{3,900}){900}",
                "DEEP",
                "((a{1000}){40}[(]){1000}",
                "((a{1000}){40}[^](]){1000}",
                "((a{1000}){40}[[:alpha:](]){1000}",
                "((a{1000}){40}[\\](]){1000}",
                "((a{1000}){40}\\Q(\\E){1000}"
            })
    void aRegexThatWouldEatAllMemoryIsRejected(String regex) {
        String written = regex.equals("DEEP") ? "(".repeat(20_000) + "a" + ")".repeat(20_000) : regex;
        assertThat(problemsOf(file("keywords: {matchType: REGEX, include: ['" + written + "']}")))
                .singleElement()
                .asString()
                .containsAnyOf("is too large", "is nested");
    }

    /** 8 kB of them took the memory of opsbus, and one of its size a minute of the router for each event. */
    @ParameterizedTest
    @CsvSource({
        "REGEX, (a{1000}){4}, 2",
        "REGEX, '(.{0,999}q){6}Z', 1",
        "CONTAINS, some of the words that somebody wants, 600"
    })
    void whatTheAuthorsOfResourcesWriteCostsLittle(String type, String word, int times) {
        String words = ("\"" + word + "\",").repeat(times);
        String resource = """
                {"apiVersion": "crd.chenshaowen.com/v1", "kind": "EventHooks", "metadata": {"namespace": "ops", "name": "r"},
                 "spec": {"type": "webhook", "subject": "ops.>", "url": "http://localhost/", "keywords": {"matchType": "%s", "exclude": [%s]}}}
                """;
        assertThat(reader.readResource("ops/r", resource.formatted(type, words.substring(0, words.length() - 1)))
                        .problems())
                .singleElement()
                .asString()
                .contains("spec.keywords", "are too large together");
        assertThat(reader.readResource(
                                "ops/r",
                                resource.formatted(type, "\"" + word.replaceAll("[{]\\d$|[{]\\d[}]", "{2}") + "\""))
                        .problems())
                .isEmpty();
        assertThat(problemsOf(file("keywords: {matchType: " + type + ", exclude: [" + words.replace('"', '\'') + "]}")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                "([0-9]{1,3}\\.){3}[0-9]{1,3}",
                "a{1000}",
                "\\({100}x",
                "((((((a|b)+)+)+)+)+)+$"
            })
    void regexesThatPeopleWriteAreNotTooLarge(String regex) {
        assertThat(only(file("keywords: {matchType: REGEX, include: ['" + regex + "']}"))
                        .keywords()
                        .include())
                .containsExactly(regex);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- route:\n    from: timer:tick\n",
                "- beans: []\n",
                "kind: Integration\n",
                "kind: Pipe\n",
                "kind: KameletBinding\n"
            })
    void aListAtTheRootAndTheKindsOfCamelKAreCamels(String text) {
        Reading reading = reader.read("a.yaml", text);
        assertThat(reading.camelRoutes()).isTrue();
        assertThat(reading.hooks()).isEmpty();
        assertThat(reading.problems()).isEmpty();
        Reading mixed = reader.read("a.yaml", file() + "---\n" + text);
        assertThat(mixed.camelRoutes()).isFalse();
        assertThat(mixed.hooks()).hasSize(1);
        assertThat(mixed.problems())
                .singleElement()
                .asString()
                .contains("Camel routes need a file of their own, without other documents");
        assertThat(reader.readResource("default/a", "{\"kind\":\"Pipe\"}").camelRoutes())
                .as("a custom resource is none")
                .isFalse();
    }

    @Test
    void otherThingsInAHookFileAreProblems() {
        assertThat(reader.read("a.yaml", file() + "---\n- route: {}\n").problems())
                .singleElement()
                .asString()
                .contains("Camel routes need a file of their own");
        assertThat(reader.read("a.yaml", "just words").problems())
                .singleElement()
                .asString()
                .contains("not an EventHooks document");
        assertThat(reader.read("a.yaml", Hooks.kamelet("x", "http", "", "{}", "to: log:x"))
                        .problems())
                .singleElement()
                .asString()
                .contains("move it to types/");
    }

    @Test
    void aFileOfCommentsHoldsNoHooks() {
        Reading reading = reader.read("a.yaml", "# later\n");
        assertThat(reading).isEqualTo(new Reading(List.of(), List.of(), false, false));
    }

    @Test
    void placeholdersTakeTheEnvironmentOrTheirDefault() {
        assertThat(only(file("url: '{{CHAT:http://localhost/}}'")).url()).isEqualTo("http://chat.local/in?key=1");
        assertThat(only(file("url: '{{env:CHAT}}&x=1'")).url()).isEqualTo("http://chat.local/in?key=1&x=1");
        assertThat(only(file("url: '{{NO:http://localhost:8080/a?b=c}}'")).url())
                .isEqualTo("http://localhost:8080/a?b=c");
        assertThat(only(file("additional: 'to {{env:WHO:nobody}}, {{WHO:}}'")).additional())
                .isEqualTo("to nobody, ");
        assertThat(only(file("options: {format: '{{FORMAT:json}}'}")).options()).containsEntry("format", "json");
    }

    @Test
    void whatTheEnvironmentSaysIsNotExpandedAgain() {
        HookReader nested = new HookReader(Hooks.TYPES, Map.of("A", "{{B}}", "B", "secret")::get);
        assertThat(nested.read("a.yaml", file("additional: '{{A}}'")).hooks())
                .singleElement()
                .extracting(EventHook::additional)
                .isEqualTo("{{B}}");
    }

    @Test
    void typedOptionsAreCheckedAgainstTheKamelet() {
        EventHook hook = only(file("type: pager", "options: {team: blue, level: 5, loud: yes}"));
        assertThat(hook.options()).isEqualTo(Map.of("team", "blue", "level", "5", "loud", "true"));
        assertThat(only(file("type: pager", "options: {team: blue, level: '5', loud: 'false'}"))
                        .options())
                .isEqualTo(Map.of("team", "blue", "level", "5", "loud", "false"));
        assertThat(problemsOf(file("type: pager")))
                .containsExactly("spec.options: the type pager needs the option team");
        assertThat(problemsOf(file("type: pager", "options: {team: 5, level: high, loud: 3}")))
                .containsExactlyInAnyOrder(
                        "spec.options.team: is a number; put it in quotes: \"5\"",
                        "spec.options.level: `high` is not a whole number; write for example 10",
                        "spec.options.loud: is a number; put it in quotes: \"3\"");
    }

    @Test
    void theUrlIsCheckedByWhatTheTypeSaysItIs() {
        assertThat(only(file("type: event", "url: alerts")).url()).isEqualTo("alerts");
        assertThat(problemsOf(file("type: event", "url: ops.clusters.>")))
                .singleElement()
                .asString()
                .startsWith("spec.url: \"ops.clusters.>\" has >");
        assertThat(problemsOf(file("type: event", "url: http://localhost/")))
                .singleElement()
                .asString()
                .startsWith("spec.url: ")
                .contains("is an address");
        assertThat(only(file("type: camel", "url: log:incidents?level=WARN")).url())
                .isEqualTo("log:incidents?level=WARN");
        assertThat(problemsOf(file("type: camel", "url: incidents")))
                .singleElement()
                .asString()
                .startsWith("spec.url: is not a Camel endpoint");
        assertThat(only(file("type: elasticsearch", "url: 'http://es:9200/ops-{YYYY.MM.DD}/_doc'"))
                        .url())
                .isEqualTo("http://es:9200/ops-{YYYY.MM.DD}/_doc");
    }

    @Test
    void everyHttpTypeTakesAProxyAndHeadersDottedOrNested() {
        for (String type : List.of("webhook", "xiezuo", "elasticsearch")) {
            assertThat(only(file(
                                    "type: " + type,
                                    "options: {proxy: none, header.X-Name: v, header: {Authorization: 'Bearer x'}}"))
                            .options())
                    .isEqualTo(Map.of("proxy", "none", "header.X-Name", "v", "header.Authorization", "Bearer x"));
        }
        assertThat(problemsOf(file("type: event", "url: alerts", "options: {header.X-Name: v}")))
                .singleElement()
                .asString()
                .contains("unknown key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            proxy: socks5://x:1                    | is no proxy
            proxy: ''                              | is no proxy
            header.Host: x                         | is a header that opsbus or the connection sets
            header.content-length: '1'             | is a header that opsbus or the connection sets
            header.Content-Type: x                 | is a header that opsbus or the connection sets
            header.Webhook-Id: x                   | is a header that opsbus or the connection sets
            header.OPSBUS-Request-Author: x        | is a header that opsbus or the connection sets
            header.CamelHttpUri: x                 | is a header that opsbus or the connection sets
            header.Transfer-Encoding: chunked      | is a header that opsbus or the connection sets
            header.Connection: x                   | is a header that opsbus or the connection sets
            header.Proxy-Authorization: x          | is a header that opsbus or the connection sets
            header.a b: x                          | is no name of a header
            header.: x                             | is no name of a header
            "header.a\\r\\nb": x                     | is no name of a header
            header: {"a:b": x}                     | is no name of a header
            header.X-A: "s3cret\\r\\nX-B: c"         | is no value of a header
            header.X-A: "s3cret\\u0001"                 | is no value of a header
            header.X-A: "s3creté"                | is no value of a header
            header.X-A: ""                         | is no value of a header
            header.X-A: 5                          | is a number
            header: [a]                            | is a list
            header: {x-a: b, X-A: c}               | is a header that is already written
            """)
    void aProxyOrAHeaderThatCannotBeSentIsRejectedAndItsValueNotShown(String option, String problem) {
        assertThat(problemsOf(file("options:\n  " + option)))
                .singleElement()
                .asString()
                .contains(problem)
                .startsWith("spec.options.")
                .doesNotContain("s3cret");
    }

    @Test
    void aHostMayHaveAnUnderscore() {
        assertThat(only(file("url: http://monitoring_teams:2000/alert")).url())
                .isEqualTo("http://monitoring_teams:2000/alert");
    }

    @Test
    void anAddressTakenFromTheOriginalsExamplesIsAccepted() {
        assertThat(only(file("url: http://x.x.x.x:x/trigger/action?key=")).url())
                .startsWith("http://x.x.x.x:x/");
    }

    @Test
    void aProblemNeverShowsTheKeysOfAUrl() {
        assertThat(problemsOf(file("url: 'http://example.com/send?key=s3cret value'")))
                .singleElement()
                .asString()
                .doesNotContain("s3cret");
    }

    @Test
    void resourcesComeThroughTheSameDoor() {
        Reading reading = reader.readResource("ops/r", """
                {"apiVersion":"crd.chenshaowen.com/v1","kind":"EventHooks","metadata":{"name":"r","namespace":"ops",
                "generation":2,"managedFields":[{"fieldsV1":{"f:spec":{".":{},"f:url":{}}}}],
                "annotations":{"note":"\\u4e2d \\ud83d\\ude00 \\/ \\t \\u007f  "}},
                "spec":{"type":"webhook","subject":"ops.>","url":"http://localhost/","additional":"{{CHAT}} \\ud83d\\ude00 \u2028\u0085\u007f\\/",
                "keywords":["a"],"paused":false},"status":{}}""");
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.hooks()).singleElement().satisfies(hook -> {
            assertThat(hook.origin()).hasToString("EventHooks ops/r");
            assertThat(hook.additional()).isEqualTo("{{CHAT}} \ud83d\ude00 \u2028\u0085\u007f/");
        });
    }

    @Test
    void aResourceMayNotReadOurEnvironment() {
        String resource = """
                {"apiVersion":"crd.chenshaowen.com/v1","kind":"EventHooks","metadata":{"name":"r","namespace":"ops"},
                "spec":{"type":"%s","subject":"ops.>","url":"%s","options":{%s}}}""";
        assertThat(reader.readResource("ops/r", resource.formatted("webhook", "{{CHAT}}", ""))
                        .problems())
                .singleElement()
                .asString()
                .isEqualTo("EventHooks ops/r spec.url: placeholders are for files only; write the url itself");
        assertThat(reader.readResource(
                                "ops/r", resource.formatted("pager", "http://localhost/", "\"team\":\"{{CHAT}}\""))
                        .problems())
                .singleElement()
                .asString()
                .isEqualTo(
                        "EventHooks ops/r spec.options.team: placeholders are for files only; write the value itself");
    }

    @Test
    void aListIsReadAsItsItemsAndEachProblemHasItsPlace() {
        String list = """
                apiVersion: v1
                kind: List
                metadata: {resourceVersion: ""}
                items:
                - apiVersion: crd.chenshaowen.com/v1
                  kind: EventHooks
                  metadata: {name: a, namespace: ops, uid: 1-2}
                  spec: {type: webhook, subject: ops.>, url: http://localhost/}
                - apiVersion: crd.chenshaowen.com/v1
                  kind: EventHooks
                  metadata: {name: b, namespace: ops}
                  spec:
                    type: webhook
                    subject: ops.x*
                    url: http://localhost/
                - apiVersion: crd.chenshaowen.com/v1
                  kind: EventHooks
                  metadata: {name: a, namespace: ops}
                  spec: {type: webhook, subject: ops.>, url: http://localhost/}
                ---
                """ + file();
        Reading reading = reader.read("a.yaml", list);
        assertThat(reading.hooks())
                .extracting(EventHook::id, hook -> hook.origin().toString())
                .containsExactly(tuple("ops/a", "a.yaml:5:3"), tuple("default/a", "a.yaml:21:1"));
        assertThat(reading.problems())
                .extracting(HookProblem::hookId, problem -> problem.origin().line())
                .containsExactlyInAnyOrder(tuple("ops/b", 14), tuple("ops/a", 16));
        assertThat(reader.read("a.yaml", "apiVersion: v1\nkind: List\nitems: []\n")
                        .problems())
                .isEmpty();
        assertThat(problemsOf("apiVersion: v1\nkind: List\nitem: []\n"))
                .containsExactlyInAnyOrder(
                        "item: unknown key; did you mean items?", "items: is required; write a list of EventHooks");
        assertThat(problemsOf("apiVersion: v1\nkind: List\nitems: [1, {kind: List, items: []}]\n"))
                .hasSizeGreaterThan(1);
    }

    @Test
    void ofAResourceThatCanNotBeReadItIsKnownWhichHookItIs() {
        Reading reading = reader.readResource("ops/r", "[".repeat(900) + "]".repeat(900));
        assertThat(reading.hooks()).isEmpty();
        assertThat(reading.unreadable()).isFalse();
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.hookId()).isEqualTo("ops/r");
            assertThat(problem.origin()).hasToString("EventHooks ops/r");
        });
    }

    @Test
    void theSameHookElsewhereInTheFileIsTheSame() {
        EventHook first = only(file());
        EventHook moved = only("# a line above\n" + file());
        assertThat(moved).isNotEqualTo(first);
        assertThat(moved.sameAs(first)).isTrue();
        assertThat(only(file("additional: x")).sameAs(first)).isFalse();
    }

    /** With look-ahead the original takes a hook and never fires; such are rejected, all others run. */
    @TestFactory
    Stream<DynamicTest> recordedHooksAreAcceptedOrRejectedForLookAhead() {
        return Recorded.hooks().stream()
                .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> {
                    Reading reading = reader.read(path.toString(), Files.readString(path));
                    if (Files.readString(path).contains("(?=")) {
                        assertThat(reading.hooks()).isEmpty();
                        assertThat(reading.problems())
                                .singleElement()
                                .asString()
                                .contains("spec.keywords.include[0]: has a look-around")
                                .contains("matchMode: ALL");
                    } else {
                        assertThat(reading.problems()).isEmpty();
                        assertThat(reading.hooks()).hasSize(1);
                    }
                }));
    }

    private EventHook only(String yaml) {
        Reading reading = reader.read("a.yaml", yaml);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.hooks()).hasSize(1);
        return reading.hooks().get(0);
    }

    private List<String> problemsOf(String yaml) {
        return reader.read("a.yaml", yaml).problems().stream()
                .map(HookProblem::message)
                .toList();
    }
}
