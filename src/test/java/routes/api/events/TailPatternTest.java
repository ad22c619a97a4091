package routes.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import routes.event.Subject;

class TailPatternTest {

    private final Random random = new Random(7);

    private String tokens(String last) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> List.of("a", "b", "*").get(random.nextInt(3)))
                .collect(Collectors.joining(".", "ops.", last))
                .replace("..", ".");
    }

    @Test
    void aPreparedPatternMatchesWhatNatsDoes() {
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            String pattern = tokens(List.of(".>", ".a", ".*").get(random.nextInt(3)));
            String subject = tokens(".a").replace('*', 'a');
            boolean matches = Subject.matches(pattern, subject);
            assertThat(new TailPattern(pattern).matches(TailPattern.split(subject)))
                    .as(pattern + " on " + subject)
                    .isEqualTo(matches);
            matched += matches ? 1 : 0;
        }
        assertThat(matched).isBetween(1_000, 19_000);
    }

    @Test
    void aWildcardInPlaceOfOpsMeansOps() {
        assertThat(new TailPattern(">")).hasToString("ops.>");
        assertThat(new TailPattern("*.x.>")).hasToString("ops.x.>");
    }
}
