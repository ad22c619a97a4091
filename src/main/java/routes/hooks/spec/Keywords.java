package routes.hooks.spec;

import java.util.List;

/** The {@code spec.keywords} of a hook: which texts it wants. */
public record Keywords(List<String> include, List<String> exclude, MatchMode matchMode, MatchType matchType) {

    /** No keywords: every text is wanted. */
    public static final Keywords NONE = new Keywords(List.of(), List.of(), MatchMode.ANY, MatchType.CONTAINS);

    public Keywords {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    public boolean isEmpty() {
        return include.isEmpty() && exclude.isEmpty();
    }
}
