package routes.hooks.delivery;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import routes.nats.MessageRefusedException;

/**
 * Ends what goes no further: stores the dead letter that the {@link NextStep} is, or what NATS refused to store,
 * smaller or as a dead letter.
 */
final class Bury extends AsyncProcessorSupport implements AsyncProcessor {

    private final DeliveryStore store;

    Bury(DeliveryStore store) {
        this.store = store;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<?> stored;
        try {
            stored = NextStep.of(exchange)
                    .bury(
                            store,
                            MessageRefusedException.in(
                                    exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)));
        } catch (RuntimeException | Error e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        stored.whenComplete((ack, failure) -> {
            exchange.setException(failure);
            callback.done(false);
        });
        return false;
    }
}
