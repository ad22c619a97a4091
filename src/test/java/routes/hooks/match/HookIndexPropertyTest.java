package routes.hooks.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import routes.hooks.match.Prefilter.Literal;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.KeywordRegex;

/**
 * What is fast decides as what is plain does, on random hooks and events. A failure names the seed that makes it again.
 */
class HookIndexPropertyTest {

    private static final int SETS = 12_000;
    private static final int EVENTS = 10;

    @Test
    void theIndexDecidesAsAskingEachHookDoes() {
        long fired = 0;
        for (int seed = 0; seed < SETS; seed++) {
            RandomHooks random = new RandomHooks(seed);
            List<EventHook> hooks = random.hooks();
            HookIndex index = new HookIndex(hooks);
            for (int event = 0; event < EVENTS; event++) {
                String subject = random.subject(false);
                String text = random.text(12);
                List<EventHook> expected = PlainMatcher.matching(hooks, subject, text);
                assertThat(index.matching(subject, () -> text))
                        .as("seed %d, subject %s, text <%s>, hooks %s", seed, subject, text, hooks)
                        .isEqualTo(expected);
                assertThat(hooks.stream()
                                .filter(hook -> new HookMatcher(hook)
                                        .decide(subject, text)
                                        .fires())
                                .toList())
                        .as("one by one: seed %d, subject %s, text <%s>", seed, subject, text)
                        .isEqualTo(expected);
                if (event == 0) {
                    index.explain(
                            subject,
                            text,
                            MatchLimit.NONE,
                            (hook, asking) ->
                                    assertThat(asking.get()).isEqualTo(new HookMatcher(hook).decide(subject, text)));
                }
                fired += expected.size();
            }
        }
        assertThat(fired)
                .as("hooks that fired, so that the comparison means something")
                .isGreaterThan(SETS);
    }

    @Test
    void aPrefilterLetsPassEveryTextThatTheRegexFinds() {
        int found = 0;
        int selective = 0;
        for (int seed = 0; seed < 100_000; seed++) {
            RandomHooks random = new RandomHooks(seed);
            String regex = random.regex();
            Prefilter prefilter = RegexPrefilter.of(regex);
            Pattern pattern = KeywordRegex.compile(regex);
            for (int i = 0; i < 5; i++) {
                String text = random.text(12);
                boolean finds = pattern.matcher(text).find();
                boolean allows = prefilter.allows(literal -> in(text, literal));
                assertThat(allows || !finds)
                        .as(
                                "seed %d: %s finds <%s>, but its prefilter %s does not let it pass",
                                seed, regex, text, prefilter)
                        .isTrue();
                found += finds ? 1 : 0;
                selective += allows ? 0 : 1;
            }
        }
        assertThat(found).as("texts found").isGreaterThan(10_000);
        assertThat(selective).as("texts that need no regex").isGreaterThan(10_000);
    }

    @Test
    void theScannerFindsWhatEachLiteralAloneWouldFind() {
        long inTexts = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            RandomHooks random = new RandomHooks(seed);
            Set<Literal> literals = Stream.generate(() -> literal(random))
                    .limit(20)
                    .filter(literal -> !literal.text().isEmpty())
                    .collect(Collectors.toSet());
            LiteralScanner scanner = new LiteralScanner(literals);
            String text = random.text(30);
            LiteralScanner.Found scan = scanner.scan(text);
            Set<Integer> numbers = new HashSet<>();
            scan.forEachNumber(
                    number -> assertThat(numbers.add(number)).as("told once").isTrue());
            Set<Literal> expected =
                    literals.stream().filter(literal -> in(text, literal)).collect(Collectors.toSet());
            assertThat(literals)
                    .as("seed %d, text <%s>, literals %s", seed, text, literals)
                    .allSatisfy(literal -> {
                        assertThat(scan.test(literal)).isEqualTo(expected.contains(literal));
                        assertThat(numbers.contains(scanner.number(literal))).isEqualTo(expected.contains(literal));
                    });
            inTexts += expected.size();
        }
        assertThat(inTexts).isGreaterThan(20_000);
    }

    private static Literal literal(RandomHooks random) {
        String text = random.text(5);
        boolean lowerAscii = text.chars().allMatch(c -> c < 0x80 && !Character.isUpperCase(c));
        return new Literal(text, lowerAscii && text.hashCode() % 2 == 0);
    }

    private static boolean in(String text, Literal literal) {
        return literal.ignoreCase()
                ? Pattern.compile(Pattern.quote(literal.text()), Pattern.CASE_INSENSITIVE)
                        .matcher(text)
                        .find()
                : text.contains(literal.text());
    }
}
