package routes.hooks.delivery;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import routes.event.Subject;
import routes.nats.DeadLetterStream;
import routes.nats.WireHeaders;
import routes.nats.history.Stored;

/**
 * Which dead letters: those at the sequences, or those that meet every criterion that is not null.
 *
 * @param sequences places in stream {@code opsbus-deadletters}; null: chosen by the rest
 * @param hook {@code namespace/name}
 * @param reason a word such as {@code http-404}
 * @param event id of an event
 */
public record DeadLetterChoice(List<Long> sequences, String hook, String reason, String event) {

    public static final DeadLetterChoice ALL = new DeadLetterChoice(null, null, null, null);
    private static final int NAMED = 5;

    /**
     * @throws IllegalArgumentException when that can't be the name of a hook; its message is for the person who wrote
     *     it
     */
    public DeadLetterChoice {
        if (hook != null
                && (hook.indexOf('/') < 1 || hook.endsWith("/") || !Subject.isConcrete(Delivery.token(hook)))) {
            throw new IllegalArgumentException(
                    "hook is \"" + hook + "\"; write namespace/name, such as ops-system/nodes-p0");
        }
        sequences = sequences == null
                ? null
                : sequences.stream()
                        .distinct()
                        .sorted(Comparator.reverseOrder())
                        .toList();
    }

    public static DeadLetterChoice ofHook(String hook) {
        return new DeadLetterChoice(null, hook, null, null);
    }

    /** The subjects they are on. */
    String pattern() {
        return DeadLetterStream.SUBJECTS + (hook == null ? ">" : Delivery.token(hook));
    }

    /** Whether the subject alone tells which they are. */
    boolean isBySubject() {
        return sequences == null && reason == null && event == null;
    }

    /** Whether the criteria besides the subject are met. */
    boolean wants(Stored stored) {
        return (reason == null || reason.equals(stored.header(DeliveryStore.REASON)))
                && (event == null || event.equals(stored.header(Delivery.EVENT)));
    }

    /** For the log: one line, whatever a client wrote. */
    @Override
    public String toString() {
        if (sequences != null) {
            return sequences.stream()
                    .limit(NAMED)
                    .map(String::valueOf)
                    .collect(Collectors.joining(", ", "sequences ", sequences.size() > NAMED ? ", …" : ""));
        }
        String criteria = Stream.of(said("hook", hook), said("reason", reason), said("event", event))
                .filter(said -> !said.isEmpty())
                .collect(Collectors.joining(", "));
        return criteria.isEmpty() ? "all" : criteria;
    }

    private static String said(String name, String value) {
        return value == null ? "" : name + " " + WireHeaders.encode(value);
    }
}
