package routes.hooks;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.hooks.delivery.ReturningDeliveries;
import routes.nats.NatsBus;

/**
 * Looks every few seconds at what happens to hooks elsewhere: which are paused, by an operator at any replica or in
 * Hawtio. What waits for others comes back then.
 */
final class HookWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HookWatch.class);
    private static final long PERIOD_MS = 2_000;

    private final NatsBus bus;
    private final HookRegistry registry;
    private final PausedHooks paused;
    private final ReturningDeliveries returning;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "hook-watch");
        thread.setDaemon(true);
        return thread;
    });

    HookWatch(NatsBus bus, HookRegistry registry, PausedHooks paused, ReturningDeliveries returning) {
        this.bus = bus;
        this.registry = registry;
        this.paused = paused;
        this.returning = returning;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /** Looks now, because hooks changed. */
    void lookSoon() {
        if (!timer.isShutdown()) {
            timer.execute(this::look);
        }
    }

    @Override
    public void close() throws InterruptedException {
        returning.stop();
        timer.shutdownNow();
        timer.awaitTermination(5, TimeUnit.SECONDS);
    }

    private void look() {
        registry.all().forEach(Hook::sayWhetherStopped);
        if (!bus.isConnected() || registry.current() == HookSet.NONE) {
            return;
        }
        try {
            paused.refresh();
            returning.look();
        } catch (IOException | CompletionException e) {
            LOG.debug("{}; looks again soon", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("what waits for hooks could not be looked at; looks again soon", e);
        }
    }
}
