package routes.hooks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import routes.event.ForwardTarget;
import routes.event.OpsEvent;
import routes.hooks.Explained.State;
import routes.hooks.delivery.Attempt;
import routes.hooks.delivery.AttemptHistory;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.Failed;
import routes.hooks.delivery.WaitingDeliveries;
import routes.hooks.match.HookMatcher.Verdict;
import routes.hooks.match.MatchTooSlowException;
import routes.hooks.match.MeteredMatching;
import routes.nats.history.HistoryRead;
import routes.nats.history.Stored;

/** Explains one event: what each hook, as it is now, says to it, and what is on record of its delivery. */
public final class Explanations {

    private static final Verdict HISTORY =
            new Verdict(false, "backfill: it was history when the cluster was watched for the first time");

    private final HookRegistry registry;
    private final HookStates states;
    private final AttemptHistory history;
    private final WaitingDeliveries waiting;
    private final Duration longestMatching;

    /** @param longestMatching CPU time that the expressions of all hooks may take together for one event */
    Explanations(
            HookRegistry registry,
            HookStates states,
            AttemptHistory history,
            WaitingDeliveries waiting,
            Duration longestMatching) {
        this.registry = registry;
        this.states = states;
        this.history = history;
        this.waiting = waiting;
        this.longestMatching = longestMatching;
    }

    /**
     * Those that fire first, then by name; hooks that are rejected or gone among them.
     *
     * @param stored from stream {@code ops}
     * @param read the request it is for
     * @throws IOException when NATS is away
     */
    public List<Explained> explain(Stored stored, HistoryRead read) throws IOException {
        OpsEvent event = stored.event();
        HookSet hooks = registry.current();
        WaitingDeliveries.Now waits = waiting.now(); // before the records: what leaves meanwhile is on record then
        Map<String, List<Attempt>> records = new TreeMap<>(history.of(event.id(), stored.stored(), read));
        List<Explained> all = new ArrayList<>();
        hooks.index()
                .explain(event.subject(), event.text(), MeteredMatching.within(longestMatching), (spec, asking) -> {
                    Verdict matched = ask(asking);
                    Verdict verdict = event.isBackfill() && matched.fires() ? HISTORY : matched;
                    Hook hook = hooks.byId().get(spec.id());
                    List<Attempt> attempts = records.getOrDefault(hook.id(), List.of());
                    all.add(explained(
                            hook,
                            verdict,
                            event,
                            attempts,
                            state(hook.id(), verdict.fires(), attempts, waits, stored.sequence())));
                });
        states.problems().forEach((id, problems) -> {
            if (!hooks.byId().containsKey(id)) {
                List<Attempt> attempts = records.getOrDefault(id, List.of());
                all.add(new Explained(
                        id,
                        null,
                        false,
                        "rejected: " + HookStates.text(problems),
                        null,
                        state(id, false, attempts, waits, stored.sequence()),
                        null,
                        attempts));
                records.remove(id);
            }
        });
        records.forEach((id, attempts) -> {
            if (!hooks.byId().containsKey(id)) {
                all.add(new Explained(
                        id,
                        null,
                        false,
                        "removed",
                        null,
                        state(id, false, attempts, waits, stored.sequence()),
                        null,
                        attempts));
            }
        });
        all.sort(Comparator.comparing((Explained one) -> !one.fires()).thenComparing(Explained::hook));
        return all;
    }

    private Verdict ask(Supplier<Verdict> asking) {
        try {
            return asking.get();
        } catch (MatchTooSlowException e) {
            return new Verdict(
                    false,
                    "not known: the expressions of the hooks that were asked took "
                            + longestMatching.toString().substring(2).toLowerCase(Locale.ROOT)
                            + " of CPU time together");
        }
    }

    private Explained explained(Hook hook, Verdict verdict, OpsEvent event, List<Attempt> attempts, State state) {
        String type = hook.spec().type();
        if (!verdict.fires()) {
            return new Explained(hook.id(), type, false, verdict.why(), null, state, null, attempts);
        }
        Failed whyNot = hook.whyNot(event);
        String target = hook.spec().forwards()
                ? ForwardTarget.resolve(hook.spec().url(), event.subject())
                : HookStates.url(hook.spec());
        String why = whyNot != null
                ? whyNot.reason() + ": " + whyNot.detail()
                : verdict.why() + (states.pausedBy(hook) != null ? " (paused)" : "");
        String published = hook.spec().forwards() && whyNot == null
                ? Delivery.id(event.id(), Delivery.source(event), hook.id())
                : null;
        return new Explained(hook.id(), type, true, why, target, state, published, attempts);
    }

    private static State state(
            String hook, boolean fires, List<Attempt> attempts, WaitingDeliveries.Now waits, long sequence) {
        if (!fires && attempts.isEmpty()) {
            return State.NONE;
        }
        Attempt last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
        if (last != null && last.isLast()) {
            return last.outcome().equals(Attempt.DELIVERED) ? State.DELIVERED : State.DEAD;
        }
        return waits.isRouted(sequence) && waits.forHook(hook) == 0 ? State.UNKNOWN : State.PENDING;
    }
}
