package routes.hooks;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads {@code keywords}: a mapping, or the list of the older schema, which means {@code include}. */
final class KeywordFields {

    static final Set<String> KEYS = Set.of("include", "exclude", "matchMode", "matchType");

    private KeywordFields() {
    }

    static Keywords read(Fields spec, String key) {
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
