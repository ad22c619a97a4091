package routes.kubernetes;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watches of the cluster's events, one thread for their lives, and what their being away means: a gap, when it was
 * too long.
 */
final class EventSource {

    private static final Logger LOG = LoggerFactory.getLogger(EventSource.class);
    private static final long TICK_MILLIS = 200;

    private final List<EventWatch> watches;
    private final EventDelivery delivery;
    private final GapDetector gaps;
    private final WatchStatus status;
    private final String cluster;
    private final Clock clock;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "kubernetes-events-source"));
    private boolean gapUnknownLogged;

    /** @param watches which together see the events that are asked for */
    EventSource(
            List<EventWatch> watches,
            EventDelivery delivery,
            GapDetector gaps,
            WatchStatus status,
            String cluster,
            Clock clock) {
        this.watches = watches;
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
        watches.forEach(EventWatch::stop);
        status.watching(false);
    }

    private void tick() {
        try {
            boolean watching = true;
            for (EventWatch watch : watches) {
                watching &= watch.tick();
            }
            status.watching(watching);
            if (watching) {
                noteSeen();
            }
        } catch (RuntimeException e) {
            LOG.warn("The watch of Kubernetes events is in trouble and goes on: {}", e.toString());
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
                LOG.info("When events were last seen can't be read yet: {}", e.toString());
            }
            return;
        }
        if (gap.isPresent()) {
            if (!delivery.offer(gap.get().finding(cluster, clock.instant()))) {
                return;
            }
            LOG.warn(
                    "Kubernetes events between {} and {} may be missing",
                    gap.get().from(),
                    gap.get().to());
        }
        gaps.seen(delivery.publishedUpTo());
    }
}
