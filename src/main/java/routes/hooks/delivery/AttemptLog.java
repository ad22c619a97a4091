package routes.hooks.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import routes.hooks.http.Failure;
import routes.nats.NatsBus;

/**
 * Tells the stream {@code opsbus-attempts} of each attempt. Nothing waits for it: an attempt that can't be told is
 * counted, and the delivery goes its way.
 */
public final class AttemptLog {

    private static final String REPLICA = Optional.ofNullable(System.getenv("HOSTNAME"))
            .orElse("process " + ProcessHandle.current().pid());

    private final NatsBus bus;
    private final Counter unrecorded;

    AttemptLog(NatsBus bus, MeterRegistry metrics) {
        this.bus = bus;
        unrecorded = Counter.builder("opsbus.attempts.unrecorded")
                .description("attempts that explain can't show, because NATS was away")
                .register(metrics);
    }

    /** @param status HTTP status of the answer, 0 when it was none of HTTP */
    public void delivered(Delivery delivery, Instant began, Duration took, int status) {
        tell(delivery, began, Attempt.DELIVERED, status, "", took);
    }

    public void failed(Delivery delivery, Instant began, Duration took, Failure failure) {
        tell(delivery, began, failure.reason(), failure.status(), failure.detail(), took);
    }

    void gaveUp(Delivery delivery, Failed why) {
        tell(
                delivery,
                Instant.now(),
                Attempt.GIVEN_UP,
                why.status(),
                why.reason() + ": " + why.detail(),
                Duration.ZERO);
    }

    private void tell(Delivery delivery, Instant began, String outcome, int status, String detail, Duration took) {
        Attempt attempt = new Attempt(
                delivery.eventId(),
                delivery.hook(),
                delivery.attempt(),
                began,
                outcome,
                status,
                detail,
                took.toMillis(),
                REPLICA);
        try {
            if (!bus.tell(Attempt.subject(attempt.event()), attempt.json())) {
                unrecorded.increment();
            }
        } catch (IOException e) {
            throw new IllegalStateException("JSON that can't be written", e);
        }
    }
}
