package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches the events of all namespaces or of one, and hands each version on once. When the hand-off is full
 * it stops watching, and lists again once that has drained: the API server is the buffer, so memory stays flat. What
 * happened meanwhile is in the list; only the counts between two versions of one event are not.
 */
final class EventWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);
    private static final long PAGE = 500;

    private final Informable<Event> events;
    private final KubernetesSerialization serialization;
    private final EventDelivery delivery;
    private final WatchStatus status;
    private final SilentWatch silence;
    private final WatchLog watchLog;
    private final String what;
    private final SeenVersions seen = new SeenVersions();
    private Run run;

    /** @param what for the log: whose events */
    EventWatch(
            Informable<Event> events,
            KubernetesSerialization serialization,
            EventDelivery delivery,
            WatchStatus status,
            SilentWatch silence,
            String what,
            WatchLog watchLog) {
        this.events = events;
        this.serialization = serialization;
        this.delivery = delivery;
        this.status = status;
        this.silence = silence;
        this.what = what;
        this.watchLog = watchLog;
    }

    /** All that changes the informer's life happens here, on one thread. True while it watches. */
    boolean tick() {
        if (run == null) {
            run = new Run();
        } else if (run.isOver()) {
            run.stop();
            if (delivery.isQueueEmpty()) {
                LOG.info("Listing {} again", what);
                run = new Run();
            }
        }
        if (!run.isPutOff() && silence.isDead(run.informer)) {
            watchLog.silent(silence.reason());
            run.stop();
        }
        boolean watching = run.isWatching();
        if (!run.isPutOff()) {
            watchLog.watching(watching);
        }
        if (watching) {
            run.forgetGoneOnce();
        }
        return watching;
    }

    void stop() {
        if (run != null) {
            run.stop();
        }
    }

    /** One informer, from its list to its end. */
    private final class Run implements ResourceEventHandler<Event> {

        private final SharedIndexInformer<Event> informer;
        private volatile boolean overflowed;
        private volatile boolean failed;
        private volatile boolean stopped;
        private boolean forgotten;

        Run() {
            informer = events.withLimit(PAGE).runnableInformer(0);
            informer.itemStore(
                    new ReducedStateItemStore<>(ReducedStateItemStore.UID_KEY_STATE, Event.class, serialization));
            informer.exceptionHandler(this::goOn);
            informer.addEventHandler(this);
            watchLog.listing();
            informer.start();
        }

        /** The default handler gives up on anything but 410, a first list that fails included. */
        private boolean goOn(boolean started, Throwable failure) {
            failed = true;
            watchLog.failed(failure);
            LOG.debug("{} can't be read", what, failure);
            return true;
        }

        @Override
        public void onAdd(Event event) {
            handOn(event);
        }

        @Override
        public void onUpdate(Event before, Event event) {
            handOn(event);
        }

        @Override
        public void onDelete(Event event, boolean finalStateUnknown) {
            seen.remove(event);
        }

        private void handOn(Event event) {
            if (stopped) {
                return;
            }
            status.eventSeen();
            if (seen.contains(event)) {
                return;
            }
            silence.somethingNew();
            if (delivery.offer(event)) {
                seen.add(event);
            } else if (!overflowed) {
                overflowed = true;
                LOG.info(
                        "More Kubernetes events than can be published now: the API server keeps them until the queue has drained");
            }
        }

        /** By us: the API server is not to blame. */
        boolean isPutOff() {
            return overflowed || stopped;
        }

        boolean isWatching() {
            return !overflowed && !stopped && informer.isWatching();
        }

        /** A list is read to its end, since fabric8 can't break it off and what the queue has room for is won. */
        boolean isOver() {
            return stopped || !informer.isRunning() || overflowed && (informer.hasSynced() || failed);
        }

        void stop() {
            stopped = true;
            informer.stop();
        }

        void forgetGoneOnce() {
            if (!forgotten) {
                forgotten = true;
                seen.retain(informer.getStore()::listKeys);
            }
        }
    }
}
