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
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.component.nats.NatsConstants;
import org.apache.camel.support.AsyncProcessorSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.event.OpsEvent;
import routes.hooks.delivery.AttemptLog;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.DeliveryStore;
import routes.hooks.delivery.Failed;
import routes.hooks.http.Failure;
import routes.hooks.match.MatchBudget;
import routes.hooks.match.MatchTooSlowException;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.nats.DeadLetterStream;
import routes.nats.StoredMessage;
import routes.nats.WireHeaders;

/**
 * The heart of route {@code event-router}: decides once for all hooks which want an event, and stores a delivery for each. A hook
 * of type {@code event} is called at once, since publishing to NATS waits on no stranger. The exchange completes when all of it is stored.
 */
final class EventRouter extends AsyncProcessorSupport implements AsyncProcessor {

    /** An event that fails so often without NATS being the reason fails for ever. */
    private static final int MOST_FAILURES = 5;

    private static final String SHARED = "the hooks of a namespace share a small part of the router's time, so that none can slow it for all; ";

    private static final Logger LOG = LoggerFactory.getLogger(EventRouter.class);

    private final HookRegistry registry;
    private final MatchBudget budget = new MatchBudget();
    private final DeliveryStore store;
    private final DeadLetterStream letters;
    private final AttemptLog attempts;
    private final Counter routed;

    EventRouter(HookRegistry registry, DeliveryStore store, DeadLetterStream letters, AttemptLog attempts, MeterRegistry metrics) {
        this.registry = registry;
        this.store = store;
        this.letters = letters;
        this.attempts = attempts;
        this.routed = Counter.builder("opsbus.events.routed").description("events decided for all hooks").register(metrics);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        List<CompletableFuture<?>> stored;
        try {
            stored = route(exchange);
        } catch (IOException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        } catch (RuntimeException | Error e) {
            return failed(e, exchange, callback);
        }
        if (stored.isEmpty()) {
            routed.increment();
            callback.done(true);
            return true;
        }
        CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)).whenComplete((all, failure) -> {
            if (failure == null) {
                routed.increment();
            } else {
                exchange.setException(failure);
            }
            callback.done(false);
        });
        return false;
    }

    /** No hook may have it, for nobody knows which: tried again a few times, then a dead letter. */
    private boolean failed(Throwable e, Exchange exchange, AsyncCallback callback) {
        StoredMessage message = StoredMessage.of(exchange);
        if (message.delivery() < MOST_FAILURES) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        letters.store("event-router", idOf(exchange, message), exchange.getMessage().getHeader(NatsConstants.NATS_SUBJECT, String.class),
                exchange.getMessage().getBody(byte[].class), "unroutable", e.toString()).whenComplete((ack, failure) -> {
                    exchange.setException(failure);
                    callback.done(false);
                });
        return false;
    }

    private List<CompletableFuture<?>> route(Exchange exchange) throws IOException {
        StoredMessage message = StoredMessage.of(exchange);
        byte[] body = exchange.getMessage().getBody(byte[].class);
        String subject = exchange.getMessage().getHeader(NatsConstants.NATS_SUBJECT, String.class);
        OpsEvent event = OpsEvent.parse(subject, body, () -> idOf(exchange, message));
        if (event.isBackfill()) {
            return List.of();
        }
        HookSet hooks = registry.current();
        List<CompletableFuture<?>> stored = new ArrayList<>(2);
        Map<EventHook, MatchTooSlowException> givenUp = new LinkedHashMap<>(0);
        for (EventHook wanting : hooks.index().matching(event.subject(), event::text, budget.forEvent(), givenUp::put)) {
            Hook hook = hooks.byId().get(wanting.id());
            if (message.delivery() == 1) {
                hook.metrics().matched();
            }
            Delivery delivery = store.first(hook.id(), event, message.stored(), message.position());
            stored.add(wanting.forwards() ? forward(hook, event, delivery, message) : deliver(delivery, message));
        }
        for (Map.Entry<EventHook, MatchTooSlowException> one : givenUp.entrySet()) {
            stored.add(putAside(one.getKey(), one.getValue(), event, message));
        }
        return stored;
    }

    /** Put aside once the dead letter is stored: a hook that is asked no more would not be told of the event when it is routed again. */
    private CompletableFuture<?> putAside(EventHook hook, MatchTooSlowException tooSlow, OpsEvent event, StoredMessage message) throws IOException {
        String why = tooSlow.getMessage() + ", on an event with a text of " + event.text().length() + " characters; " + (hook.origin().isFile() ? "" : SHARED)
                + "write smaller counts in {}, fewer alternatives, or words that must be there";
        HookProblem problem = new HookProblem(hook.origin(), hook.id(), "spec.keywords: the hook is put aside until it is changed or opsbus is restarted: " + why);
        Failed failed = new Failed("match-too-slow", why + ". Nobody knows whether the hook wants the event; it is put aside");
        return store.deadLetter(store.first(hook.id(), event, message.stored(), message.position()), failed, message.position())
                .thenRun(() -> registry.putAside(hook, problem));
    }

    /** The id of a message that is not a CloudEvent: its message id, else its place, which a redelivery does not change. */
    private static String idOf(Exchange exchange, StoredMessage message) {
        String messageId = exchange.getMessage().getHeader(WireHeaders.MESSAGE_ID, String.class);
        return messageId != null ? WireHeaders.decode(messageId) : message.position() + "@" + message.stored().toEpochMilli();
    }

    private CompletableFuture<?> deliver(Delivery delivery, StoredMessage message) {
        return store.deliver(delivery, message.position()).thenAccept(ack -> {
            if (ack != null && ack.isDuplicate() && message.delivery() == 1) {
                LOG.debug("hook {} already has a delivery of event {}: its publisher sent the same id again", delivery.hook(), delivery.eventId());
            }
        });
    }

    private CompletableFuture<?> forward(Hook hook, OpsEvent event, Delivery delivery, StoredMessage message) {
        Failed failed = hook.whyNot(event);
        if (failed != null) {
            return store.deadLetter(delivery, failed, message.position());
        }
        if (hook.routeIsComing() || hook.isPaused()) {
            return store.deliver(delivery, message.position());
        }
        CompletableFuture<Void> published = new CompletableFuture<>();
        Instant began = Instant.now();
        Exchange exchange = hook.exchange(event, delivery.id(), 1, began);
        hook.callAsync(exchange, done -> {
            Instant ended = Instant.now();
            Duration took = Duration.between(began, ended);
            if (exchange.getException() == null) {
                hook.attemptSucceeded();
                attempts.delivered(delivery, began, took, 0);
                hook.metrics().delivered(event.age(ended));
                published.complete(null);
            } else {
                Failure failure = Failure.of(exchange.getException());
                hook.attemptFailed(failure);
                attempts.failed(delivery, began, took, failure);
                // takes the road of every delivery that failed: stored, retried, and a dead letter in the end
                store.deliver(delivery, message.position()).whenComplete((ack, e) -> {
                    if (e == null) {
                        published.complete(null);
                    } else {
                        published.completeExceptionally(exchange.getException());
                    }
                });
            }
        });
        return published;
    }
}
