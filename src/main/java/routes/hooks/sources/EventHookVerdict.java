package routes.hooks.sources;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import routes.hooks.spec.HookProblem;

/**
 * What is to be said about an EventHooks resource, in condition {@code Accepted} of its status.
 *
 * @param uid of the resource: one of the same name that came later is another
 * @param generation of its spec
 * @param accepted whether that is in use
 * @param message otherwise what is wrong and how to mend it, one problem a line
 */
record EventHookVerdict(String uid, long generation, boolean accepted, String message) {

    private static final String TYPE = "Accepted";

    /** Of metav1.Condition. */
    private static final int LONGEST_MESSAGE = 32_768;

    static EventHookVerdict accepted(String uid, long generation) {
        return new EventHookVerdict(uid, generation, true, "the hook is in use");
    }

    /** @param running the generation that runs in its place; empty when none does */
    static EventHookVerdict rejected(String uid, long generation, List<HookProblem> problems, Optional<Long> running) {
        String message = problems.stream().map(HookProblem::message).collect(Collectors.joining("\n"))
                + running.map(old -> "\nthe version of generation " + old + " keeps running")
                        .orElse("");
        return new EventHookVerdict(
                uid, generation, false, message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
    }

    /**
     * The status that says so: conditions of others are kept, and the time of transition while the condition is the
     * same. Empty when it is said already, or something later is.
     *
     * @param before the status as it is, null when there is none
     */
    Optional<Map<String, Object>> status(Map<?, ?> before, Instant now) {
        List<Map<?, ?>> conditions = new ArrayList<>();
        Map<?, ?> old = Map.of();
        if (before != null && before.get("conditions") instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> condition && TYPE.equals(condition.get("type"))) {
                    old = condition;
                } else if (entry instanceof Map<?, ?> condition) {
                    conditions.add(condition);
                }
            }
        }
        if (before != null && isSaid(before, old)) {
            return Optional.empty();
        }
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", TYPE);
        condition.put("status", state());
        condition.put("reason", reason());
        condition.put("message", message);
        condition.put("observedGeneration", generation);
        condition.put(
                "lastTransitionTime",
                state().equals(old.get("status")) && old.get("lastTransitionTime") != null
                        ? old.get("lastTransitionTime")
                        : now.truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.add(condition);
        return Optional.of(Map.of("observedGeneration", generation, "conditions", conditions));
    }

    private boolean isSaid(Map<?, ?> before, Map<?, ?> condition) {
        long observed = before.get("observedGeneration") instanceof Number number ? number.longValue() : -1;
        boolean same = observed == generation
                && state().equals(condition.get("status"))
                && reason().equals(condition.get("reason"))
                && Objects.equals(message, condition.get("message"));
        return same || observed > generation;
    }

    private String state() {
        return accepted ? "True" : "False";
    }

    private String reason() {
        return accepted ? "Accepted" : "Invalid";
    }
}
