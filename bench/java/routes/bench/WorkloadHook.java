package routes.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.Keywords;
import routes.hooks.spec.MatchMode;
import routes.hooks.spec.MatchType;
import routes.hooks.spec.Origin;

/**
 * A hook of the workload.
 *
 * @param number from 0; the same number is the same hook in every run
 * @param name its keywords are about things of this name; no other hook's are
 * @param examples for each of its keywords a piece of a message in which it is found
 */
record WorkloadHook(int number, String name, EventHook hook, List<String> examples) {

    static final String NAMESPACE = "bench";
    static final int KEYWORDS = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The first {@code count} hooks, 60 % of them CONTAINS and 40 % REGEX.
     *
     * @param url where hook number n delivers
     */
    static List<WorkloadHook> first(int count, IntFunction<String> url) {
        return IntStream.range(0, count)
                .mapToObj(number -> of(number, url.apply(number)))
                .toList();
    }

    private static WorkloadHook of(int number, String url) {
        MatchType type = (number + number / 10) % 5 < 3 ? MatchType.CONTAINS : MatchType.REGEX;
        String name = HookSubjects.SERVICES.get(number * 11 % HookSubjects.SERVICES.size()) + "-" + (10_000 + number);
        List<KeywordPhrase> phrases = IntStream.range(0, KEYWORDS)
                .mapToObj(k -> KeywordPhrase.of(type, number * 7 + k, name))
                .toList();
        List<String> exclude = number % 4 == 0 ? List.of("dry run of " + name) : List.of();
        Keywords keywords =
                new Keywords(phrases.stream().map(KeywordPhrase::keyword).toList(), exclude, MatchMode.ANY, type);
        EventHook hook = new EventHook(
                NAMESPACE,
                hookName(number),
                "webhook",
                HookSubjects.of(number),
                url,
                Map.of(),
                keywords,
                "",
                false,
                new Origin(fileName(number), 1, 1));
        return new WorkloadHook(
                number, name, hook, phrases.stream().map(KeywordPhrase::example).toList());
    }

    static String hookName(int number) {
        return "hook-%05d".formatted(number);
    }

    static String fileName(int number) {
        return hookName(number) + ".yaml";
    }

    /** As its author would write it. A JSON string is one in YAML too. */
    String yaml() {
        return """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata:
                  namespace: %s
                  name: %s
                spec:
                  type: webhook
                  subject: %s
                  url: %s
                  keywords:
                    matchType: %s
                    include: %s
                    exclude: %s
                """.formatted(
                        NAMESPACE,
                        hook.name(),
                        json(hook.subject()),
                        json(hook.url()),
                        hook.keywords().matchType(),
                        json(hook.keywords().include()),
                        json(hook.keywords().exclude()));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
