package routes.hooks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import routes.hooks.http.Failure;

/**
 * A hook that runs: what its author wrote, its dynamic route, its lane and its figures. An edit replaces the hook; route, lane and figures of
 * the old one go on.
 */
final class Hook {

    static final String EVENT_TYPE = "event";
    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);
    private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

    private final EventHook spec;
    private final HookType type;
    private final Lane<HookDelivery.Task> lane;
    private final HookMetrics metrics;
    private final Running running;

    /** What outlives an edit. */
    private static final class Running {
        private volatile Route route;
        private volatile AsyncProducer producer;
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicBoolean saidFailing = new AtomicBoolean();
        private volatile long saidAt = System.nanoTime() - QUIET;
    }

    Hook(EventHook spec, HookType type, Lane<HookDelivery.Task> lane, HookMetrics metrics) {
        this(spec, type, lane, metrics, new Running());
    }

    private Hook(EventHook spec, HookType type, Lane<HookDelivery.Task> lane, HookMetrics metrics, Running running) {
        this.spec = spec;
        this.type = type;
        this.lane = lane;
        this.metrics = metrics;
        this.running = running;
    }

    Hook edited(EventHook newSpec, HookType newType) {
        return new Hook(newSpec, newType, lane, metrics, running);
    }

    String id() {
        return spec.id();
    }

    EventHook spec() {
        return spec;
    }

    HookType type() {
        return type;
    }

    Lane<HookDelivery.Task> lane() {
        return lane;
    }

    HookMetrics metrics() {
        return metrics;
    }

    String routeId() {
        return routeId(id());
    }

    static String routeId(String hook) {
        return "hook:" + hook;
    }

    boolean forwards() {
        return spec.type().equals(EVENT_TYPE);
    }

    void routeStands(Route route, AsyncProducer producer) {
        running.producer = producer;
        running.route = route;
    }

    /** Its route is being built or rebuilt. */
    boolean routeIsComing() {
        return running.route == null;
    }

    void routeIsGone() {
        running.route = null;
    }

    /** By its author ({@code paused: true}) or by an operator who stopped or suspended its route in Hawtio or over JMX. */
    boolean isPaused() {
        Route route = running.route;
        return spec.paused() || route != null && !route.getCamelContext().getRouteController().getRouteStatus(route.getRouteId()).isStarted();
    }

    /** Runs the exchange through the hook's route and waits for its end; the exchange tells the outcome. */
    void call(Exchange exchange) {
        try {
            running.producer.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
    }

    void callAsync(Exchange exchange, AsyncCallback callback) {
        running.producer.process(exchange, callback);
    }

    Exchange newExchange() {
        return running.producer.getEndpoint().createExchange();
    }

    /** Says when a hook begins to fail and when it works again, not each attempt in between, nor each turn of one that fails now and then. */
    void attemptFailed(Failure failure, int attempt, Duration next) {
        metrics.attemptFailed(failure.reason());
        running.failures.incrementAndGet();
        long now = System.nanoTime();
        if (now - running.saidAt >= QUIET && running.saidFailing.compareAndSet(false, true)) {
            running.saidAt = now;
            LOG.warn("hook {}: attempt {} failed: {} ({}); next attempt in {} s", id(), attempt, failure.reason(), failure.detail(), next.toSeconds());
        } else {
            LOG.debug("hook {}: attempt {} failed: {} ({})", id(), attempt, failure.reason(), failure.detail());
        }
    }

    void attemptSucceeded() {
        int failures = running.failures.getAndSet(0);
        if (failures > 0 && running.saidFailing.compareAndSet(true, false)) {
            LOG.info("hook {}: delivers again after {} failed attempts", id(), failures);
        }
    }
}
