package routes.hooks;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import routes.hooks.delivery.Dispatcher;

/**
 * The order in which things come up: hooks are read, then the router starts and, when it is known which hooks are
 * paused, deliveries; the hooks' routes come behind, and what is for one that is not there yet waits for it. The router
 * never runs without its hooks: until they are known, events wait in their stream.
 */
final class HookLifecycle implements HealthIndicator {

    private static final Logger LOG = LoggerFactory.getLogger(HookLifecycle.class);
    static final String ROUTER = "event-router";
    private static final int IDLE_SHARE = 50;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** A round of 10,000 new hooks takes a few seconds. */
    private static final Duration BEHIND = Duration.ofSeconds(30);
    /** Less than the grace that is left to the routes: a step of the reconciler takes a second or two. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final CamelContext camel;
    private final HookReconciler reconciler;
    private final HookRegistry registry;
    private final PausedHooks paused;
    private final HookWatch watch;
    private final Dispatcher deliveries;
    private final Duration poll;
    private final LongSupplier nanoTime;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "hook-reconciler"));
    private volatile long upToDate;
    private boolean routing;
    private volatile boolean delivering;
    private boolean stands;
    private volatile String waiting = "for the hooks to be read";
    private HookSet seen = HookSet.NONE;

    HookLifecycle(
            CamelContext camel,
            HookReconciler reconciler,
            HookRegistry registry,
            PausedHooks paused,
            HookWatch watch,
            Dispatcher deliveries,
            MeterRegistry metrics,
            Duration poll,
            LongSupplier nanoTime) {
        this.camel = camel;
        this.reconciler = reconciler;
        this.registry = registry;
        this.paused = paused;
        this.watch = watch;
        this.deliveries = deliveries;
        this.poll = poll;
        this.nanoTime = nanoTime;
        this.upToDate = nanoTime.getAsLong();
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        Gauge.builder("opsbus.hooks.behind", this, hooks -> hooks.behind().toMillis() / 1_000.0)
                .baseUnit("seconds")
                .description("since all that is written in hooks last stood")
                .register(metrics);
        Gauge.builder("opsbus.hooks.put.aside", registry, HookRegistry::aside)
                .description("hooks that the router asks no more, since their expressions took too long")
                .register(metrics);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        thread.execute(this::round);
    }

    /** Before the Camel context stops, which can't bear that routes come and go meanwhile. */
    @EventListener(ContextClosedEvent.class)
    void stop() throws InterruptedException {
        reconciler.stop();
        thread.shutdown();
        if (!thread.awaitTermination(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn(
                    "hooks are still being brought up to date after {} s; stopping all the same",
                    LONGEST_STOP.toSeconds());
            thread.shutdownNow();
        }
        watch.close();
    }

    private void round() {
        long began = System.nanoTime();
        look();
        // a folder of thousands of files is looked at less often: it never takes more than a small part of a core
        long rest = delivering ? Math.min(LONGEST_PAUSE.toNanos(), IDLE_SHARE * (System.nanoTime() - began)) : 0;
        if (!thread.isShutdown()) {
            thread.schedule(this::round, Math.max(poll.toNanos(), rest), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        try {
            boolean complete = reconciler.reconcile(this::indexStands, deliveries::routesStand);
            deliveries.routesStand(); // or will not come
            if (complete && !stands) {
                indexStands();
                if (!delivering) {
                    return;
                }
                stands = true;
                watch.start();
                LOG.info(
                        "ready: {}, {}",
                        number(registry.current().byId().size(), "hook runs", "hooks run"),
                        number(registry.rejected(), "is rejected", "are rejected"));
            } else if (stands && registry.current() != seen) {
                watch.lookSoon();
            }
            seen = registry.current();
            if (complete) {
                upToDate = nanoTime.getAsLong();
            }
        } catch (Exception e) {
            LOG.error("hooks could not be brought up to date; trying again", e);
        }
    }

    private static String number(long count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }

    /** A hook that an operator paused must not deliver in the first seconds after a start. */
    private boolean knowsThePaused() {
        try {
            paused.refresh();
            return true;
        } catch (IOException e) {
            String now = "for NATS, which knows the hooks that are paused: " + e.getMessage();
            if (!now.equals(waiting)) {
                LOG.warn("deliveries wait {}", now);
                waiting = now;
            }
            return false;
        }
    }

    private void indexStands() {
        if (!routing) {
            startAll(ROUTER);
            routing = true;
            upToDate = nanoTime.getAsLong();
        }
        startDelivering();
    }

    private void startDelivering() {
        if (!delivering && knowsThePaused()) {
            startAll(Dispatcher.ROUTE);
            delivering = true;
        }
    }

    /** Starts a route and those named after it: {@code hook-delivery} and {@code hook-delivery-retry-1s}, … */
    private void startAll(String name) {
        for (Route route : camel.getRoutes()) {
            if (route.getRouteId().equals(name) || route.getRouteId().startsWith(name + "-")) {
                try {
                    camel.getRouteController().startRoute(route.getRouteId());
                } catch (Exception e) {
                    throw new IllegalStateException("route " + route.getRouteId() + " does not start", e);
                }
            }
        }
    }

    /** Since the files and resources were last looked at and everything in them stood. */
    private Duration behind() {
        return Duration.ofNanos(nanoTime.getAsLong() - upToDate);
    }

    @Override
    public Health health() {
        HookSet hooks = registry.current();
        Duration behind = behind();
        Health.Builder health = delivering && behind.compareTo(BEHIND) < 0 ? Health.up() : Health.outOfService();
        if (!delivering) {
            health.withDetail("waiting", waiting);
        } else if (behind.compareTo(BEHIND) >= 0) {
            health.withDetail(
                    "behind",
                    "hooks were last brought up to date " + behind.toSeconds()
                            + " s ago; what was changed since does not count yet");
        }
        if (registry.aside() > 0) {
            health.withDetail(
                    "putAside",
                    registry.aside()
                            + " of the rejected, since their expressions took too long; GET /api/v1/hooks says which");
        }
        return health.withDetail("running", hooks.byId().size())
                .withDetail("rejected", registry.rejected())
                .build();
    }
}
