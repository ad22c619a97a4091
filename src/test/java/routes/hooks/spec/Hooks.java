package routes.hooks.spec;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hooks and hook types for tests. */
public final class Hooks {

    public static final HookTypes TYPES = types(Map.of(
            "webhook", kamelet("webhook", "http", "", """
                    format:
                      type: string
                      default: text
                      enum: [text, json, cloudevents]
                    """, "to: direct:http-post"),
            "xiezuo", kamelet("xiezuo", "http", "", "{}", "to: direct:http-post"),
            "event", kamelet("event", "subject", "", "{}", "to: nats:ops"),
            "elasticsearch", kamelet("elasticsearch", "http", "", """
                    index: {type: string}
                    id: {type: string}
                    username: {type: string}
                    password: {type: string}
                    """, "to: direct:http-post"),
            "camel", kamelet("camel", "endpoint", "", "url: {type: string}", "to: '{{url}}'"),
            "pager", kamelet("pager", "http", "team", """
                    team: {type: string}
                    level: {type: integer, default: 3}
                    loud: {type: boolean}
                    """, "to: 'direct:page?team={{team}}'")));

    public static final String API_VERSION = HookDocument.API_VERSION;

    private Hooks() {}

    /** A value in a file, where no variable of the environment is set. */
    public static String expanded(String value) throws Exception {
        return Placeholders.expand(value, name -> null);
    }

    static String kamelet(String name, String url, String required, String properties, String step) {
        return """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: %s
                  annotations:
                    opsbus.io/url: %s
                spec:
                  definition:
                    title: Test
                    required: [%s]
                    properties:
                %s
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - %s
                """.formatted(name, url, required, properties.indent(6), step);
    }

    static HookTypes types(Map<String, String> kamelets) {
        Map<Path, String> files = new TreeMap<>();
        kamelets.forEach((name, text) -> files.put(Path.of(name + ".kamelet.yaml"), text));
        HookTypes.Loading loading = HookTypes.NONE.plus(files);
        if (!loading.problems().isEmpty()) {
            throw new AssertionError(loading.problems());
        }
        return loading.types();
    }

    public static EventHook hook(String name, String subject, Keywords keywords) {
        return new EventHook(
                "default",
                name,
                "webhook",
                subject,
                "http://localhost/",
                Map.of(),
                keywords,
                "",
                false,
                new Origin("test", 0, 0));
    }

    public static Keywords include(MatchMode mode, MatchType type, String... words) {
        return new Keywords(List.of(words), List.of(), mode, type);
    }

    /** A file of one valid hook with the given lines in its spec instead of its own of the same key. */
    public static String file(String... specLines) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata:
                  name: a
                spec:
                """);
        for (String line :
                List.of("type: webhook", "subject: ops.clusters.*.nodes.*.events", "url: http://localhost/")) {
            String key = line.substring(0, line.indexOf(':') + 1);
            if (Arrays.stream(specLines).noneMatch(own -> own.startsWith(key) || own.equals("no " + key))) {
                yaml.append("  ").append(line).append('\n');
            }
        }
        for (String line : specLines) {
            if (!line.startsWith("no ")) {
                yaml.append(line.indent(2));
            }
        }
        return yaml.toString();
    }
}
