package routes.hooks;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.event.Rfc3339;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;

/**
 * Which hooks an operator paused: keys {@code paused.{namespace}.{name}} of the bucket, the same for all replicas and
 * after every restart. Each replica reads what changed again and again. A key stays while its hook is away, so that a
 * paused hook that comes back is paused.
 */
final class PausedHooks {

    private static final Logger LOG = LoggerFactory.getLogger(PausedHooks.class);
    private static final String KEYS = "paused.";

    private final KeyValueState state;
    private volatile Set<String> hooks;
    private volatile boolean anew; // the bucket may be another one
    private long revision;

    PausedHooks(KeyValueState state, NatsBus bus) {
        this.state = state;
        bus.onConnected(() -> anew = true);
    }

    boolean contains(String hook) {
        Set<String> known = hooks;
        return known != null && known.contains(hook);
    }

    /** Whether it is paused, or may be: nobody could ask yet. */
    boolean mayContain(String hook) {
        Set<String> known = hooks;
        return known == null || known.contains(hook);
    }

    /** Reads what changed. @throws IOException when NATS is away; what was known stays */
    synchronized void refresh() throws IOException {
        boolean all = anew || hooks == null;
        anew = false;
        try {
            apply(state.changes(KEYS, all ? 0 : revision), all);
        } catch (IOException | RuntimeException e) {
            anew = all;
            throw e;
        }
    }

    private void apply(List<KeyValueState.Change> changes, boolean all) {
        Set<String> next = new HashSet<>(all ? Set.of() : hooks);
        revision = all ? 0 : revision;
        for (KeyValueState.Change change : changes) {
            String hook = change.key().substring(KEYS.length()).replaceFirst("\\.", "/");
            if (change.value() == null) {
                next.remove(hook);
            } else if (!isOurs(hook, change.value())) {
                next.remove(hook);
                LOG.warn(
                        "key {} of the bucket opsbus is none that opsbus wrote, and pauses nothing",
                        change.key().replaceAll("\\p{Cntrl}", " "));
            } else {
                next.add(hook);
            }
            revision = change.revision();
        }
        Set<String> before = hooks == null ? Set.of() : hooks;
        hooks = Set.copyOf(next);
        next.stream()
                .filter(hook -> !before.contains(hook))
                .forEach(hook -> LOG.info("hook {} is paused by an operator", hook));
        before.stream()
                .filter(hook -> !next.contains(hook))
                .forEach(hook -> LOG.info("hook {} is no longer paused by an operator", hook));
    }

    /** A hook's name and a time. */
    private static boolean isOurs(String hook, String value) {
        int slash = hook.indexOf('/');
        return slash > 0 && slash < hook.length() - 1 && Rfc3339.time(value) != null;
    }

    void pause(String hook) throws IOException {
        state.put(key(hook), Instant.now().toString());
        refresh();
    }

    void resume(String hook) throws IOException {
        if (mayContain(hook)) {
            state.delete(key(hook));
        }
        refresh();
    }

    /** A namespace has no dot, so that the first one ends it. */
    private static String key(String hook) {
        return KEYS + hook.replace('/', '.');
    }
}
