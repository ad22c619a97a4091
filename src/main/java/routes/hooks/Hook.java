package routes.hooks;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RouteController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.event.OpsEvent;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.Failed;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.delivery.Target;
import routes.hooks.http.Failure;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookType;
import routes.hooks.spec.HookVariables;

/**
 * A hook that runs: what its author wrote, its dynamic route and its figures. An edit replaces the hook; route and
 * figures of the old one go on.
 */
final class Hook implements Target {

    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);
    private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

    private final EventHook spec;
    private final HookType type;
    private final HookMetrics metrics;
    private final BooleanSupplier pausedByOperator;
    private final Running running;

    /** What outlives an edit. */
    private static final class Running {
        private volatile Route route;
        private volatile Endpoint endpoint; // stays when the route goes, under an attempt that begins
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicBoolean saidFailing = new AtomicBoolean();
        private final AtomicBoolean saidStopped = new AtomicBoolean();
        private volatile long saidAt = System.nanoTime() - QUIET;
        private volatile Trouble trouble;
    }

    /**
     * The last failure.
     *
     * @param since the first one in a row, null when an attempt succeeded after it
     */
    private record Trouble(Instant since, Instant at, Failure failure) {}

    /** @param pausedByOperator asked for each delivery; also true while that is not known */
    Hook(EventHook spec, HookType type, HookMetrics metrics, BooleanSupplier pausedByOperator) {
        this(spec, type, metrics, pausedByOperator, new Running());
    }

    private Hook(
            EventHook spec, HookType type, HookMetrics metrics, BooleanSupplier pausedByOperator, Running running) {
        this.spec = spec;
        this.type = type;
        this.metrics = metrics;
        this.pausedByOperator = pausedByOperator;
        this.running = running;
    }

    Hook edited(EventHook newSpec, HookType newType) {
        return new Hook(newSpec, newType, metrics, pausedByOperator, running);
    }

    @Override
    public String id() {
        return spec.id();
    }

    EventHook spec() {
        return spec;
    }

    HookType type() {
        return type;
    }

    @Override
    public HookMetrics metrics() {
        return metrics;
    }

    String routeId() {
        return routeId(id());
    }

    static String routeId(String hook) {
        return "hook:" + hook;
    }

    @Override
    public Failed whyNot(OpsEvent event) {
        return Forwarding.whyNot(spec, event);
    }

    void routeStands(Route route) {
        running.endpoint = route.getEndpoint();
        running.route = route;
    }

    @Override
    public boolean routeIsComing() {
        return running.route == null;
    }

    void routeIsGone() {
        running.route = null;
    }

    /**
     * By its author ({@code paused: true}), by an operator, or because its route was stopped or suspended in Hawtio or
     * over JMX.
     */
    @Override
    public boolean isPaused() {
        return spec.paused() || pausedByOperator.getAsBoolean() || routeIsStopped();
    }

    boolean routeIsStopped() {
        Route route = running.route;
        return route != null
                && !route.getCamelContext()
                        .getRouteController()
                        .getRouteStatus(route.getRouteId())
                        .isStarted();
    }

    /** Says that its route was stopped or suspended in Hawtio, and that it was started again. */
    void sayWhetherStopped() {
        Route route = running.route;
        if (route == null || !route.getCamelContext().getStatus().isStarted()) {
            return;
        }
        ServiceStatus status = route.getCamelContext().getRouteController().getRouteStatus(route.getRouteId());
        if (status == null || running.route != route) { // it is being removed or rebuilt
            return;
        }
        boolean stopped = status.isStopped() || status.isSuspended();
        if (stopped && running.saidStopped.compareAndSet(false, true)) {
            LOG.warn(
                    "hook {}: its route was {} in Hawtio or over JMX: its deliveries wait, those of this replica only, until it is started there or the hook is resumed",
                    id(),
                    status.isSuspended() ? "suspended" : "stopped");
        } else if (status.isStarted() && running.saidStopped.compareAndSet(true, false)) {
            LOG.info("hook {}: its route is started again", id());
        }
    }

    /** Undoes what was done in Hawtio. */
    void startRoute() {
        Route route = running.route;
        if (route == null || !routeIsStopped()) {
            return;
        }
        RouteController routes = route.getCamelContext().getRouteController();
        try {
            if (routes.getRouteStatus(route.getRouteId()) == ServiceStatus.Suspended) {
                routes.resumeRoute(route.getRouteId());
            } else {
                routes.startRoute(route.getRouteId());
            }
        } catch (Exception e) {
            throw new IllegalStateException("the route of hook " + id() + " does not start", e);
        }
    }

    @Override
    public void prepare(Exchange exchange, OpsEvent event, Delivery delivery, Instant began) {
        exchange.getMessage().removeHeaders("*"); // from the wire
        exchange.getMessage().setBody(null);
        exchange.setProperty("hookRoute", running.endpoint);
        HookVariables.set(exchange, spec, type, event, delivery.id(), delivery.attempt(), began);
    }

    /**
     * For a trial: the event on its first attempt, through the hook's route to its end; the exchange tells the outcome.
     */
    Exchange call(OpsEvent event, String deliveryId, Instant began) {
        Exchange exchange = running.endpoint.createExchange();
        HookVariables.set(exchange, spec, type, event, deliveryId, 1, began);
        try (AsyncProducer producer = running.endpoint.createAsyncProducer()) {
            producer.start();
            producer.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        return exchange;
    }

    /**
     * Says when a hook begins to fail and when it works again, not each attempt in between, nor each turn of one that
     * fails now and then.
     */
    @Override
    public void attemptFailed(Failure failure, int attempt, Duration next) {
        attemptFailed(failure);
        running.failures.incrementAndGet();
        long now = System.nanoTime();
        if (now - running.saidAt >= QUIET && running.saidFailing.compareAndSet(false, true)) {
            running.saidAt = now;
            LOG.warn(
                    "hook {}: attempt {} failed: {} ({}); next attempt in {} s",
                    id(),
                    attempt,
                    failure.reason(),
                    failure.detail(),
                    next.toSeconds());
        } else {
            LOG.debug("hook {}: attempt {} failed: {} ({})", id(), attempt, failure.reason(), failure.detail());
        }
    }

    @Override
    public void attemptFailed(Failure failure) {
        metrics.attemptFailed(failure.reason());
        Trouble before = running.trouble;
        Instant now = Instant.now();
        running.trouble = new Trouble(before == null || before.since == null ? now : before.since, now, failure);
    }

    /** Since when no attempt succeeded, or null. */
    Instant failingSince() {
        Trouble now = running.trouble;
        return now == null ? null : now.since;
    }

    /** Of the last attempt that failed, or null. */
    HookState.LastFailure lastFailure() {
        Trouble now = running.trouble;
        return now == null ? null : new HookState.LastFailure(now.at, now.failure);
    }

    @Override
    public void attemptSucceeded() {
        Trouble before = running.trouble;
        if (before != null && before.since != null) {
            running.trouble = new Trouble(null, before.at, before.failure);
        }
        int failures = running.failures.getAndSet(0);
        if (failures > 0 && running.saidFailing.compareAndSet(true, false)) {
            LOG.info("hook {}: delivers again after {} failed attempts", id(), failures);
        }
    }
}
