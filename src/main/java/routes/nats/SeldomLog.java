package routes.nats;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** At most one line in ten seconds for each kind of thing, with the number of those that were not said. */
public final class SeldomLog {

    private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

    private final Map<String, Said> said = new ConcurrentHashMap<>();

    private record Said(long at, int unsaid) {}

    /**
     * @param kind one of a bounded set
     * @param log told what is to be appended to the line: nothing, or how many were not said
     */
    public void say(String kind, Consumer<String> log) {
        long now = System.nanoTime();
        said.compute(kind, (key, last) -> {
            if (last != null && now - last.at < QUIET) {
                return new Said(last.at, last.unsaid + 1);
            }
            log.accept(
                    last == null || last.unsaid == 0 ? "" : "; and " + last.unsaid + " more since the last such line");
            return new Said(now, 0);
        });
    }
}
