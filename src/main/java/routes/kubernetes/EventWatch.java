package routes.kubernetes;

import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventList;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.internal.AbstractWatchManager;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches the events of all namespaces or of one, and hands each version on once. A list is read page by
 * page, the next one when all of the last is under way to NATS; when a watch brings more than the hand-off takes, it is
 * ended, and they are listed again once that has drained: the API server is the buffer, so memory stays flat. What
 * happened meanwhile is in the list; only the counts between two versions of one event are not.
 *
 * <p>Not fabric8's informer, which reads all pages as fast as they come, whatever becomes of them.
 */
final class EventWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);
    private static final long PAGE = 500;
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofMillis(6_400);

    private final FilterWatchListDeletable<Event, EventList, Resource<Event>> events;
    private final String endpoint;
    private final EventDelivery delivery;
    private final WatchStatus status;
    private final SilentWatch silence;
    private final WatchLog watchLog;
    private final String what;
    private final SeenVersions seen = new SeenVersions();
    private final Patience retry = new Patience(FIRST_RETRY, LONGEST_RETRY);
    private Run run;

    /**
     * @param endpoint of the events, behind {@code /apis/}
     * @param what for the log: whose events
     */
    EventWatch(
            FilterWatchListDeletable<Event, EventList, Resource<Event>> events,
            String endpoint,
            EventDelivery delivery,
            WatchStatus status,
            SilentWatch silence,
            String what,
            WatchLog watchLog) {
        this.events = events;
        this.endpoint = endpoint;
        this.delivery = delivery;
        this.status = status;
        this.silence = silence;
        this.what = what;
        this.watchLog = watchLog;
    }

    /** All that begins and ends a run happens here, on one thread. True while it watches. */
    boolean tick() {
        if (run == null) {
            run = new Run();
        } else if (run.isOver()) {
            run.stop();
            if (delivery.isQueueEmpty() && run.mayBeFollowed()) {
                if (run.endedByUs()) {
                    LOG.info("Listing {} again", what);
                }
                run = new Run();
            }
        }
        boolean watching = run.isWatching();
        if (!run.endedByUs()) {
            if (silence.isDead(watching, endpoint, run.version)) {
                watchLog.silent(silence.reason());
                run.stop();
                watching = false;
            }
            watchLog.watching(watching);
        }
        if (watching) {
            retry.reset();
        }
        return watching;
    }

    void stop() {
        if (run != null) {
            run.stop();
        }
    }

    /** One list and the watch that goes on from it, to their end. fabric8 mends a cut connection of the watch. */
    private final class Run implements Watcher<Event> {

        private final Thread lister = new Thread(this::listAndWatch, "kubernetes-events-list");
        private volatile String version;
        private volatile Watch watch;
        private volatile boolean overflowed;
        private volatile boolean ended;
        private volatile boolean stopped;
        private boolean listed;
        private long endSeen;

        Run() {
            watchLog.listing();
            lister.start();
        }

        private void listAndWatch() {
            try {
                version = list();
                if (!mayWatch()) {
                    return;
                }
                watch = events.watch(
                        new ListOptionsBuilder()
                                .withResourceVersion(version)
                                .withTimeoutSeconds(WatchRequests.TIME.toSeconds())
                                .withAllowWatchBookmarks(true)
                                .build(),
                        this);
                if (stopped) {
                    watch.close();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                end(e);
            }
        }

        /** From now on nothing interrupts: the connection that is being made would stand, and nobody close it. */
        private synchronized boolean mayWatch() {
            listed = true;
            return !stopped;
        }

        /** @return the version to watch from */
        private String list() throws InterruptedException {
            ListMeta page = listPage(null);
            while (page.getContinue() != null && !page.getContinue().isEmpty()) {
                page = listPage(page.getContinue());
            }
            seen.listedAll(page.getResourceVersion());
            return page.getResourceVersion();
        }

        private ListMeta listPage(String from) throws InterruptedException {
            EventList page = events.list(
                    new ListOptionsBuilder().withLimit(PAGE).withContinue(from).build());
            if (from == null) {
                seen.listing(page.getMetadata().getResourceVersion());
            }
            for (Event event : page.getItems()) {
                if (isNew(event)) {
                    delivery.publish(event);
                    seen.listed(event);
                }
            }
            return page.getMetadata();
        }

        private boolean isNew(Event event) {
            status.eventSeen();
            if (seen.contains(event)) {
                return false;
            }
            silence.somethingNew();
            return true;
        }

        @Override
        public void eventReceived(Action action, Event event) {
            if (isOver()) {
                return;
            }
            if (action == Action.ADDED || action == Action.MODIFIED) {
                handOn(event);
            }
            version = event.getMetadata().getResourceVersion();
        }

        private void handOn(Event event) {
            if (!isNew(event)) {
                return;
            }
            if (delivery.offer(event)) {
                seen.watched(event);
            } else {
                overflowed = true;
                LOG.info(
                        "More Kubernetes events than can be published now: the API server keeps them until the queue has drained");
            }
        }

        @Override
        public void onClose(WatcherException failure) {
            end(failure);
        }

        /** The API server no longer knows that version, of a watch or of the next page: no trouble, it is listed. */
        private void end(Exception failure) {
            if (!stopped && ApiFailure.code(failure) != HttpURLConnection.HTTP_GONE) {
                watchLog.failed(failure);
                LOG.debug("{} can't be read", what, failure);
            }
            ended = true;
        }

        /** Whatever the API server has to do with it. */
        boolean endedByUs() {
            return overflowed || stopped && !ended;
        }

        boolean isWatching() {
            return !isOver() && watch instanceof AbstractWatchManager<?> connection && connection.isWatching();
        }

        boolean isOver() {
            return overflowed || ended || stopped;
        }

        /** One that failed is tried again less and less often. */
        boolean mayBeFollowed() {
            if (endedByUs()) {
                return true;
            }
            if (endSeen == 0) {
                endSeen = System.nanoTime();
            }
            boolean may = retry.isOver(Duration.ofNanos(System.nanoTime() - endSeen));
            if (may) {
                retry.grow();
            }
            return may;
        }

        void stop() {
            synchronized (this) {
                stopped = true;
                if (!listed) {
                    lister.interrupt();
                }
            }
            Watch connection = watch;
            if (connection != null) {
                connection.close();
            }
            try {
                lister.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
