package routes.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.hooks.match.HookIndex;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.HookTypes;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchType;

/** What the bench says of its hooks and events is so. */
class WorkloadTest {

    private static List<WorkloadHook> hooks(int count) {
        return WorkloadHook.first(count, number -> "http://127.0.0.1:9/hooks/" + number);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000, 10_000})
    void threeOfFiveHooksAreContainsAndAllHaveFiveKeywordsThatNoOtherHas(int count) {
        List<WorkloadHook> hooks = hooks(count);
        assertThat(hooks.stream().filter(hook -> hook.hook().keywords().matchType() == MatchType.CONTAINS))
                .hasSize(count * 6 / 10);
        assertThat(hooks.stream().filter(hook -> hook.hook().keywords().matchType() == MatchType.REGEX))
                .hasSize(count * 4 / 10);
        assertThat(hooks)
                .allSatisfy(hook -> assertThat(hook.hook().keywords().include()).hasSize(WorkloadHook.KEYWORDS));
        assertThat(hooks.stream().flatMap(hook -> hook.hook().keywords().include().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void hooksListenOnTwoHundredSubjectsWithAndWithoutWildcards() {
        List<String> subjects = hooks(1_000).stream()
                .map(hook -> hook.hook().subject())
                .distinct()
                .toList();
        assertThat(subjects)
                .hasSize(HookSubjects.DISTINCT)
                .allMatch(subject -> Subject.problem(subject).isEmpty());
        assertThat(subjects.stream().filter(Subject::isConcrete)).hasSizeBetween(40, 80);
        assertThat(hooks(10).stream().map(hook -> hook.hook().subject())).doesNotHaveDuplicates();
        assertThat(hooks(10_000).stream().map(hook -> hook.hook().subject()).distinct())
                .hasSize(HookSubjects.DISTINCT);
    }

    @Test
    void hooksAreReadFromTheirFilesAsTheyAre() {
        HookReader reader = new HookReader(HookTypes.builtIn(), name -> null);
        assertThat(hooks(200)).allSatisfy(hook -> {
            HookReader.Reading reading = reader.read(WorkloadHook.fileName(hook.number()), hook.yaml());
            assertThat(reading.problems()).isEmpty();
            assertThat(reading.hooks()).singleElement().matches(read -> read.sameAs(hook.hook()), "is " + hook.hook());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000})
    void thePromisedShareOfEventsMatchesAndTheRestDoesNot(int count) {
        List<WorkloadHook> hooks = hooks(count);
        HookIndex index = new HookIndex(hooks.stream().map(WorkloadHook::hook).toList());
        Workload events = Workload.of(hooks, Workload.SHARE, 0, 40);
        assertThat(events.share()).isCloseTo(Workload.SHARE, within(1e-9));
        IntStream.iterate(0, number -> number < 4_000, number -> number + 50).forEach(number -> {
            PreparedEvent event = events.event(number);
            assertThat(index.matching(event.subject(), event::text).stream().map(EventHook::name))
                    .as(event.text())
                    .containsExactlyElementsOf(
                            event.hooks().stream().map(WorkloadHook::hookName).toList());
        });
        assertThat(IntStream.range(0, 20)
                        .mapToObj(n -> events.event(n * 100))
                        .flatMap(event -> event.hooks().stream())
                        .distinct()
                        .count())
                .isGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000})
    void everyEventIsOnASubjectThatSomeHookListensOn(int count) {
        List<String> subjects = hooks(count).stream()
                .map(hook -> hook.hook().subject())
                .distinct()
                .toList();
        Workload events = Workload.unchecked(hooks(count), Workload.SHARE, 0);
        assertThat(IntStream.range(0, 1_000).mapToObj(events::event))
                .allSatisfy(
                        event -> assertThat(subjects).anyMatch(subject -> Subject.matches(subject, event.subject())));
    }

    @Test
    void anOrdinaryEventThatMatchesIsNoticed() {
        List<WorkloadHook> ten = hooks(10);
        WorkloadHook greedy =
                new WorkloadHook(10, "greedy", everything(ten.get(0).hook()), List.of("x"));
        assertThatThrownBy(() -> Workload.of(
                        Stream.concat(ten.stream(), Stream.of(greedy)).toList(), Workload.SHARE, 0, 40))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("an ordinary event matches");
    }

    private static EventHook everything(EventHook like) {
        return new EventHook(
                like.namespace(),
                "greedy",
                like.type(),
                "ops.clusters.*.>",
                like.url(),
                like.options(),
                Keywords.NONE,
                "",
                false,
                like.origin());
    }

    @Test
    void eachPublishedEventHasAnIdOfItsOwnWhichIsItsMessageIdToo() throws Exception {
        PreparedEvent event = Workload.unchecked(hooks(10), Workload.SHARE, 0).event(7);
        for (long number : new long[] {0, 42, 999_999_999_999L}) {
            var message = event.message(number);
            String id =
                    new ObjectMapper().readTree(message.getData()).path("id").textValue();
            assertThat(id)
                    .isEqualTo(message.getHeaders().getFirst("Nats-Msg-Id"))
                    .endsWith("/%012d".formatted(number));
            assertThat(PreparedEvent.numberOf(id + "/bench/hook-00001")).isEqualTo(number);
            assertThat(OpsEvent.parse(message.getSubject(), message.getData(), "x")
                            .text())
                    .isEqualTo(event.text());
        }
    }

    @Test
    void eventsHaveTheSizeThatWasAskedFor() {
        assertThat(Workload.unchecked(hooks(10), Workload.SHARE, 0).bytes()).isBetween(650.0, 850.0);
        assertThat(Workload.unchecked(hooks(10), Workload.SHARE, 2_000).bytes()).isBetween(2_000.0, 2_150.0);
    }
}
