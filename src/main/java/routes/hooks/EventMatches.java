package routes.hooks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.support.SynchronizationAdapter;
import routes.event.OpsEvent;
import routes.hooks.delivery.AttemptLog;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.DeliveryStore;
import routes.hooks.delivery.Failed;
import routes.hooks.delivery.NextStep;
import routes.hooks.http.Failure;
import routes.hooks.match.MatchBudget;
import routes.hooks.match.MatchTooSlowException;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.nats.DeadLetterStream;
import routes.nats.StoredMessage;
import routes.nats.WireHeaders;
import routes.nats.history.EventFollower;

/**
 * Decides once for all hooks whether any wants an event. The route finds one step, a processor, for each that does in
 * property {@code matches}. A hook of type {@code event} has its route called at once; as an aggregation strategy, this
 * says what the outcome of that means.
 */
final class EventMatches implements Predicate, AggregationStrategy {

    private static final String ROUTE = "event-router";
    private static final String MATCHES = "matches";
    private static final String PUBLISHING = "OpsbusPublishing";

    /** An event that fails so often without NATS being the reason fails for ever. */
    private static final int MOST_FAILURES = 5;

    private static final String SHARED =
            "the hooks of a namespace share a small part of the router's time, so that none can slow it for all; ";

    private final HookRegistry registry;
    private final MatchBudget budget = new MatchBudget();
    private final DeliveryStore store;
    private final DeadLetterStream letters;
    private final AttemptLog attempts;
    private final EventFollower history;
    private final Counter routed;

    EventMatches(
            HookRegistry registry,
            DeliveryStore store,
            DeadLetterStream letters,
            AttemptLog attempts,
            EventFollower history,
            MeterRegistry metrics) {
        this.registry = registry;
        this.store = store;
        this.letters = letters;
        this.attempts = attempts;
        this.history = history;
        this.routed = Counter.builder("opsbus.events.routed")
                .description("events decided for all hooks")
                .register(metrics);
    }

    @Override
    public boolean matches(Exchange exchange) {
        StoredMessage message = StoredMessage.of(exchange);
        List<Processor> steps;
        try {
            steps = decide(exchange, message);
        } catch (IOException e) { // NATS is away: the event comes again
            exchange.setException(e);
            return false;
        } catch (RuntimeException | Error e) {
            if (message.delivery() < MOST_FAILURES) {
                throw e;
            }
            steps = List.of(unroutable(exchange, message, e));
        }
        if (steps.isEmpty()) {
            routed.increment();
            return false;
        }
        exchange.setProperty(MATCHES, steps);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange stored) {
                routed.increment();
            }
        });
        return true;
    }

    /** No hook may have it, for nobody knows which: tried again a few times, then a dead letter. */
    private NextStep unroutable(Exchange exchange, StoredMessage message, Throwable why) {
        String id = idOf(exchange, message);
        String subject = subject(exchange);
        byte[] body = exchange.getMessage().getBody(byte[].class);
        return NextStep.deadLetter(in -> letters.store(ROUTE, id, subject, body, "unroutable", why.toString()));
    }

    private List<Processor> decide(Exchange exchange, StoredMessage message) throws IOException {
        String id = idOf(exchange, message);
        OpsEvent event = OpsEvent.parse(subject(exchange), exchange.getMessage().getBody(byte[].class), id);
        history.routed(message.sequence(), message.stored(), event.subject(), id, event.id());
        if (event.isBackfill()) {
            return List.of();
        }
        HookSet hooks = registry.current();
        List<Processor> steps = new ArrayList<>(2);
        Map<EventHook, MatchTooSlowException> givenUp = new LinkedHashMap<>(0);
        for (EventHook wanting :
                hooks.index().matching(event.subject(), event::text, budget.forEvent(), givenUp::put)) {
            Hook hook = hooks.byId().get(wanting.id());
            if (message.delivery() == 1) {
                hook.metrics().matched();
            }
            Delivery delivery = store.first(hook.id(), event, message.stored(), message.position());
            steps.add(
                    wanting.forwards()
                            ? publish(hook, event, delivery, message.position())
                            : NextStep.deliver(delivery, message.position()));
        }
        for (Map.Entry<EventHook, MatchTooSlowException> one : givenUp.entrySet()) {
            steps.add(putAside(one.getKey(), one.getValue(), event, message));
        }
        return steps;
    }

    /**
     * Put aside once the dead letter is stored: a hook that is asked no more would not be told of the event when it is
     * routed again.
     */
    private NextStep putAside(EventHook hook, MatchTooSlowException tooSlow, OpsEvent event, StoredMessage message)
            throws IOException {
        String why = tooSlow.getMessage() + ", on an event with a text of "
                + event.text().length() + " characters; " + (hook.origin().isFile() ? "" : SHARED)
                + "write smaller counts in {}, fewer alternatives, or words that must be there";
        HookProblem problem = new HookProblem(
                hook.origin(),
                hook.id(),
                "spec.keywords: the hook is put aside until it is changed or opsbus is restarted: " + why);
        Failed failed =
                new Failed("match-too-slow", why + ". Nobody knows whether the hook wants the event; it is put aside");
        return NextStep.deadLetter(
                store.first(hook.id(), event, message.stored(), message.position()),
                failed,
                message.position(),
                () -> registry.putAside(hook, problem));
    }

    private static String subject(Exchange exchange) {
        return exchange.getMessage().getHeader(NatsConstants.NATS_SUBJECT, String.class);
    }

    /**
     * The id of a message that is not a CloudEvent: its message id, else its place, which a redelivery does not change.
     */
    private static String idOf(Exchange exchange, StoredMessage message) {
        String messageId = exchange.getMessage().getHeader(WireHeaders.MESSAGE_ID, String.class);
        return messageId != null
                ? WireHeaders.decode(messageId)
                : message.position() + "@" + message.stored().toEpochMilli();
    }

    private static Processor publish(Hook hook, OpsEvent event, Delivery delivery, String position) {
        Failed failed = hook.whyNot(event);
        if (failed != null) {
            return NextStep.deadLetter(delivery, failed, position);
        }
        return hook.routeIsComing() || hook.isPaused()
                ? NextStep.deliver(delivery, position)
                : new Publishing(hook, event, delivery, position);
    }

    /**
     * An event that is published again. What fails takes the road of every delivery that failed: stored, retried, and a
     * dead letter in the end.
     */
    private static final class Publishing implements Processor {

        private final Hook hook;
        private final OpsEvent event;
        private final Delivery delivery;
        private final String position;
        private Instant began;

        private Publishing(Hook hook, OpsEvent event, Delivery delivery, String position) {
            this.hook = hook;
            this.event = event;
            this.delivery = delivery;
            this.position = position;
        }

        @Override
        public void process(Exchange exchange) {
            began = Instant.now();
            try {
                hook.prepare(exchange, event, delivery, began);
                exchange.setProperty(NextStep.PUBLISH, true);
                exchange.setProperty(PUBLISHING, this);
            } catch (RuntimeException | Error e) {
                NextStep.deliver(delivery, position).process(exchange);
            }
        }
    }

    @Override
    public Exchange aggregate(Exchange none, Exchange attempt, Exchange match) {
        Publishing publishing = match.getProperty(PUBLISHING, Publishing.class);
        Hook hook = publishing.hook;
        Instant ended = Instant.now();
        Duration took = Duration.between(publishing.began, ended);
        if (attempt.getException() == null) {
            hook.attemptSucceeded();
            attempts.delivered(publishing.delivery, publishing.began, took, 0);
            hook.metrics().delivered(publishing.event.age(ended));
            NextStep.called(match);
        } else {
            Failure failure = Failure.of(attempt.getException());
            hook.attemptFailed(failure);
            attempts.failed(publishing.delivery, publishing.began, took, failure);
            NextStep.deliver(publishing.delivery, publishing.position).process(match);
        }
        return match;
    }

    @Override
    public Exchange aggregate(Exchange none, Exchange attempt) {
        throw new UnsupportedOperationException("the match is needed too");
    }
}
