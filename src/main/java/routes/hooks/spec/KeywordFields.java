package routes.hooks.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads {@code keywords}: a mapping, or the list of the older schema, which means {@code include}. */
final class KeywordFields {

    static final Set<String> KEYS = Set.of("include", "exclude", "matchMode", "matchType");

    /** Of all keywords of a custom resource together: its author must not take all memory, nor the router's time. */
    private static final long MOST_STEPS = 5_000;

    private static final long MOST_CHARACTERS = 20_000;

    private KeywordFields() {}

    /** @param isFile whether the operator wrote it, and not the author of a custom resource */
    static Keywords read(Fields spec, String key, boolean isFile) {
        Keywords keywords = read(spec, key);
        boolean regex = keywords.matchType() == MatchType.REGEX;
        long size = Stream.concat(keywords.include().stream(), keywords.exclude().stream())
                .mapToLong(word -> regex ? RegexSize.of(word) : word.length())
                .sum();
        long most = regex ? MOST_STEPS : MOST_CHARACTERS;
        if (!isFile && size > most) {
            spec.report(
                    key,
                    "are too large together: " + size + (regex ? " steps of expressions" : " characters")
                            + ", and in a custom resource they may have " + most
                            + "; write fewer, or smaller counts in {}, or put the hook into a file");
        }
        return keywords;
    }

    private static Keywords read(Fields spec, String key) {
        if (spec.value(key).filter(MappingNode.class::isInstance).isPresent()) {
            return spec.mapping(key).map(KeywordFields::read).orElse(Keywords.NONE);
        }
        return new Keywords(spec.strings(key).orElse(List.of()), List.of(), MatchMode.ANY, MatchType.CONTAINS);
    }

    private static Keywords read(Fields keywords) {
        keywords.allowOnly(KEYS, key -> Suggestion.among(KEYS, key));
        MatchType type = choice(keywords, "matchType", MatchType.values(), MatchType.CONTAINS);
        MatchMode mode = choice(keywords, "matchMode", MatchMode.values(), MatchMode.ANY);
        return new Keywords(words(keywords, "include", type), words(keywords, "exclude", type), mode, type);
    }

    private static List<String> words(Fields keywords, String key, MatchType type) {
        return keywords.strings(key, word -> type == MatchType.REGEX ? KeywordRegex.problem(word) : Optional.empty())
                .orElse(List.of());
    }

    private static <T extends Enum<T>> T choice(Fields keywords, String key, T[] values, T fallback) {
        Optional<String> written = keywords.string(key);
        List<String> names = Arrays.stream(values).map(Enum::name).toList();
        if (written.isEmpty()) {
            return fallback;
        }
        if (!names.contains(written.get())) {
            keywords.report(key, "`" + written.get() + "` is unknown; " + Suggestion.among(names, written.get()));
            return fallback;
        }
        return values[names.indexOf(written.get())];
    }
}
