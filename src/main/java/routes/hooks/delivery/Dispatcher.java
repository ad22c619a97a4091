package routes.hooks.delivery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import routes.event.OpsEvent;
import routes.hooks.http.Failure;
import routes.hooks.http.Standstills;
import routes.nats.StoredMessage;

/**
 * Decides in route {@code deliver} for each stored delivery. First whether it can be attempted now: then the route goes
 * on when the hook has a free slot and there is a worker for it, on which the attempt is made. And when the hook's
 * route has ended, as an aggregation strategy: what the outcome means.
 *
 * <p>Long because the one gives back what the other took: the slot, the worker's time and the place among those in
 * hand.
 */
public final class Dispatcher extends AsyncProcessorSupport implements AsyncProcessor, AggregationStrategy {

    /** The id of the route that reads deliveries; those of the retry levels are named after it. */
    public static final String ROUTE = "hook-delivery";

    private static final String TASK = "OpsbusTask";

    /** Of a delivery that waits in its lane, besides its body: its headers, its exchange. */
    private static final int OVERHEAD = 4_096;

    /** Of an event that is fetched for the attempt, since it was too large to travel. */
    private static final int USUAL_LARGEST = 1 << 20;

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
    private final Recovery recovery;
    private final Lanes<Task> lanes;
    private final Semaphore probes = new Semaphore(PROBES);
    private final UnknownHooks unknown;
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();
    /** What waits for its hook's route, in order, by hook. Bounded by what the consumers have under way. */
    private final Map<String, List<Task>> early = new ConcurrentHashMap<>();

    private volatile boolean stopping;

    Dispatcher(
            Targets targets,
            DeliveryStore store,
            AttemptLog attempts,
            List<RetryLevel> ladder,
            DeliveryProperties properties,
            Workers workers,
            Standstills standstills,
            Recovery recovery) {
        this.targets = targets;
        this.store = store;
        this.attempts = attempts;
        this.ladder = ladder;
        this.properties = properties;
        this.workers = workers;
        this.standstills = standstills;
        this.recovery = recovery;
        this.unknown = new UnknownHooks(targets, properties.removedGrace());
        this.lanes = new Lanes<>(properties.inFlight(), properties.waiting().toBytes(), ladder, System::nanoTime);
    }

    /** A delivery in hand, until its exchange is done. */
    private final class Task extends SynchronizationAdapter {
        private final Delivery delivery;
        private final String position;
        private final Exchange exchange;
        private final AsyncCallback callback;
        private Target hook; // as of the last look: it may be edited while this waits
        private Lane<Task> lane; // null as long as there is no such hook
        private boolean hasSlot;
        private boolean hasProbe;
        private OpsEvent event;
        private Instant began;
        private long started;

        private Task(Delivery delivery, String position, Exchange exchange, AsyncCallback callback) {
            this.delivery = delivery;
            this.position = position;
            this.exchange = exchange;
            this.callback = callback;
        }

        private void retry(RetryLevel level) {
            NextStep.retry(level, delivery, position).process(exchange);
        }

        private void park() {
            NextStep.park(delivery, position).process(exchange);
        }

        /** Bytes in memory, about. */
        private int size() {
            return OVERHEAD + (delivery.reference() == null ? delivery.body().length : USUAL_LARGEST);
        }

        /** Before its lane is told that it does. */
        private void leavesSlot() {
            hasSlot = false;
            lane.ends(size());
        }

        /** Without an outcome: the next ones have it. */
        private void giveUpSlot() {
            leavesSlot();
            next(lane.gaveUpSlot());
        }

        private void giveUp(Failed failed) {
            NextStep.deadLetter(delivery, failed, position).process(exchange);
        }

        @Override
        public void onDone(Exchange done) {
            inHand.remove(position);
            if (hasProbe) {
                probes.release();
            }
            if (hasSlot) { // the route failed before there was an outcome
                giveUpSlot();
            }
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        String position = StoredMessage.of(exchange).position();
        String subject = exchange.getMessage().getHeader(NatsConstants.NATS_SUBJECT, String.class);
        byte[] body = exchange.getMessage().getBody(byte[].class);
        Delivery delivery;
        try {
            delivery = Delivery.read(name -> exchange.getMessage().getHeader(name, String.class), body);
        } catch (IllegalArgumentException e) {
            NextStep.deadLetter(in -> in.deadLetterUnreadable(ROUTE, position, subject, body, e.getMessage()))
                    .process(exchange);
            callback.done(true);
            return true;
        }
        boolean goesOn = true;
        try {
            Task task = new Task(delivery, position, exchange, callback);
            inHand.add(position);
            exchange.getExchangeExtension().addOnCompletion(task);
            goesOn = take(task);
        } catch (RuntimeException | Error e) {
            if (StoredMessage.of(exchange).delivery() < MOST_FAILURES) {
                exchange.setException(e);
            } else {
                NextStep.deadLetter(delivery, new Failed("error", e.toString()), position)
                        .process(exchange);
            }
        }
        if (goesOn) {
            callback.done(true);
        }
        return goesOn;
    }

    /**
     * What only waits goes back to the server, for another replica or the next start; before Camel waits for what is
     * under way.
     */
    @EventListener(ContextClosedEvent.class)
    public void giveBackWhatWaits() {
        stopping = true;
        routesStand();
        for (Task task : lanes.close()) {
            goBack(task);
            task.callback.done(false);
        }
    }

    private static void goBack(Task task) {
        task.exchange.setException(new IllegalStateException("opsbus is stopping"));
    }

    /**
     * Forgets what it knows of hooks that are gone.
     *
     * @param waiting the tokens of hooks for which something waits
     */
    void forgetThoseGone(Set<String> waiting) {
        lanes.keep(targets::runs);
        unknown.keep(waiting);
    }

    /** Whether what waits for a hook becomes dead letters as it is handed on. */
    boolean isGone(String hook) {
        return !targets.runs(hook) && !targets.mayExist(hook) && unknown.isGone(hook);
    }

    /** Whether the delivery at {@code stream:sequence} is in a lane or under way. */
    boolean has(String position) {
        return inHand.contains(position);
    }

    /** To be called when routes of hooks have come, or will not come: what waits for them goes on, in order. */
    public void routesStand() {
        if (early.isEmpty()) {
            return;
        }
        synchronized (early) {
            for (String id : early.keySet()) {
                Target now = targets.find(id).orElse(null);
                if (stopping || now == null || !now.routeIsComing()) {
                    early.get(id).forEach(this::goOn);
                    early.remove(id); // until then others of the hook queue behind
                }
            }
        }
    }

    private void goOn(Task task) {
        boolean known = true;
        try {
            known = decide(task);
        } catch (RuntimeException | Error e) {
            task.exchange.setException(e);
        }
        if (known) {
            task.callback.done(false);
        }
    }

    private boolean waitsForItsRoute(Task task) {
        String id = task.delivery.hook();
        Target hook = targets.find(id).orElse(null);
        if (hook == null || early.isEmpty() && !hook.routeIsComing()) {
            return false;
        }
        synchronized (early) {
            boolean waits = !stopping && (hook.routeIsComing() || early.containsKey(id));
            if (waits) {
                early.computeIfAbsent(id, first -> new ArrayList<>()).add(task);
            }
            return waits;
        }
    }

    /** @return whether it is known at once what is next */
    private boolean take(Task task) {
        return !waitsForItsRoute(task) && decide(task);
    }

    private boolean decide(Task task) {
        if (goesElsewhere(task)) {
            return true;
        }
        task.lane = lanes.of(task.hook.id());
        switch (task.lane.offer(task, task.size())) {
            case SLOT -> start(task);
            case NONE -> {
                task.retry(task.lane.levelWhenBusy());
                return true;
            }
            case ROOM -> {} // the lane hands it out when a slot is free
        }
        return false;
    }

    /** Whether it is not to be attempted now; then it is known what is next. */
    private boolean goesElsewhere(Task task) {
        task.hook = targets.find(task.delivery.hook()).orElse(null);
        if (stopping) {
            goBack(task);
        } else if (task.hook == null) {
            withoutHook(task);
        } else if (task.hook.routeIsComing()) { // again, since it was taken
            task.retry(ladder.get(0));
        } else if (task.hook.isPaused()) {
            task.park();
        } else if (task.delivery.notBefore() != null
                && task.delivery.notBefore().isAfter(Instant.now())) {
            task.retry(RetryLevel.atLeast(ladder, Duration.between(Instant.now(), task.delivery.notBefore())));
        } else {
            return false;
        }
        return true;
    }

    /** The one place where a hook's going ends deliveries: whoever holds one decides, nobody else buries it. */
    private void withoutHook(Task task) {
        String id = task.delivery.hook();
        if (targets.mayExist(id)) {
            task.park();
        } else if (unknown.isGone(id)) {
            task.giveUp(Failed.HOOK_REMOVED);
        } else {
            task.retry(RetryLevel.atLeast(ladder, properties.removedGrace().dividedBy(4)));
        }
    }

    private void next(List<Task> released) {
        released.forEach(this::start);
    }

    private void start(Task task) {
        if (task.lane.isTimingOut()) {
            if (!probes.tryAcquire()) {
                defer(task);
                task.giveUpSlot();
                return;
            }
            task.hasProbe = true;
        }
        task.hasSlot = true;
        workers.start(() -> attempt(task));
    }

    private void defer(Task task) {
        task.retry(task.lane.levelWhenBusy());
        task.callback.done(false);
    }

    /** On the thread of a worker, on which the route goes on. */
    private void attempt(Task task) {
        try {
            if (goesElsewhere(task)) { // since it was taken
                task.giveUpSlot();
            } else {
                begin(task);
            }
        } catch (RuntimeException | Error e) { // a worker must never keep a delivery
            task.exchange.setException(e);
        }
        task.callback.done(false);
    }

    private void begin(Task task) {
        task.began = Instant.now();
        task.started = System.nanoTime();
        Failure failure;
        try {
            failure = prepare(task);
        } catch (IOException | RuntimeException | Error e) {
            failure = Failure.of(e);
        }
        if (failure != null) {
            ended(task, failure);
        }
    }

    /** @return why it can't be attempted, or null */
    private Failure prepare(Task task) throws IOException {
        byte[] body = store.event(task.delivery);
        if (body == null) {
            return never(
                    "event-gone", "the event was too large to travel with the delivery and is no longer in its stream");
        }
        task.event = OpsEvent.parse(task.delivery.subject(), body, task.delivery.eventId());
        Failed whyNot = task.hook.whyNot(task.event);
        if (whyNot != null) {
            return never(whyNot.reason(), whyNot.detail());
        }
        task.hook.prepare(task.exchange, task.event, task.delivery, task.began);
        task.exchange.setProperty(NextStep.ATTEMPT, true);
        task.exchange.setProperty(TASK, task);
        return null;
    }

    private static Failure never(String reason, String detail) {
        return new Failure(reason, 0, false, null, false, detail);
    }

    /** The hook's route has ended: what it did to its own exchange, a copy, ends with that. */
    @Override
    public Exchange aggregate(Exchange none, Exchange attempt, Exchange delivery) {
        Task task = delivery.getProperty(TASK, Task.class);
        if (wentBeforeItBegan(attempt)) {
            if (!goesElsewhere(task)) { // it is back
                task.retry(ladder.get(0));
            }
            task.giveUpSlot();
            return delivery;
        }
        if (attempt.getException() != null) {
            ended(task, Failure.of(attempt.getException()));
            return delivery;
        }
        Instant ended = Instant.now();
        attempts.delivered(task.delivery, task.began, Duration.between(task.began, ended), status(attempt));
        task.hook.metrics().delivered(task.event.age(ended));
        NextStep.called(delivery);
        ended(task, null);
        return delivery;
    }

    @Override
    public Exchange aggregate(Exchange none, Exchange attempt) {
        throw new UnsupportedOperationException("the delivery is needed too");
    }

    /** The hook's route is no longer there and has not been entered: nobody was asked anything. */
    private static boolean wentBeforeItBegan(Exchange attempt) {
        return attempt.getException() instanceof DirectConsumerNotAvailableException
                && Objects.equals(
                        attempt.getProperty(Exchange.TO_ENDPOINT),
                        attempt.getProperty(Exchange.RECIPIENT_LIST_ENDPOINT));
    }

    /**
     * What Camel's HTTP component leaves in the message; 0 when the hook did not speak HTTP, or its Kamelet took it
     * out.
     */
    private static int status(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE) instanceof Integer status ? status : 0;
    }

    /** @param failure null when it was delivered */
    private void ended(Task task, Failure failure) {
        long ended = System.nanoTime();
        Duration took = Duration.ofNanos(ended - task.started);
        if (standstills.spoilt(task.started, ended)) {
            spoilt(task, took, failure);
            return;
        }
        Lane<Task> lane = task.lane;
        task.leavesSlot();
        List<Task> released = List.of();
        List<Task> deferred = List.of();
        if (failure == null || !failure.retry()) {
            released = lane.answered(took);
            recovery.answered(task.hook.id());
        } else {
            if (failure.timedOut()) {
                deferred = lane.timedOut();
            } else {
                released = lane.failed();
                deferred = lane.excess();
            }
            recovery.failed(task.hook.id(), lane);
        }
        if (failure == null) {
            task.hook.attemptSucceeded();
        } else {
            attempts.failed(task.delivery, task.began, took, failure);
            failed(task, failure);
        }
        deferred.forEach(this::defer);
        next(released);
    }

    /** Neither its duration nor its failure says anything about the endpoint, unless the answer was clear. */
    private void spoilt(Task task, Duration took, Failure failure) {
        task.leavesSlot();
        List<Task> released = task.lane.gaveUpSlot();
        if (failure == null) {
            task.hook.attemptSucceeded();
        } else if (failure.retry()) {
            Failure why = new Failure(
                    "standstill",
                    failure.status(),
                    true,
                    null,
                    false,
                    failure.detail() + " (opsbus itself did not run meanwhile)");
            attempts.failed(task.delivery, task.began, took, why);
            task.hook.metrics().attemptFailed(why.reason());
            NextStep.retry(ladder.get(0), task.delivery.nextAttempt(null), task.position)
                    .process(task.exchange);
        } else {
            attempts.failed(task.delivery, task.began, took, failure);
            failed(task, failure);
        }
        next(released);
    }

    private void failed(Task task, Failure failure) {
        Delivery delivery = task.delivery;
        Instant now = Instant.now();
        boolean late = delivery.stored().plus(properties.giveUpAfter()).isBefore(now);
        if (!failure.retry() || late) {
            task.hook.attemptFailed(failure);
            task.giveUp(
                    failure.retry()
                            ? new Failed(
                                    "expired",
                                    failure.status(),
                                    "still failing " + properties.giveUpAfter() + " after the event: "
                                            + failure.detail())
                            : new Failed(failure.reason(), failure.status(), failure.detail()));
            return;
        }
        RetryLevel level = RetryLevel.afterAttempt(ladder, delivery.attempt());
        Instant earliest = null;
        if (failure.retryAfter() != null) {
            earliest = now.plus(failure.retryAfter()); // also for whoever wants it before its level's time is over
            if (failure.retryAfter().compareTo(level.delay()) > 0) {
                level = RetryLevel.atLeast(ladder, failure.retryAfter());
            }
        }
        task.hook.attemptFailed(failure, delivery.attempt(), level.delay());
        NextStep.retry(level, delivery.nextAttempt(earliest), task.position).process(task.exchange);
    }
}
