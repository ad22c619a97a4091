package routes.hooks.spec;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import routes.event.Subject;

/** The {@code spec} of an EventHooks document. */
final class SpecFields {

    static final Set<String> KEYS = Set.of("type", "subject", "url", "options", "keywords", "additional", "paused");

    /** What means nothing to Camel, wherever a Kamelet's template puts it. */
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N} ._-]*");

    private final Fields spec;
    private final Source source;
    private final HookTypes types;
    private final EndpointRules rules;

    SpecFields(Fields spec, Source source, HookTypes types, EndpointRules rules) {
        this.spec = spec;
        this.source = source;
        this.types = types;
        this.rules = rules;
    }

    /** The hook; without meaning when a problem was reported. */
    EventHook read(String namespace, String name, Origin origin) {
        Optional<HookType> type = type();
        spec.allowOnly(KEYS, key -> hint(key, type));
        return new EventHook(
                namespace,
                name,
                type.map(HookType::name).orElse(null),
                subject(),
                url(type),
                type.map(this::options).orElse(Map.of()),
                KeywordFields.read(spec, "keywords", source.isFile()),
                additional(type),
                spec.bool("paused"),
                origin);
    }

    private static String hint(String key, Optional<HookType> type) {
        if (KeywordFields.KEYS.contains(key)) {
            return "it belongs under spec.keywords";
        }
        boolean isOption = type.filter(known -> known.options().contains(key)).isPresent();
        return isOption ? "it belongs under spec.options" : Suggestion.among(KEYS, key);
    }

    private Optional<HookType> type() {
        Optional<String> name = spec.required("type", "webhook");
        Optional<HookType> type = name.flatMap(types::find);
        if (name.isPresent() && type.isEmpty()) {
            spec.report("type", "there is no type " + name.get() + "; " + Suggestion.among(types.names(), name.get()));
        }
        if (!source.isFile()
                && !rules.resourceEndpoints()
                && type.filter(known -> known.url() == HookType.UrlKind.ENDPOINT)
                        .isPresent()) {
            spec.report(
                    "type",
                    "the type " + name.get()
                            + " sends to Camel endpoints and is for hook files; here it needs the property "
                            + "opsbus.hooks.resource-endpoints=true");
        }
        return type;
    }

    private String subject() {
        Optional<String> subject = spec.required("subject", "ops.clusters.*.nodes.*.events");
        subject.map(SpecFields::lowerCase)
                .flatMap(Subject::problem)
                .ifPresent(problem -> spec.report("subject", problem));
        return subject.map(SpecFields::lowerCase).orElse(null);
    }

    private static String lowerCase(String subject) {
        return subject.toLowerCase(Locale.ROOT);
    }

    private String url(Optional<HookType> type) {
        Optional<String> written =
                spec.required("url", type.map(HookUrl::example).orElse("https://example.com/hook"));
        if (!source.isFile() && written.filter(Placeholders::areIn).isPresent()) {
            spec.report("url", "placeholders are for files only; write the url itself");
            return null;
        }
        Optional<String> url = written.flatMap(text -> expand(spec, "url", text));
        url.flatMap(text -> type.flatMap(known -> HookUrl.problem(known, text, rules, source.isFile())
                        .or(() -> parameterProblem(known, "url", text))))
                .ifPresent(problem -> spec.report("url", problem));
        return url.orElse(null);
    }

    private String additional(Optional<HookType> type) {
        Optional<String> additional = spec.string("additional").flatMap(text -> expand(spec, "additional", text));
        additional
                .flatMap(text -> type.flatMap(known -> parameterProblem(known, "additional", text)))
                .ifPresent(problem -> spec.report("additional", problem));
        return additional.orElse("");
    }

    /**
     * A value that the type's Kamelet pastes into its text, where Camel parses it. An endpoint is built from checked
     * parts instead.
     */
    private static Optional<String> parameterProblem(HookType type, String name, String value) {
        boolean endpoint = name.equals("url") && type.url() == HookType.UrlKind.ENDPOINT;
        return endpoint
                        || !type.parameters().contains(name)
                        || PLAIN.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("may hold only letters, digits, spaces, . _ and -, because the Kamelet of type "
                        + type.name() + " writes {{" + name + "}}, which Camel parses; let the Kamelet read ${variable."
                        + name + "} instead, and any value will do");
    }

    private Map<String, String> options(HookType type) {
        Map<String, String> values = new TreeMap<>();
        Optional<Fields> options = spec.mapping("options");
        options.ifPresent(fields -> {
            HttpOptions http = new HttpOptions(fields, type);
            Set<String> known = new TreeSet<>(type.options());
            known.addAll(http.keys());
            fields.allowOnly(known, key -> Suggestion.among(known, key));
            values.putAll(http.read((at, key) -> at.string(key).flatMap(text -> expand(at, key, text))));
            type.options().forEach(name -> option(fields, type, name).ifPresent(value -> values.put(name, value)));
        });
        for (String name : type.options()) {
            if (type.properties().get(name).mustBeGiven()
                    && options.flatMap(fields -> fields.value(name)).isEmpty()) {
                spec.report("options", "the type " + type.name() + " needs the option " + name);
            }
        }
        return values;
    }

    private Optional<String> option(Fields options, HookType type, String name) {
        HookType.Property property = type.properties().get(name);
        Optional<String> value = options.scalar(name, property.type()).flatMap(text -> expand(options, name, text));
        Optional<String> problem =
                value.flatMap(text -> property.problem(text).or(() -> parameterProblem(type, name, text)));
        if (!source.isFile()
                && type.parameters().contains(name)
                && value.filter(Placeholders::areIn).isPresent()) {
            problem = Optional.of("placeholders are for files only; write the value itself");
        }
        problem.ifPresent(message -> options.report(name, message));
        return value;
    }

    private Optional<String> expand(Fields fields, String key, String text) {
        if (!source.isFile()) {
            return Optional.of(text);
        }
        try {
            return Optional.of(Placeholders.expand(text, source.environment()));
        } catch (Placeholders.Unresolved e) {
            fields.report(key, e.getMessage());
            return Optional.empty();
        }
    }
}
