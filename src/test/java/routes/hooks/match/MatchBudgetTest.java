package routes.hooks.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Hooks;
import routes.hooks.spec.KeywordRegex;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;
import routes.hooks.spec.Origin;
import routes.hooks.spec.RegexSize;

/** What the expressions of hooks cost the router, in CPU time of the thread, whatever their authors write. */
@Tag("alone")
class MatchBudgetTest {

    private static final String SUBJECT = "ops.x";
    private static final LongSupplier STANDS = () -> 0; // no time passes, so nothing comes back

    private final LongSupplier cpu = CpuClock.ofCaller();

    private static EventHook hook(String namespace, String name, boolean file, String... expressions) {
        Keywords keywords = new Keywords(List.of(expressions), List.of(), MatchMode.ANY, MatchType.REGEX);
        return new EventHook(
                namespace,
                name,
                "webhook",
                "ops.>",
                "http://localhost/",
                Map.of(),
                keywords,
                "",
                false,
                new Origin(name, file ? 1 : 0, 0));
    }

    /** One that a custom resource may have, and that looks at hundreds or thousands of states for each character. */
    private static String expensive(Random random) {
        while (true) {
            String any =
                    List.of(".", "[a-y ]", "[^Z]", "\\w?.", "(?:.|q)", "(.)").get(random.nextInt(6));
            String written = "(" + any + "{0," + (20 + random.nextInt(900)) + "}" + "q".repeat(random.nextInt(2)) + "){"
                    + (1 + random.nextInt(60)) + "}"
                    + List.of("Z", "$Z", "Z{3}").get(random.nextInt(3));
            long size = RegexSize.of(written);
            if (size > 1_000 && size <= 5_000) {
                return written;
            }
        }
    }

    private static String text(Random random, int length) {
        String few = "aq bcdefg\n";
        StringBuilder text = new StringBuilder("pod-7 was OOMKilled, error: timeout ");
        while (text.length() < length) {
            text.append(few.charAt(random.nextInt(few.length())));
        }
        return text.toString();
    }

    @Test
    void whateverResourcesHoldTheRouterPaysTheirBudgetAndAllOthersAreAsked() {
        Random random = new Random(1);
        List<EventHook> hooks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            hooks.add(hook("hostile", "h" + i, false, expensive(random)));
        }
        List<EventHook> honest = List.of(
                hook("ops", "resource", false, "pod-[0-9]+ .*OOM", "evicted"),
                hook("ops", "file", true, "error.*timeout"),
                new EventHook(
                        "hostile",
                        "words",
                        "webhook",
                        "ops.>",
                        "http://localhost/",
                        Map.of(),
                        Hooks.include(MatchMode.ANY, MatchType.CONTAINS, "OOMKilled"),
                        "",
                        false,
                        new Origin("w", 0, 0)));
        hooks.addAll(honest);
        HookIndex index = new HookIndex(hooks);
        MatchBudget budget = new MatchBudget(STANDS, cpu);
        List<Integer> lengths = new ArrayList<>(IntStream.range(0, 200)
                .map(i -> 50 + random.nextInt(3_000))
                .boxed()
                .toList());
        lengths.addAll(List.of(1_000_000, 100_000));
        Map<EventHook, MatchTooSlowException> aside = new LinkedHashMap<>();
        long bound = MatchBudget.BURST.toNanos();
        long before = cpu.getAsLong();
        for (int length : lengths) {
            String text = text(random, length);
            bound += (100_000 + 100L * length) * 12
                    + Duration.ofMillis(1).toNanos(); // what is free, and the honest ones
            Map<EventHook, MatchTooSlowException> givenUp = new LinkedHashMap<>();
            assertThat(index.matching(SUBJECT, () -> text, budget.forEvent(), givenUp::put))
                    .containsExactlyElementsOf(honest);
            for (EventHook hook : givenUp.keySet()) {
                index = index.without(hook);
            }
            aside.putAll(givenUp);
        }
        long spent = cpu.getAsLong() - before;
        assertThat(aside)
                .hasSizeGreaterThan(50)
                .allSatisfy((hook, why) -> assertThat(hook.namespace()).isEqualTo("hostile"));
        bound += aside.size() * Duration.ofMillis(20).toNanos(); // between two looks, on a slow machine
        assertThat(Duration.ofNanos(spent)).isLessThan(Duration.ofNanos(bound));
        HookIndex last = index;
        assertThat(aside.keySet())
                .allSatisfy(hook -> assertThat(
                                last.matching(SUBJECT, () -> "Z".repeat(9), budget.forEvent(), (one, why) -> {}))
                        .doesNotContain(hook));
    }

    @Test
    void ordinaryExpressionsAreFreeOnLongTextsAndInStorms() {
        List<EventHook> hooks = new ArrayList<>(List.of(
                hook("ops", "a", false, "error.*timeout"),
                hook("ops", "b", false, "(?i)oomkilled|evicted"),
                hook("ops", "c", false, "pod-[0-9]+ was"),
                hook("ops", "d", false, "(?m)^pod.*:")));
        Random random = new Random(2);
        MatchBudget budget = new MatchBudget(STANDS, cpu);
        HookIndex few = new HookIndex(hooks);
        for (int i = 0; i < 10; i++) {
            String text = text(random, 1_000_000);
            assertThat(few.matching(SUBJECT, () -> text, budget.forEvent(), (hook, why) -> {
                        throw why;
                    }))
                    .isEqualTo(hooks);
        }
        IntStream.range(0, 16).forEach(i -> hooks.add(hook("ops", "more" + i, false, "pod-[0-9]+ .*OOM")));
        HookIndex many = new HookIndex(hooks);
        for (int i = 0; i < 5_000; i++) {
            String text = text(random, 300);
            assertThat(many.matching(SUBJECT, () -> text, budget.forEvent(), (hook, why) -> {
                        throw why;
                    }))
                    .hasSameSizeAs(hooks);
        }
    }

    /** Without a bucket: however often, but no match without an end. */
    @Test
    void theOperatorsExpressionsEndToo() {
        AtomicLong time = new AtomicLong();
        MatchBudget budget = new MatchBudget(
                STANDS, () -> time.addAndGet(Duration.ofSeconds(1).toNanos()));
        HookIndex index = new HookIndex(
                List.of(hook("ops", "slow", true, "(.{0,999}q){4}Z"), hook("ops", "ordinary", true, "error.*timeout")));
        String text = text(new Random(3), 10_000);
        List<EventHook> givenUp = new ArrayList<>();
        assertThat(index.matching(SUBJECT, () -> text, budget.forEvent(), (hook, why) -> givenUp.add(hook)))
                .extracting(EventHook::name)
                .containsExactly("ordinary");
        assertThat(givenUp).extracting(EventHook::name).containsExactly("slow");
        assertThat(time.get())
                .isBetween(
                        Duration.ofSeconds(5).toNanos(), Duration.ofSeconds(8).toNanos());
    }

    @Test
    void aBucketHoldsItsBurstAndATwentiethOfTheTimeComesBack() {
        AtomicLong now = new AtomicLong();
        CpuBucket bucket = new CpuBucket(Duration.ofMillis(500), 20, now::get);
        assertThat(bucket.spend(499_000_000)).isTrue();
        assertThat(bucket.isFull()).isFalse();
        assertThat(bucket.spend(1_000_000)).isFalse();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(bucket.spend(49_000_000)).isTrue();
        assertThat(bucket.spend(1_000_000)).isFalse();
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(bucket.isFull()).isTrue();
        assertThat(bucket.spend(500_000_000)).isFalse();
    }

    /** RE2/J keeps its machines for the next match: one that was stopped half-way must not be among them. */
    @Test
    void paidOrGivenUpAMatchDecidesAsAnyOtherAndLeavesNothingBehind() {
        int givenUp = 0;
        int found = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            RandomHooks random = new RandomHooks(seed);
            String written = random.regex();
            Pattern regex = KeywordRegex.compile(written);
            String text = random.text(40);
            AtomicLong reads = new AtomicLong();
            int stopAt = seed % 7;
            MatchLimit stopped =
                    (pattern, in) -> pattern.matcher(new Stopping(in, stopAt)).find();
            try {
                stopped.finds(regex, text);
            } catch (MatchTooSlowException e) {
                givenUp++;
            }
            boolean plain = KeywordRegex.compile(written).matcher(text).find();
            assertThat(new MeteredMatching(0, nanos -> true, reads::incrementAndGet).finds(regex, text))
                    .as("seed %d: %s in <%s>", seed, written, text)
                    .isEqualTo(plain);
            assertThat(regex.matcher(text).find()).isEqualTo(plain);
            found += plain ? 1 : 0;
        }
        assertThat(givenUp).isGreaterThan(5_000);
        assertThat(found).isGreaterThan(5_000);
    }

    /** As the text that pays, after so many characters. */
    private record Stopping(String text, AtomicLong left) implements CharSequence {

        Stopping(String text, int characters) {
            this(text, new AtomicLong(characters));
        }

        @Override
        public char charAt(int index) {
            if (left.decrementAndGet() < 0) {
                throw new MatchTooSlowException(Duration.ZERO);
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }
    }

    @Test
    void theSizeOfAnExpressionIsThatOfItsProgram() {
        List<String> written = new ArrayList<>(List.of(
                "(".repeat(200) + "a" + ")".repeat(200) + "{10}",
                "()".repeat(90) + "{20}",
                "(^$){1000}",
                "(|a){1000}",
                "(a?){1000}",
                "\\pL{50}"));
        Random random = new Random(4);
        IntStream.range(0, 300).forEach(i -> written.add(expensive(random)));
        IntStream.range(0, 20_000).forEach(seed -> written.add(new RandomHooks(seed).regex()));
        assertThat(written)
                .allSatisfy(
                        regex -> assertThat((long) KeywordRegex.compile(regex).programSize())
                                .as(regex)
                                .isLessThan(10 + 3 * RegexSize.of(regex)));
        assertThat(RegexSize.problem("\\pL".repeat(2_500)))
                .as("tables of 600 ranges each")
                .isPresent();
    }
}
