package routes.hooks;

import routes.event.ForwardTarget;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.hooks.delivery.Failed;
import routes.hooks.spec.EventHook;

/** Which events a hook may publish again: none that goes in circles, and to no subject that is none. */
final class Forwarding {

    /** An event that passed through this many hooks is not forwarded again. */
    private static final int MOST_HOPS = 8;

    private Forwarding() {}

    /** Why an event can't be forwarded by this hook, or null; null for a hook that does not forward. */
    static Failed whyNot(EventHook hook, OpsEvent event) {
        if (!hook.forwards()) {
            return null;
        }
        if (event.passedHooks().contains(hook.id())) {
            return new Failed(
                    "loop", "the event already passed through this hook: " + String.join(" → ", event.passedHooks()));
        }
        if (event.passedHooks().size() >= MOST_HOPS) {
            return new Failed(
                    "loop",
                    "the event passed through " + MOST_HOPS + " hooks: " + String.join(" → ", event.passedHooks()));
        }
        String target = ForwardTarget.resolve(hook.url(), event.subject());
        if (!Subject.isConcrete(target) || !Subject.isOps(target)) {
            return new Failed(
                    "bad-target",
                    "url " + hook.url() + " makes the subject " + target + ", to which nothing can be published");
        }
        return null;
    }
}
