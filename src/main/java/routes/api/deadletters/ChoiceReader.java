package routes.api.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import routes.api.rest.ApiException;
import routes.hooks.delivery.DeadLetterChoice;

/**
 * Reads which dead letters a client means. It is strict: a criterion that is misspelt and ignored would choose more
 * than was meant.
 */
final class ChoiceReader {

    private static final Set<String> MEMBERS =
            new TreeSet<>(Set.of("sequences", "hook", "reason", "event", "all", "next"));
    private static final String WAYS = "send sequences, or one or more of hook, reason and event, or \"all\": true";

    private ChoiceReader() {}

    /** @throws ApiException when nothing is chosen, or two ways of choosing contradict */
    static DeadLetterChoice read(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.bad("the body is no JSON object; " + WAYS);
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw ApiException.bad("\"" + name + "\" is unknown here; there are " + String.join(", ", MEMBERS));
            }
        });
        List<Long> sequences = sequences(body.path("sequences"));
        String hook = text(body, "hook");
        String reason = text(body, "reason");
        String event = text(body, "event");
        int ways = (sequences == null ? 0 : 1)
                + (hook == null && reason == null && event == null ? 0 : 1)
                + (all(body.path("all")) ? 1 : 0);
        if (ways != 1) {
            throw ApiException.bad(
                    (ways == 0 ? "nothing is chosen; " : "that is more than one way to choose; ") + WAYS);
        }
        return choice(sequences, hook, reason, event);
    }

    static DeadLetterChoice choice(List<Long> sequences, String hook, String reason, String event) {
        try {
            return new DeadLetterChoice(sequences, hook, reason, event);
        } catch (IllegalArgumentException e) {
            throw ApiException.bad(e.getMessage());
        }
    }

    /** Member {@code next} of the answer before. */
    static long before(JsonNode body) {
        JsonNode next = body.path("next");
        if (next.isMissingNode() || next.isNull()) {
            return Long.MAX_VALUE;
        }
        if (!next.isIntegralNumber() || next.longValue() < 1) {
            throw ApiException.bad("next is " + next + "; send next as the answer before gave it, or leave it out");
        }
        return next.longValue();
    }

    private static List<Long> sequences(JsonNode written) {
        if (written.isMissingNode() || written.isNull()) {
            return null;
        }
        List<Long> sequences = new ArrayList<>();
        for (JsonNode one : written) {
            if (!one.isIntegralNumber() || !one.canConvertToLong() || one.longValue() < 1) {
                throw ApiException.bad("sequences has " + one
                        + "; write sequences as the list of dead letters gives them, such as [17, 18]");
            }
            sequences.add(one.longValue());
        }
        if (!written.isArray() || sequences.isEmpty()) {
            throw ApiException.bad(
                    "sequences is " + (written.isArray() ? "empty" : "no list") + "; write for example [17, 18]");
        }
        return sequences;
    }

    private static String text(JsonNode body, String name) {
        JsonNode written = body.path(name);
        if (written.isMissingNode() || written.isNull()) {
            return null;
        }
        if (!written.isTextual() || written.textValue().isEmpty()) {
            throw ApiException.bad(name + " is " + written + "; write text, or leave it out");
        }
        return written.textValue();
    }

    private static boolean all(JsonNode written) {
        if (!written.isMissingNode() && !written.isNull() && !written.isBoolean()) {
            throw ApiException.bad("all is " + written + "; write true, or leave it out");
        }
        return written.booleanValue();
    }
}
