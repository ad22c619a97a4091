package routes.hooks.http.chat;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import routes.event.WireJson;

/** Whom a chat's API is told to mention, beside the text: options that are lists, written with commas. */
final class MentionList {

    private MentionList() {}

    /** {@code "name":["a","b"]}, or nothing when the option names nobody. */
    static Collection<String> member(String name, String option) {
        List<String> names = Arrays.stream(option.split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .map(WireJson::quote)
                .toList();
        return names.isEmpty()
                ? List.of()
                : List.of(names.stream().collect(Collectors.joining(",", WireJson.quote(name) + ":[", "]")));
    }
}
