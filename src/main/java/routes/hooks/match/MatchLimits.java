package routes.hooks.match;

import routes.hooks.spec.EventHook;

/** The limits of all hooks that are asked about one event. For one thread. */
public interface MatchLimits {

    MatchLimits NONE = (hook, text) -> MatchLimit.NONE;

    MatchLimit of(EventHook hook, String text);
}
