package routes.hooks.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static routes.hooks.spec.Hooks.hook;
import static routes.hooks.spec.Hooks.include;
import static routes.hooks.spec.MatchMode.ALL;
import static routes.hooks.spec.MatchMode.ANY;
import static routes.hooks.spec.MatchType.CONTAINS;
import static routes.hooks.spec.MatchType.EXACT;
import static routes.hooks.spec.MatchType.REGEX;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.compat.Recorded;
import routes.event.Subject;
import routes.hooks.match.HookMatcher.Verdict;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.Hooks;
import routes.hooks.spec.Keywords;

class HookMatcherTest {

    private static final String SUBJECT = "ops.clusters.north.nodes.worker-7.events";
    private static final String TEXT =
            "cluster: north \nnode: worker-7 \nreason: DiskPressure \nmessage: 磁盘 is full \n";

    @Test
    void theSubjectDecidesFirst() {
        HookMatcher pods = new HookMatcher(hook("pods", "ops.clusters.*.namespaces.>", Keywords.NONE));
        assertThat(pods.decide(SUBJECT, TEXT)).isEqualTo(new Verdict(false, "subject"));
    }

    @Test
    void withoutKeywordsEveryTextIsWanted() {
        assertThat(decide(Keywords.NONE)).isEqualTo(new Verdict(true, "no keywords"));
    }

    @Test
    void theVerdictNamesTheKeywordThatDecided() {
        assertThat(decide(include(ANY, CONTAINS, "MemoryPressure", "DiskPressure", "full")))
                .isEqualTo(new Verdict(true, "include: DiskPressure"));
        assertThat(decide(include(ANY, CONTAINS, "MemoryPressure")))
                .isEqualTo(new Verdict(false, "no include matched"));
        assertThat(decide(include(ALL, CONTAINS, "DiskPressure", "full"))).isEqualTo(new Verdict(true, "include: all"));
        assertThat(decide(include(ALL, CONTAINS, "DiskPressure", "empty", "worker-8")))
                .isEqualTo(new Verdict(false, "include missing: empty"));
    }

    @Test
    void oneExcludeIsEnoughWhateverTheModeAndTheIncludes() {
        assertThat(decide(new Keywords(List.of("full"), List.of("south", "north"), ALL, CONTAINS)))
                .isEqualTo(new Verdict(false, "exclude: north"));
        assertThat(decide(new Keywords(List.of(), List.of("south"), ANY, CONTAINS)))
                .isEqualTo(new Verdict(true, "no exclude matched"));
    }

    @Test
    void anExcludedRegexExcludes() {
        assertThat(decide(new Keywords(List.of(), List.of("worker-[0-9]"), ANY, REGEX))
                        .fires())
                .isFalse();
    }

    @Test
    void exactMeansTheWholeText() {
        assertThat(decide(include(ANY, EXACT, TEXT)).fires()).isTrue();
        assertThat(decide(include(ANY, EXACT, TEXT.strip())).fires()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Disk[A-Z]ressure              | true
            ^reason                       | false
            (?m)^reason                   | true
            worker.*full                  | true
            (?m)worker.*full              | false
            (?sm)worker.*full             | true
            full $                        | false
            full \\n$                     | true
            \\p{Han}+ is                  | true
            message: \\w                  | false
            diskpressure                  | false
            (?i)diskpressure              | true
            """)
    void regexesAreFoundInTheTextAsInTheOriginal(String regex, boolean found) {
        assertThat(decide(include(ANY, REGEX, regex.replace("\\\\", "\\"))).fires())
                .isEqualTo(found);
    }

    @Test
    void aRegexThatBacktracksElsewhereCostsMilliseconds() {
        HookMatcher matcher = new HookMatcher(hook("evil", SUBJECT, include(ANY, REGEX, "(a+)+$")));
        String text = "a".repeat(10_000) + "b";
        matcher.decide(SUBJECT, text);
        long start = System.nanoTime();
        assertThat(matcher.decide(SUBJECT, text).fires()).isFalse();
        assertThat((System.nanoTime() - start) / 1_000_000).as("milliseconds").isLessThan(500);
    }

    /**
     * Where we differ on purpose: what the original swallowed (it never fired, or meant something else) is rejected.
     */
    private static final Map<String, String> REJECTED = Map.of(
            "lowercase mode any never triggers", "spec.keywords.matchMode: `any` is unknown; did you mean ANY?",
            "lowercase mode all never triggers", "spec.keywords.matchMode: `all` is unknown; did you mean ALL?",
            "unknown type falls to contains", "spec.keywords.matchType: `FOO` is unknown",
            "regex invalid never matches", "spec.keywords.include[0]: is not a regular expression",
            "regex lookahead never matches (RE2)", "spec.keywords.include[0]: has a look-around",
            "regex backreference never matches (RE2)", "spec.keywords.include[0]: has a back-reference");

    @TestFactory
    Stream<DynamicTest> recordedVerdictsHold() {
        return Recorded.cases("keyword-match.json")
                .map(one -> DynamicTest.dynamicTest(one.get("Name").asText(), () -> holds(one)));
    }

    private static void holds(JsonNode one) {
        HookReader.Reading reading =
                new HookReader(Hooks.TYPES, name -> null).read("case", Hooks.file("keywords: " + one.get("Keywords")));
        String rejection = REJECTED.get(one.get("Name").asText());
        if (rejection != null) {
            assertThat(reading.hooks()).isEmpty();
            assertThat(reading.problems()).singleElement().asString().contains(rejection);
        } else {
            assertThat(reading.problems()).isEmpty();
            assertThat(new HookMatcher(reading.hooks().get(0))
                            .decide(SUBJECT, one.get("Text").asText())
                            .fires())
                    .isEqualTo(one.get("Match").asBoolean());
        }
    }

    @TestFactory
    Stream<DynamicTest> theRecordedMatrixHolds() throws IOException {
        Map<String, Optional<EventHook>> hooks = new HashMap<>();
        for (Path file : Recorded.hooks()) {
            String name = file.getFileName().toString().replace(".yaml", "");
            HookReader.Reading reading =
                    new HookReader(Hooks.TYPES, unset -> null).read(file.toString(), Files.readString(file));
            hooks.put(name, reading.hooks().stream().findFirst());
            assertThat(reading.hooks()).as(name).hasSize(name.startsWith("look-ahead") ? 0 : 1);
        }
        Map<String, JsonNode> events = new HashMap<>();
        Recorded.json("hook-matrix.json")
                .get("events")
                .forEach(event -> events.put(event.get("Name").asText(), event));
        return Recorded.cells()
                .map(cell -> DynamicTest.dynamicTest(
                        cell.get("Hook").asText() + " " + cell.get("Event").asText(),
                        () -> cellHolds(
                                cell,
                                hooks.get(cell.get("Hook").asText()),
                                events.get(cell.get("Event").asText()))));
    }

    private static void cellHolds(JsonNode cell, Optional<EventHook> hook, JsonNode event) {
        if (hook.isEmpty()) {
            assertThat(cell.get("Fires").asBoolean())
                    .as("a hook that is rejected never fires")
                    .isFalse();
            return;
        }
        String subject = event.get("Event").get("subject").asText();
        String text = event.get("Readable").asText();
        HookMatcher matcher = new HookMatcher(hook.get());
        assertThat(Subject.matches(hook.get().subject(), subject))
                .as("subject")
                .isEqualTo(cell.get("SubjectMatch").asBoolean());
        assertThat(matcher.decide(text).fires())
                .as("keywords")
                .isEqualTo(cell.get("KeywordMatch").asBoolean());
        assertThat(matcher.decide(subject, text).fires())
                .as("fires")
                .isEqualTo(cell.get("Fires").asBoolean());
        assertThat(new HookIndex(List.of(hook.get())).matching(subject, () -> text))
                .as("the index")
                .hasSize(cell.get("Fires").asBoolean() ? 1 : 0);
    }

    /** The matrix has the original's dotted subjects, which {@code nodes.*} misses; ours have one token for a name. */
    @Test
    void aDottedNodeNameMatchesOneWildcard() {
        String subject = Subject.ofKubernetes("c1", null, "nodes", "ip-10-0-0-1.ec2.internal", "events");
        HookMatcher nodes = new HookMatcher(hook("nodes", "ops.clusters.*.nodes.*.events", Keywords.NONE));
        assertThat(nodes.decide(subject, TEXT).fires()).isTrue();
    }

    @Test
    void aRegexThatTheReaderRejectsIsNeverSilentlyIgnored() {
        EventHook broken = hook("broken", SUBJECT, include(ANY, REGEX, "("));
        assertThatThrownBy(() -> new HookMatcher(broken)).isInstanceOf(PatternSyntaxException.class);
    }

    private static Verdict decide(Keywords keywords) {
        return new HookMatcher(hook("h", "ops.clusters.*.nodes.*.events", keywords)).decide(SUBJECT, TEXT);
    }
}
