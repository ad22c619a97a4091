package routes.hooks.match;

import static org.assertj.core.api.Assertions.assertThat;
import static routes.hooks.spec.Hooks.hook;
import static routes.hooks.spec.Hooks.include;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;

class HookIndexTest {

    @Test
    void everyKindOfPatternIsFoundInTheOrderGiven() {
        HookIndex index = new HookIndex(List.of(
                hook("all", "ops.>", Keywords.NONE),
                hook("node", "ops.clusters.c.nodes.n.events", Keywords.NONE),
                hook("pods", "ops.clusters.*.namespaces.*.pods.*.events", Keywords.NONE),
                hook("nodes", "ops.clusters.*.nodes.*.events", Keywords.NONE),
                hook("longer", "ops.clusters.*.nodes.*.events.>", Keywords.NONE),
                hook("anything", ">", Keywords.NONE)));
        assertThat(index.matching("ops.clusters.c.nodes.n.events", () -> ""))
                .extracting(EventHook::name)
                .containsExactly("all", "node", "nodes", "anything");
    }

    @Test
    void theTextIsAskedForOnceAndOnlyIfAKeywordNeedsIt() {
        AtomicInteger asked = new AtomicInteger();
        HookIndex index = new HookIndex(List.of(
                hook("plain", "ops.plain.*", Keywords.NONE),
                hook("one", "ops.words.*", include(MatchMode.ANY, MatchType.CONTAINS, "fire")),
                hook("two", "ops.words.>", include(MatchMode.ANY, MatchType.CONTAINS, "water"))));
        assertThat(index.matching("ops.plain.x", () -> "fire " + asked.incrementAndGet()))
                .hasSize(1);
        assertThat(index.matching("ops.none.x", () -> "fire " + asked.incrementAndGet()))
                .isEmpty();
        assertThat(asked).hasValue(0);
        assertThat(index.matching("ops.words.x", () -> "fire " + asked.incrementAndGet()))
                .extracting(EventHook::name)
                .containsExactly("one");
        assertThat(asked).hasValue(1);
    }

    /**
     * A row of transitions for each of them, with a place for each other, took 1.6 GB: 200 kB in a custom resource
     * ended opsbus.
     */
    @Test
    void manyKindsOfCharactersTakeLittleMemory() {
        String[] words = IntStream.range(0x4e00, 0x4e00 + 20_000)
                .boxed()
                .flatMap(c -> Stream.of("" + (char) (int) c + "a", "" + (char) (int) c + "b"))
                .toArray(String[]::new);
        HookIndex index = new HookIndex(List.of(
                hook("all", "ops.>", include(MatchMode.ANY, MatchType.CONTAINS, words)),
                hook("one", "ops.>", include(MatchMode.ANY, MatchType.CONTAINS, "节点a", "é节", "\uD83D\uDE00"))));
        assertThat(index.matching("ops.a.b", () -> "x节点a"))
                .extracting(EventHook::name)
                .containsExactly("all", "one");
        assertThat(index.matching("ops.a.b", () -> "é节é"))
                .extracting(EventHook::name)
                .containsExactly("one");
        assertThat(index.matching("ops.a.b", () -> "\uD83D\uDE00"))
                .extracting(EventHook::name)
                .containsExactly("one");
        assertThat(index.matching("ops.a.b", () -> "节点c\uD83D\uDE01é")).isEmpty();
    }

    @Test
    void theIndexAgreesWithAskingEachHook() {
        Random random = new Random(20240607);
        List<EventHook> hooks = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            hooks.add(hook(
                    "h" + i,
                    subject(random, true),
                    random.nextBoolean() ? Keywords.NONE : include(MatchMode.ANY, MatchType.CONTAINS, word(random))));
        }
        HookIndex index = new HookIndex(hooks);
        int found = 0;
        for (int i = 0; i < 2_000; i++) {
            String subject = subject(random, false);
            String text = word(random) + " " + word(random);
            List<EventHook> expected = hooks.stream()
                    .filter(hook -> new HookMatcher(hook).decide(subject, text).fires())
                    .toList();
            assertThat(index.matching(subject, () -> text)).as(subject).isEqualTo(expected);
            found += expected.size();
        }
        assertThat(found).as("matches, so that the comparison means something").isGreaterThan(1_000);
    }

    private static String subject(Random random, boolean pattern) {
        StringBuilder subject = new StringBuilder("ops");
        int tokens = 1 + random.nextInt(4);
        for (int i = 0; i < tokens; i++) {
            boolean last = i == tokens - 1;
            subject.append('.')
                    .append(
                            pattern && random.nextInt(3) == 0
                                    ? last && random.nextBoolean() ? ">" : "*"
                                    : word(random));
        }
        return subject.toString();
    }

    private static String word(Random random) {
        return List.of("a", "b", "c").get(random.nextInt(3));
    }
}
