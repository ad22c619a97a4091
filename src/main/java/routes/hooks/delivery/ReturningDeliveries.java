package routes.hooks.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.NatsBus;
import routes.nats.StreamMessages.Found;
import routes.nats.Streams;

/**
 * Brings back what waits: parked deliveries when their hook runs again, those of a retry level that is no longer
 * configured, and what a crash of the server left behind a consumer. What waits for a removed hook is handed on at
 * once, and only whoever takes it then makes it a dead letter: here, another may hold it, and the hook come back.
 * Counts what waits for each hook meanwhile. For one thread.
 */
public final class ReturningDeliveries {

    private static final Logger LOG = LoggerFactory.getLogger(ReturningDeliveries.class);
    /** Longer than a delivery waits in its lane, and then for an endpoint that is as slow as is allowed. */
    private static final Duration LONGEST_WORK = Duration.ofMinutes(2);

    private final Targets targets;
    private final DeliveryStore store;
    private final Dispatcher delivery;
    private final WaitingDeliveries waiting;
    private final Sweep sweep;
    private final Set<String> levels;
    private final Recovery.Ladder readers;
    private final List<StrandedMessages> stranded;

    ReturningDeliveries(
            NatsBus bus,
            Targets targets,
            DeliveryStore store,
            Dispatcher delivery,
            List<RetryLevel> ladder,
            Recovery.Ladder readers) {
        this.targets = targets;
        this.store = store;
        this.delivery = delivery;
        this.waiting = new WaitingDeliveries(bus);
        this.sweep = new Sweep(bus, store);
        this.levels = ladder.stream().map(RetryLevel::name).collect(Collectors.toSet());
        this.readers = readers;
        this.stranded = List.of(
                new StrandedMessages(bus, Streams.DELIVERIES, LONGEST_WORK, delivery::has),
                new StrandedMessages(
                        bus,
                        Streams.RETRIES,
                        ladder.get(ladder.size() - 1).delay().plus(LONGEST_WORK),
                        delivery::has));
    }

    /**
     * Does what can be done now, and ends early when it is told to {@link #stop}.
     *
     * @throws IOException when NATS is away
     * @throws java.util.concurrent.CompletionException when NATS does not take a message
     */
    public void look() throws IOException {
        Map<String, Target> byToken =
                targets.all().stream().collect(Collectors.toMap(hook -> Delivery.token(hook.id()), hook -> hook));
        Map<String, Long> counts = new HashMap<>();
        waiting.inDeliveries()
                .forEach((subject, count) -> counts.merge(WaitingDeliveries.token(subject, 2), count, Long::sum));
        for (Map.Entry<String, Long> parked : waiting.inParked().entrySet()) {
            String token = WaitingDeliveries.token(parked.getKey(), 2);
            counts.merge(token, parked.getValue(), Long::sum);
            parked(parked.getKey(), byToken.get(token));
        }
        for (Map.Entry<String, Long> retries : waiting.inRetries().entrySet()) {
            String token = WaitingDeliveries.token(retries.getKey(), 3);
            counts.merge(token, retries.getValue(), Long::sum);
            retries(retries.getKey(), byToken.get(token));
        }
        byToken.forEach((token, hook) -> hook.metrics().pending(counts.getOrDefault(token, 0L)));
        delivery.forgetThoseGone(counts.keySet());
        for (StrandedMessages messages : stranded) {
            stranded(messages);
        }
    }

    public void stop() {
        sweep.stop();
    }

    private void parked(String subject, Target hook) throws IOException {
        if (hook == null) {
            if (isGone(sweep.hookOfFirst(Streams.PARKED, subject))) {
                sweep.all(Streams.PARKED, subject, store::bringBack);
            }
        } else if (!hook.routeIsComing() && !hook.isPaused()) {
            long moved = sweep.all(Streams.PARKED, subject, store::bringBack);
            if (moved > 0) { // not so when another replica was faster
                LOG.info("hook {}: {} parked deliveries come back", hook.id(), moved);
            }
        }
    }

    private void retries(String subject, Target hook) throws IOException {
        if (!levels.contains(subject.split("\\.", 4)[2])) {
            long moved = sweep.all(Streams.RETRIES, subject, store::bringBack);
            LOG.info("{} deliveries of {} come back: the retry level is no longer configured", moved, subject);
        } else if (hook == null) {
            String id = sweep.hookOfFirst(Streams.RETRIES, subject);
            if (isGone(id)) {
                readers.handOn(id, readers.last(), Integer.MAX_VALUE);
            }
        }
    }

    private boolean isGone(String hookOrNull) {
        return hookOrNull != null && delivery.isGone(hookOrNull);
    }

    private void stranded(StrandedMessages messages) throws IOException {
        List<Found> found = messages.look();
        for (Found message : found) {
            sweep.one(message, store::bringBack);
        }
        if (!found.isEmpty()) {
            LOG.warn(
                    "{} deliveries were left in {} by a crash of the server; they are delivered again",
                    found.size(),
                    messages.stream());
        }
    }
}
