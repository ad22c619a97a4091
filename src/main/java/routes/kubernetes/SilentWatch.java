package routes.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells a watch that is dead though its connection stands from one on which nothing happens. A sign of life is an
 * event, a bookmark, or the end of the watch after the minute it was asked for. Whoever misses all of them lists again;
 * when that finds nothing new, the API server may be one that neither sends bookmarks nor ends watches in time, and
 * each next time is twice as far away, up to what fabric8 itself does. One thread only but for {@link #somethingNew}.
 */
public final class SilentWatch {

    /** No watch is as long as this without a sign of life: what it was asked for, and time for a slow network. */
    static final Duration LIMIT = WatchRequests.TIME.plusSeconds(15);

    private static final Duration MOST = Duration.ofMinutes(10);

    private final WatchRequests requests;
    private final Clock clock;
    private final Patience patience = new Patience(LIMIT, MOST);
    private String lastSign;
    private Instant heard;

    public SilentWatch(KubernetesClient client, Clock clock) {
        this.requests = WatchRequests.of(client);
        this.clock = clock;
    }

    /** To be asked again and again. Once it said that a watch is dead, it takes the informer for a new one. */
    public boolean isDead(SharedIndexInformer<?> informer) {
        return isDead(informer.isWatching(), informer.toString(), informer.lastSyncResourceVersion());
    }

    /**
     * The same of a watch without an informer.
     *
     * @param endpoint behind {@code /apis/}
     * @param version the last that was heard of
     */
    boolean isDead(boolean watching, String endpoint, String version) {
        if (!watching) {
            heard = clock.instant();
            return false;
        }
        String sign = requests.sent(endpoint) + " " + version;
        if (!sign.equals(lastSign)) {
            if (lastSign != null) {
                patience.reset();
            }
            lastSign = sign;
            heard = clock.instant();
        } else if (patience.isOver(Duration.between(heard, clock.instant()))) {
            patience.grow();
            lastSign = null; // the next list and watch are no sign of life
            return true;
        }
        return false;
    }

    /** There was something to hear, by a watch or only by a list. */
    public void somethingNew() {
        patience.reset();
    }

    /** What to say when {@link #isDead}. */
    public String reason() {
        return "the connection stands, but nothing was heard on it for more than " + LIMIT.toSeconds() + " s";
    }
}
