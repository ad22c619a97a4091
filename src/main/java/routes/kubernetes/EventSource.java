package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches the cluster's events and hands each version on once. When the hand-off is full it stops watching, and
 * lists again once that has drained: the API server is the buffer, so memory stays flat. What happened meanwhile is in
 * the list; only the counts between two versions of one event are not.
 */
final class EventSource {

    private static final Logger log = LoggerFactory.getLogger(EventSource.class);
    private static final long TICK_MILLIS = 200;
    private static final long PAGE = 500;

    private final Informable<Event> events;
    private final KubernetesSerialization serialization;
    private final EventDelivery delivery;
    private final GapDetector gaps;
    private final WatchStatus status;
    private final String cluster;
    private final Clock clock;
    private final WatchLog watchLog = new WatchLog("the cluster's events", "it keeps them for an hour, unless it is told otherwise");
    private final SeenVersions seen = new SeenVersions();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            task -> new Thread(task, "kubernetes-events-source"));
    private Run run;
    private boolean gapUnknownLogged;

    EventSource(Informable<Event> events, KubernetesSerialization serialization, EventDelivery delivery,
            GapDetector gaps, WatchStatus status, String cluster, Clock clock) {
        this.events = events;
        this.serialization = serialization;
        this.delivery = delivery;
        this.gaps = gaps;
        this.status = status;
        this.cluster = cluster;
        this.clock = clock;
    }

    void start() {
        ticker.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        ticker.shutdownNow();
        try {
            ticker.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (run != null) {
            run.stop();
        }
        status.watching(false);
    }

    /** All that changes the informer's life happens here, on one thread. */
    private void tick() {
        try {
            if (run == null) {
                run = new Run();
            } else if (run.isOver()) {
                run.stop();
                if (delivery.isQueueEmpty()) {
                    log.info("Listing the cluster's events again");
                    run = new Run();
                }
            }
            boolean watching = run.isWatching();
            status.watching(watching);
            if (!run.isPutOff()) {
                watchLog.watching(watching);
            }
            if (watching) {
                run.forgetGoneOnce();
                noteSeen();
            }
        } catch (RuntimeException e) {
            log.warn("The watch of Kubernetes events is in trouble and goes on: {}", e.toString());
        }
    }

    private void noteSeen() {
        Optional<Gap> gap;
        try {
            gap = gaps.gap();
            gapUnknownLogged = false;
        } catch (RuntimeException e) {
            if (!gapUnknownLogged) {
                gapUnknownLogged = true;
                log.info("When events were last seen can't be read yet: {}", e.toString());
            }
            return;
        }
        if (gap.isPresent()) {
            if (!delivery.offer(gap.get().finding(cluster, clock.instant()))) {
                return;
            }
            log.warn("Kubernetes events between {} and {} may be missing", gap.get().from(), gap.get().to());
        }
        gaps.seen(delivery.publishedUpTo());
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
            informer.itemStore(new ReducedStateItemStore<>(ReducedStateItemStore.UID_KEY_STATE, Event.class, serialization));
            informer.exceptionHandler(this::goOn);
            informer.addEventHandler(this);
            informer.start();
        }

        /** The default handler gives up on anything but 410, a first list that fails included. */
        private boolean goOn(boolean started, Throwable failure) {
            failed = true;
            watchLog.failed(failure);
            log.debug("The cluster's events can't be read", failure);
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
            if (delivery.offer(event)) {
                seen.add(event);
            } else if (!overflowed) {
                overflowed = true;
                log.info("More Kubernetes events than can be published now: the API server keeps them until the queue has drained");
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
