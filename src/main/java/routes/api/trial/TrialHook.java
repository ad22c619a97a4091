package routes.api.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import routes.api.rest.ApiException;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.HookReader.Reading;
import routes.hooks.spec.HookTypes;

/**
 * A subject and keywords, read as those of a hook file are: what would be wrong there is wrong here, in the same words.
 */
final class TrialHook {

    private static final String NAME = "try/try";
    private static final String PATH = "spec.";

    private HookReader reader;

    /** @throws ApiException saying what no hook could have */
    EventHook read(JsonNode subject, JsonNode keywords) {
        ObjectNode hook = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "crd.chenshaowen.com/v1")
                .put("kind", "EventHooks");
        hook.putObject("metadata").put("namespace", "try").put("name", "try");
        ObjectNode spec = hook.putObject("spec").put("type", "webhook").put("url", "http://localhost/");
        set(spec, "subject", subject);
        set(spec, "keywords", keywords);
        Reading reading = reader().readResource(NAME, hook.toString());
        if (!reading.problems().isEmpty()) {
            throw ApiException.bad(reading.problems().stream()
                    .map(problem -> problem.message().startsWith(PATH)
                            ? problem.message().substring(PATH.length())
                            : problem.message())
                    .collect(Collectors.joining("; ")));
        }
        return reading.hooks().get(0);
    }

    private static void set(ObjectNode spec, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            spec.set(name, value);
        }
    }

    /** Made by the first request, not while opsbus starts. */
    private synchronized HookReader reader() {
        if (reader == null) {
            reader = new HookReader(HookTypes.builtIn(), name -> null);
        }
        return reader;
    }
}
