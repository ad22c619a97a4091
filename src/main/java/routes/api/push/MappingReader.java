package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import routes.event.Subject;

/**
 * Reads {@code opsbus.push.mappings.{name}.*} at start, so that what is wrong is said then and not when an alert comes.
 */
final class MappingReader {

    private static final Set<String> BUILT_IN = new TreeSet<>(Set.of(Alertmanager.NAME, GitHub.NAME, Grafana.NAME));
    private static final Set<String> NOTIFICATION = Set.of("provider", "channel", "severity");
    private static final Set<String> KNOWN = new TreeSet<>(
            Set.of("each", "id", "subject", "provider", "channel", "severity", "type", "reason", "message", "time"));
    /** As long as a token may be. NATS closes the connection of who sends a line above 4 kB. */
    private static final String LONGEST_TOKEN = "x".repeat(253);

    private static final int MAX_SUBJECT = 3500;

    private final String name;
    private final Map<String, String> options;

    MappingReader(String name, Map<String, String> options) {
        this.name = name;
        this.options = options;
    }

    /** @throws IllegalArgumentException naming the property, and how to write it */
    PushMapping read() {
        if (BUILT_IN.contains(name)) {
            throw new IllegalArgumentException("the mapping opsbus.push.mappings." + name
                    + " has the name of a built-in source; choose another than " + String.join(", ", BUILT_IN));
        }
        options.keySet().stream()
                .filter(option -> !KNOWN.contains(option))
                .findFirst()
                .ifPresent(option -> {
                    throw new IllegalArgumentException(
                            "there is no property " + property(option) + "; a mapping has " + String.join(", ", KNOWN));
                });
        if (options.containsKey("subject")) {
            options.keySet().stream().filter(NOTIFICATION::contains).findFirst().ifPresent(option -> {
                throw new IllegalArgumentException("the properties " + property("subject") + " and " + property(option)
                        + " are both set; remove one of them");
            });
        }
        return new PushMapping(
                name,
                each(),
                id(),
                subject(),
                template("type"),
                template("reason"),
                template("message"),
                template("time"));
    }

    private Optional<BodyPath> each() {
        try {
            return Optional.ofNullable(options.get("each")).map(path -> BodyPath.of(path.replaceFirst("\\[\\*]$", "")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the property " + property("each") + ": " + e.getMessage());
        }
    }

    private Optional<BodyTemplate> id() {
        Optional<BodyTemplate> id = template("id");
        if (id.isPresent() && id.get().isConstant()) {
            throw new IllegalArgumentException("the property " + property("id") + " is \"" + options.get("id")
                    + "\", the same for all, of which NATS would keep the first; put a path in it, such as {$.id}");
        }
        return id;
    }

    private Function<JsonNode, String> subject() {
        if (options.containsKey("subject")) {
            return written(template("subject").orElseThrow());
        }
        BodyTemplate provider = template("provider").orElse(new BodyTemplate(property("provider"), name));
        BodyTemplate channel = template("channel").orElse(new BodyTemplate(property("channel"), "default"));
        BodyTemplate severity = template("severity").orElse(new BodyTemplate(property("severity"), "none"));
        return sent -> Notice.subject(provider.needed(sent), channel.needed(sent), severity.needed(sent));
    }

    private Function<JsonNode, String> written(BodyTemplate template) {
        String longest = template.sample(LONGEST_TOKEN);
        if (!Subject.isOps(longest)
                || !Subject.isConcrete(longest)
                || longest.getBytes(StandardCharsets.UTF_8).length > MAX_SUBJECT) {
            throw new IllegalArgumentException(
                    "the property " + property("subject") + " is \"" + options.get("subject")
                            + "\"; a subject starts with ops. and has no empty token, wildcard or white space, and not more than a dozen placeholders");
        }
        return sent -> template.needed(sent, Notice::token).toLowerCase(Locale.ROOT);
    }

    private Optional<BodyTemplate> template(String option) {
        return Optional.ofNullable(options.get(option)).map(written -> new BodyTemplate(property(option), written));
    }

    private String property(String option) {
        return "opsbus.push.mappings." + name + "." + option;
    }
}
