package routes.hooks.delivery;

import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import routes.event.OpsEvent;
import routes.hooks.http.Failure;

/** A hook that runs, as far as delivering to it goes. */
public interface Target {

    /** {@code namespace/name}. */
    String id();

    /** Its route is being built or rebuilt. */
    boolean routeIsComing();

    /** By its author, by an operator, or because its route was stopped. */
    boolean isPaused();

    /** Why it can never have this event, or null. */
    Failed whyNot(OpsEvent event);

    /**
     * Makes an exchange ready for one attempt: property {@code hookRoute} is the hook's route, the variables are what
     * its template can use.
     */
    void prepare(Exchange exchange, OpsEvent event, Delivery delivery, Instant began);

    void attemptSucceeded();

    /** @param next when it is tried again */
    void attemptFailed(Failure failure, int attempt, Duration next);

    /** The same without a word in the log: the dead letter says it, or the attempt that follows at once. */
    void attemptFailed(Failure failure);

    HookMetrics metrics();
}
