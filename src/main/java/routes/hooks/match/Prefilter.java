package routes.hooks.match;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * What a text must at least hold to match a keyword or a hook. It never says no to a text that matches; a text it lets
 * pass need not match. The idea is that of RE2's FilteredRE2.
 *
 * @see <a href="https://github.com/google/re2/blob/main/re2/prefilter.h">RE2: prefilter.h</a>
 */
sealed interface Prefilter {

    /** Every text passes. */
    Prefilter ANYTHING = new AllOf(List.of());

    boolean allows(Predicate<Literal> isInText);

    /**
     * Literals of which each text that passes holds at least one; empty when no such set is known.
     *
     * @param uses how many hooks have a literal: where there is a choice, what few hooks ask for is expected in few
     *     texts
     */
    Optional<Set<Literal>> triggers(ToIntFunction<Literal> uses);

    void collect(Set<Literal> literals);

    /**
     * The text holds these characters in a row.
     *
     * @param ignoreCase written in lower case, and ASCII only: a letter also stands for its other forms, as in RE2
     */
    record Literal(String text, boolean ignoreCase) implements Prefilter {

        @Override
        public boolean allows(Predicate<Literal> isInText) {
            return isInText.test(this);
        }

        @Override
        public Optional<Set<Literal>> triggers(ToIntFunction<Literal> uses) {
            return Optional.of(Set.of(this));
        }

        @Override
        public void collect(Set<Literal> literals) {
            literals.add(this);
        }
    }

    record AllOf(List<Prefilter> parts) implements Prefilter {

        @Override
        public boolean allows(Predicate<Literal> isInText) {
            for (Prefilter part : parts) { // a stream costs more than what it asks
                if (!part.allows(isInText)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public Optional<Set<Literal>> triggers(ToIntFunction<Literal> uses) {
            Comparator<Set<Literal>> rarest = Comparator.comparingInt(
                    literals -> literals.stream().mapToInt(uses).sum());
            Comparator<Set<Literal>> shortest = Comparator.comparingInt(literals -> literals.stream()
                    .mapToInt(literal -> literal.text.length())
                    .min()
                    .orElseThrow());
            return parts.stream()
                    .map(part -> part.triggers(uses))
                    .flatMap(Optional::stream)
                    .min(rarest.thenComparing(shortest.reversed()));
        }

        @Override
        public void collect(Set<Literal> literals) {
            parts.forEach(part -> part.collect(literals));
        }
    }

    record AnyOf(List<Prefilter> parts) implements Prefilter {

        @Override
        public boolean allows(Predicate<Literal> isInText) {
            for (Prefilter part : parts) {
                if (part.allows(isInText)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Optional<Set<Literal>> triggers(ToIntFunction<Literal> uses) {
            Set<Literal> all = new LinkedHashSet<>();
            for (Prefilter part : parts) {
                Optional<Set<Literal>> some = part.triggers(uses);
                if (some.isEmpty()) {
                    return Optional.empty();
                }
                all.addAll(some.get());
            }
            return Optional.of(all);
        }

        @Override
        public void collect(Set<Literal> literals) {
            parts.forEach(part -> part.collect(literals));
        }
    }

    static Prefilter allOf(List<Prefilter> parts) {
        List<Prefilter> saying =
                parts.stream().filter(part -> !part.equals(ANYTHING)).toList();
        return saying.size() == 1 ? saying.get(0) : new AllOf(saying);
    }

    static Prefilter anyOf(List<Prefilter> parts) {
        if (parts.contains(ANYTHING)) {
            return ANYTHING;
        }
        return parts.size() == 1 ? parts.get(0) : new AnyOf(new ArrayList<>(parts));
    }
}
