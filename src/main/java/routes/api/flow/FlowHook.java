package routes.api.flow;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import routes.hooks.HookState;

/**
 * What the map shows of a hook.
 *
 * @param endpoint host and port of an address, target subject, or scheme of a Camel endpoint: never what may be secret
 */
record FlowHook(String id, String subject, String endpoint, boolean forwards, long matched, long delivered) {

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?([^/?#]+).*", Pattern.DOTALL);

    /** @param state of a hook that runs */
    static FlowHook of(HookState state) {
        boolean forwards = state.hook().type().equals("event");
        return new FlowHook(
                state.id(),
                state.hook().subject(),
                forwards ? state.hook().url() : endpoint(state.url()),
                forwards,
                state.matched(),
                state.delivered());
    }

    static String endpoint(String url) {
        Matcher host = HOST.matcher(url);
        return host.matches() ? host.group(1) : url.substring(0, Math.max(0, url.indexOf(':') + 1));
    }
}
