package routes.hooks;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.nats.MessageGone;
import routes.nats.NatsBus;
import routes.nats.Streams;

/**
 * Looks after what waits, every few seconds: learns which hooks are paused, says which were stopped in Hawtio, counts it for each hook, brings parked deliveries back when their hook runs again, puts
 * what waited for a removed hook into the dead letters, and hands out again what a crash of the server left behind a consumer. It reads a
 * stream by subject, message by message, and deletes a message only after its next place has it.
 */
final class Caretaker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);
    private static final long PERIOD_MS = 2_000;
    /** Longer than a delivery waits in its lane, and then for an endpoint that is as slow as is allowed. */
    private static final Duration LONGEST_WORK = Duration.ofMinutes(2);

    private final NatsBus bus;
    private final HookRegistry registry;
    private final DeliveryStore store;
    private final PausedHooks paused;
    private final WaitingDeliveries waitingDeliveries;
    private final Set<String> levels;
    private final DeliveryProperties properties;
    private final Map<String, Instant> unknownSince = new HashMap<>();
    private final List<StrandedMessages> stranded;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "caretaker");
        thread.setDaemon(true);
        return thread;
    });

    /** @param inHand whether this process works on the delivery at {@code stream:sequence} */
    Caretaker(NatsBus bus, HookRegistry registry, DeliveryStore store, PausedHooks paused, List<RetryLevel> ladder, Predicate<String> inHand,
              DeliveryProperties properties) {
        this.bus = bus;
        this.registry = registry;
        this.store = store;
        this.paused = paused;
        this.waitingDeliveries = new WaitingDeliveries(bus);
        this.levels = ladder.stream().map(RetryLevel::name).collect(Collectors.toSet());
        this.stranded = List.of(
                new StrandedMessages(bus, Streams.DELIVERIES, LONGEST_WORK, inHand),
                new StrandedMessages(bus, Streams.RETRIES, ladder.get(ladder.size() - 1).delay().plus(LONGEST_WORK), inHand));
        this.properties = properties;
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
        timer.shutdownNow();
        timer.awaitTermination(5, TimeUnit.SECONDS);
    }

    private void look() {
        registry.current().byId().values().forEach(Hook::sayWhetherStopped);
        if (!bus.isConnected() || registry.current() == HookSet.NONE) {
            return;
        }
        try {
            paused.refresh();
            HookSet hooks = registry.current();
            Map<String, Hook> byToken = hooks.byId().values().stream().collect(Collectors.toMap(hook -> Delivery.token(hook.id()), hook -> hook));
            Map<String, Long> waiting = new HashMap<>();
            Map<String, Long> deliveries = waitingDeliveries.counts(Streams.DELIVERIES, "opsbus.deliveries.>");
            deliveries.forEach((subject, count) -> waiting.merge(WaitingDeliveries.token(subject, 2), count, Long::sum));
            for (Map.Entry<String, Long> parked : waitingDeliveries.counts(Streams.PARKED, "opsbus.parked.>").entrySet()) {
                waiting.merge(WaitingDeliveries.token(parked.getKey(), 2), parked.getValue(), Long::sum);
                tendParked(parked.getKey(), byToken.get(WaitingDeliveries.token(parked.getKey(), 2)), hooks);
            }
            for (Map.Entry<String, Long> retries : waitingDeliveries.counts(Streams.RETRIES, "opsbus.retries.>").entrySet()) {
                waiting.merge(WaitingDeliveries.token(retries.getKey(), 3), retries.getValue(), Long::sum);
                tendRetries(retries.getKey(), byToken.get(WaitingDeliveries.token(retries.getKey(), 3)));
            }
            byToken.forEach((token, hook) -> hook.metrics().pending(waiting.getOrDefault(token, 0L)));
            for (StrandedMessages messages : stranded) {
                tendStranded(messages);
            }
        } catch (IOException | JetStreamApiException | CompletionException e) {
            LOG.debug("caretaker: {}; looks again soon", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("caretaker: looks again soon", e);
        }
    }

    private void tendParked(String subject, Hook hook, HookSet hooks) throws IOException, JetStreamApiException {
        if (hook != null) {
            if (!hook.routeIsComing() && !hook.isPaused()) {
                long moved = sweep(Streams.PARKED, subject, (delivery, position) -> store.bringBack(delivery, position));
                if (moved > 0) { // not so when another replica was faster
                    LOG.info("hook {}: {} parked deliveries come back", hook.id(), moved);
                }
            }
        } else {
            buryIfGone(Streams.PARKED, subject, hooks);
        }
    }

    private void tendRetries(String subject, Hook hook) throws IOException, JetStreamApiException {
        if (!levels.contains(subject.split("\\.", 4)[2])) {
            long moved = sweep(Streams.RETRIES, subject, (delivery, position) -> store.bringBack(delivery, position));
            LOG.info("{} deliveries of {} come back: the retry level is no longer configured", moved, subject);
        } else if (hook == null) {
            buryIfGone(Streams.RETRIES, subject, registry.current());
        }
    }

    private void buryIfGone(String stream, String subject, HookSet hooks) throws IOException, JetStreamApiException {
        MessageInfo first = next(stream, 1, subject);
        if (first == null) {
            return;
        }
        String id;
        try {
            id = read(first).hook();
        } catch (IllegalArgumentException e) {
            move(stream, first, (delivery, position) -> CompletableFuture.completedFuture(null)); // the next look meets the next one
            return;
        }
        if (hooks.byId().containsKey(id) || hooks.mayExist(id)) {
            unknownSince.remove(id);
            return;
        }
        Instant since = unknownSince.computeIfAbsent(id, unknown -> Instant.now());
        if (registry.wasRemoved(id) || since.plus(properties.removedGrace()).isBefore(Instant.now())) {
            long buried = sweep(stream, subject, (delivery, position) -> HookDelivery.removed(store, delivery, position));
            LOG.info("hook {} was removed: {} deliveries that waited in {} are dead letters, reason hook-removed", id, buried, subject);
        }
    }

    private void tendStranded(StrandedMessages messages) throws IOException, JetStreamApiException {
        List<MessageInfo> found = messages.look();
        for (MessageInfo message : found) {
            move(messages.stream(), message, (delivery, position) -> store.bringBack(delivery, position));
        }
        if (!found.isEmpty()) {
            LOG.warn("{} deliveries were left in {} by a crash of the server; they are delivered again", found.size(), messages.stream());
        }
    }

    private interface Move {
        CompletableFuture<?> to(Delivery delivery, String position);
    }

    /** @return how many messages were moved */
    private long sweep(String stream, String subject, Move move) throws IOException, JetStreamApiException {
        long moved = 0;
        for (MessageInfo message = next(stream, 1, subject); message != null && !timer.isShutdown(); message = next(stream, message.getSeq() + 1, subject)) {
            move(stream, message, move);
            moved++;
        }
        return moved;
    }

    private void move(String stream, MessageInfo message, Move move) throws IOException, JetStreamApiException {
        String position = stream + ":" + message.getSeq();
        Delivery delivery;
        try {
            delivery = read(message);
        } catch (IllegalArgumentException e) { // it would be met first each time, and nothing behind it
            store.deadLetterUnreadable("caretaker", position, message.getSubject(), message.getData() == null ? new byte[0] : message.getData(), e.getMessage()).join();
            delete(stream, message.getSeq());
            return;
        }
        move.to(delivery, position).join();
        delete(stream, message.getSeq());
    }

    private void delete(String stream, long sequence) throws IOException, JetStreamApiException {
        try {
            bus.management().deleteMessage(stream, sequence, false);
        } catch (JetStreamApiException e) {
            if (!MessageGone.is(e)) { // a consumer or another replica was faster
                throw e;
            }
        }
    }

    private MessageInfo next(String stream, long from, String subject) throws IOException, JetStreamApiException {
        try {
            return bus.management().getNextMessage(stream, from, subject);
        } catch (JetStreamApiException e) {
            if (MessageGone.is(e)) {
                return null;
            }
            throw e;
        }
    }

    private static Delivery read(MessageInfo message) {
        Headers headers = message.getHeaders();
        return Delivery.read(name -> headers == null ? null : headers.getFirst(name), message.getData() == null ? new byte[0] : message.getData());
    }
}
