package routes.api.push;

import java.io.IOException;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import routes.api.rest.ApiException;
import routes.nats.MessageRefusedException;

/**
 * The step of route {@code push} for a push of which not all was stored: says how much. The client pushes it again, and
 * what was stored is not stored twice.
 */
@Component("pushFailure")
final class PushFailure implements Processor {

    @Override
    public void process(Exchange exchange) throws IOException {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        int stored = failure instanceof CamelExchangeException one
                ? one.getExchange().getProperty(Exchange.SPLIT_INDEX, 0, Integer.class)
                : 0;
        Push push = exchange.getMessage().getBody(Push.class);
        int all = push.events().size();
        MessageRefusedException refused = MessageRefusedException.in(failure);
        if (refused != null) { // and would be refused each time it is pushed again
            throw new ApiException(
                    413,
                    push.name(stored) + ": " + refused.getMessage() + "; " + stored + " of " + all
                            + " events are stored");
        }
        Throwable why = failure.getCause() == null ? failure : failure.getCause();
        throw new IOException(
                "NATS stored " + stored + " of " + all + (all == 1 ? " event" : " events") + ": " + why.getMessage(),
                why);
    }
}
