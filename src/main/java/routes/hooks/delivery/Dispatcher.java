package routes.hooks.delivery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.support.AsyncProcessorSupport;
import routes.event.OpsEvent;
import routes.hooks.http.Failure;
import routes.nats.StoredMessage;

/**
 * The heart of route {@code hook-delivery} and its retry levels: finds for each stored delivery its hook, and a worker when the hook has
 * a free slot. An exchange completes when the endpoint took the delivery, or when it is stored where it waits next.
 */
public final class Dispatcher extends AsyncProcessorSupport implements AsyncProcessor {

    /** The id of the route; those of the retry levels are named after it. */
    public static final String ROUTE = "hook-delivery";

    /** Hooks that time out, all together, leave the workers to the others. */
    private static final int PROBES = 128;

    /** A delivery on which opsbus itself fails so often fails for ever. */
    private static final int MOST_FAILURES = 5;

    private final Targets targets;
    private final DeliveryStore store;
    private final AttemptLog attempts;
    private final List<RetryLevel> ladder;
    private final DeliveryProperties properties;
    private final Workers workers;
    private final Standstills standstills;
    private final Lanes<Task> lanes;
    private final Semaphore probes = new Semaphore(PROBES);
    private final UnknownHooks unknown;
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    Dispatcher(Targets targets, DeliveryStore store, AttemptLog attempts, List<RetryLevel> ladder, DeliveryProperties properties, Workers workers,
                 Standstills standstills) {
        this.targets = targets;
        this.store = store;
        this.attempts = attempts;
        this.ladder = ladder;
        this.properties = properties;
        this.workers = workers;
        this.standstills = standstills;
        this.unknown = new UnknownHooks(targets, properties.removedGrace());
        this.lanes = new Lanes<>(properties.inFlight(), ladder, System::nanoTime);
    }

    /** A delivery in hand: it ends with {@link #end}, once. */
    private record Task(Target hook, Lane<Task> lane, Delivery delivery, String position, Exchange exchange, AsyncCallback callback) {

        void end(Throwable failure) {
            if (failure != null) {
                exchange.setException(failure);
            }
            callback.done(false);
        }

        void endWhen(CompletableFuture<?> stored) {
            stored.whenComplete((ack, failure) -> end(failure));
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Delivery delivery;
        try {
            delivery = Delivery.read(name -> exchange.getMessage().getHeader(name, String.class), exchange.getMessage().getBody(byte[].class));
        } catch (IllegalArgumentException e) {
            store.deadLetterUnreadable(ROUTE, StoredMessage.of(exchange).position(), exchange.getMessage().getHeader(NatsConstants.NATS_SUBJECT, String.class),
                    exchange.getMessage().getBody(byte[].class), e.getMessage()).whenComplete((ack, failure) -> {
                        exchange.setException(failure);
                        callback.done(false);
                    });
            return false;
        }
        String position = StoredMessage.of(exchange).position();
        AsyncCallback done = doneSync -> {
            inHand.remove(position);
            callback.done(doneSync);
        };
        inHand.add(position);
        try {
            Target hook = targets.find(delivery.hook()).orElse(null);
            take(new Task(hook, hook == null ? null : lanes.of(hook.id()), delivery, position, exchange, done));
        } catch (RuntimeException | Error e) {
            failedInside(new Task(null, null, delivery, position, exchange, done), e);
        }
        return false;
    }

    private void failedInside(Task task, Throwable e) {
        if (StoredMessage.of(task.exchange).delivery() < MOST_FAILURES) {
            task.end(e);
        } else {
            task.endWhen(store.deadLetter(task.delivery, new Failed("error", e.toString()), task.position));
        }
    }

    /** Forgets what it knows of hooks that are gone. */
    void forgetThoseGone() {
        lanes.keep(targets::runs);
    }

    /** Whether the delivery at {@code stream:sequence} is in a lane or under way. */
    boolean has(String position) {
        return inHand.contains(position);
    }

    private void take(Task task) {
        if (task.hook == null) {
            withoutHook(task);
        } else if (task.hook.routeIsComing()) {
            task.endWhen(store.retry(ladder.get(0), task.delivery, task.position));
        } else if (task.hook.isPaused()) {
            task.endWhen(store.park(task.delivery, task.position));
        } else if (task.delivery.notBefore() != null && task.delivery.notBefore().isAfter(Instant.now())) {
            Duration wait = Duration.between(Instant.now(), task.delivery.notBefore());
            task.endWhen(store.retry(RetryLevel.atLeast(ladder, wait), task.delivery, task.position));
        } else {
            switch (task.lane.offer(task)) {
                case SLOT -> start(task);
                case NONE -> defer(task);
                case ROOM -> { } // the lane hands it out when a slot is free
            }
        }
    }

    private void withoutHook(Task task) {
        String id = task.delivery.hook();
        if (targets.mayExist(id)) {
            task.endWhen(store.park(task.delivery, task.position));
            return;
        }
        if (unknown.isGone(id)) {
            unknown.forget(id);
            task.endWhen(store.deadLetterOfRemoved(task.delivery, task.position));
        } else {
            task.endWhen(store.retry(RetryLevel.atLeast(ladder, properties.removedGrace().dividedBy(4)), task.delivery, task.position));
        }
    }

    private void defer(Task task) {
        task.endWhen(store.retry(task.lane.levelWhenBusy(), task.delivery, task.position));
    }

    private void start(Task task) {
        boolean probe = task.lane.isTimingOut();
        if (probe && !probes.tryAcquire()) {
            defer(task);
            next(task.lane.gaveUpSlot());
            return;
        }
        workers.start(() -> {
            try {
                attempt(task);
            } finally {
                if (probe) {
                    probes.release();
                }
            }
        });
    }

    private void attempt(Task task) {
        if (task.hook.isPaused()) { // since it was taken
            task.endWhen(store.park(task.delivery, task.position));
            next(task.lane.gaveUpSlot());
            return;
        }
        Instant began = Instant.now();
        long started = System.nanoTime();
        Failure failure;
        try {
            failure = call(task, began);
        } catch (IOException | RuntimeException | Error e) { // a worker must never keep a delivery
            failure = Failure.of(e);
        }
        long ended = System.nanoTime();
        Lane<Task> lane = task.lane;
        Duration took = Duration.ofNanos(ended - started);
        if (standstills.spoilt(started, ended)) {
            spoilt(task, began, took, failure);
            return;
        }
        List<Task> released = failure == null || !failure.retry() ? lane.answered(took)
                : failure.timedOut() ? List.of() : lane.failed();
        if (failure == null) {
            task.hook.attemptSucceeded();
            task.end(null);
        } else {
            attempts.failed(task.delivery, began, took, failure);
            failed(task, failure);
        }
        if (failure != null && failure.timedOut()) {
            lane.timedOut().forEach(this::defer);
        }
        next(released);
    }

    /** Neither its duration nor its failure says anything about the endpoint, unless the answer was clear. */
    private void spoilt(Task task, Instant began, Duration took, Failure failure) {
        List<Task> released = task.lane.gaveUpSlot();
        if (failure == null) {
            task.hook.attemptSucceeded();
            task.end(null);
        } else if (failure.retry()) {
            Failure why = new Failure("standstill", failure.status(), true, null, false, failure.detail() + " (opsbus itself did not run meanwhile)");
            attempts.failed(task.delivery, began, took, why);
            task.hook.metrics().attemptFailed(why.reason());
            task.endWhen(store.retry(ladder.get(0), task.delivery.nextAttempt(null), task.position));
        } else {
            attempts.failed(task.delivery, began, took, failure);
            failed(task, failure);
        }
        next(released);
    }

    /** @return null when it was delivered */
    private Failure call(Task task, Instant began) throws IOException {
        byte[] body = store.event(task.delivery);
        if (body == null) {
            return never("event-gone", "the event was too large to travel with the delivery and is no longer in its stream");
        }
        OpsEvent event = OpsEvent.parse(task.delivery.subject(), body, task.delivery.eventId());
        Failed whyNot = task.hook.whyNot(event);
        if (whyNot != null) {
            return never(whyNot.reason(), whyNot.detail());
        }
        Exchange exchange = task.hook.call(event, task.delivery, began);
        if (exchange.getException() != null) {
            return Failure.of(exchange.getException());
        }
        Instant ended = Instant.now();
        attempts.delivered(task.delivery, began, Duration.between(began, ended), status(exchange));
        task.hook.metrics().delivered(event.age(ended));
        return null;
    }

    /** What Camel's HTTP component leaves in the message; 0 when the hook did not speak HTTP, or its Kamelet took it out. */
    private static int status(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE) instanceof Integer status ? status : 0;
    }

    private static Failure never(String reason, String detail) {
        return new Failure(reason, 0, false, null, false, detail);
    }

    private void next(List<Task> released) {
        released.forEach(this::start);
    }

    private void failed(Task task, Failure failure) {
        Delivery delivery = task.delivery;
        Instant now = Instant.now();
        boolean late = delivery.stored().plus(properties.giveUpAfter()).isBefore(now);
        if (!failure.retry() || late) {
            task.hook.attemptFailed(failure);
            Failed why = failure.retry()
                    ? new Failed("expired", failure.status(), "still failing " + properties.giveUpAfter() + " after the event: " + failure.detail())
                    : new Failed(failure.reason(), failure.status(), failure.detail());
            task.endWhen(store.deadLetter(delivery, why, task.position));
            return;
        }
        RetryLevel level = RetryLevel.afterAttempt(ladder, delivery.attempt());
        Instant earliest = null;
        if (failure.retryAfter() != null && failure.retryAfter().compareTo(level.delay()) > 0) {
            level = RetryLevel.atLeast(ladder, failure.retryAfter());
            earliest = now.plus(failure.retryAfter());
        }
        task.hook.attemptFailed(failure, delivery.attempt(), level.delay());
        task.endWhen(store.retry(level, delivery.nextAttempt(earliest), task.position));
    }
}
