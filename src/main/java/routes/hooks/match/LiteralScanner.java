package routes.hooks.match;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import routes.hooks.match.Prefilter.Literal;

/** Finds in one pass which of all hooks' literals are in a text, those that ignore case among them. Immutable. */
final class LiteralScanner {

    private static final int WIDE = 0x100;

    private final Map<Literal, Integer> numbers = new HashMap<>();
    private final AhoCorasick exact;
    private final AhoCorasick ignoringCase;

    LiteralScanner(Collection<Literal> literals) {
        exact = automaton(literals, false);
        ignoringCase = automaton(literals, true);
    }

    private AhoCorasick automaton(Collection<Literal> literals, boolean ignoreCase) {
        int first = numbers.size() + 1;
        List<String> texts = new ArrayList<>();
        for (Literal literal : literals) {
            if (literal.ignoreCase() == ignoreCase && numbers.putIfAbsent(literal, first + texts.size()) == null) {
                texts.add(ignoreCase ? literal.text() : inFewSigns(literal.text()));
            }
        }
        return new AhoCorasick(texts, first, ignoreCase);
    }

    /**
     * A character beyond Latin-1 as two: an automaton has a row of all its characters for each state that branches,
     * which with 20,000 kinds of Chinese characters, in a hook of 200 kB, took all memory there is.
     */
    private static String inFewSigns(String literal) {
        StringBuilder signs = new StringBuilder(literal.length());
        literal.chars().forEach(c -> {
            if (c < WIDE) {
                signs.append((char) c);
            } else {
                signs.append(high((char) c)).append(low((char) c));
            }
        });
        return signs.toString();
    }

    private static char high(char c) {
        return (char) (WIDE + (c >>> Byte.SIZE));
    }

    private static char low(char c) {
        return (char) (2 * WIDE + (c & 0xff));
    }

    /** Its number, from 1 to the number of literals. */
    int number(Literal literal) {
        return numbers.get(literal);
    }

    Found scan(String text) {
        IntSet found = new IntSet();
        int exactly = AhoCorasick.START;
        int ignoring = AhoCorasick.START;
        for (int i = 0; i < text.length(); i++) { // both at once: each waits for memory most of its time
            char c = text.charAt(i);
            exactly = c < WIDE ? exact.read(exactly, c) : exact.read(exact.read(exactly, high(c)), low(c));
            ignoring = ignoringCase.read(ignoring, c);
            if (AhoCorasick.literalEndsAt(exactly)) {
                exact.addTo(found, exactly);
            }
            if (AhoCorasick.literalEndsAt(ignoring)) {
                ignoringCase.addTo(found, ignoring);
            }
        }
        return new Found(found);
    }

    /** The literals that are in a text. */
    final class Found implements Predicate<Literal> {

        private final IntSet inText;

        private Found(IntSet inText) {
            this.inText = inText;
        }

        @Override
        public boolean test(Literal literal) {
            return inText.contains(number(literal));
        }

        void forEachNumber(IntConsumer action) {
            inText.forEach(action);
        }
    }
}
