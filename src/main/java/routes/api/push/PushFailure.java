package routes.api.push;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
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

    private final PushedAnswer answer;

    PushFailure(PushedAnswer answer) {
        this.answer = answer;
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        List<?> messages = exchange.getMessage().getBody(List.class);
        int stored = answer.countStored(messages);
        int all = messages.size();
        MessageRefusedException refused = MessageRefusedException.in(failure);
        if (refused != null) { // and would be refused each time it is pushed again
            throw new ApiException(
                    413,
                    PushedMessages.push(exchange).name(firstNotStored(messages)) + ": " + refused.getMessage() + "; "
                            + stored + " of " + all + " events are stored");
        }
        throw new IOException(
                "NATS stored " + stored + " of " + all + (all == 1 ? " event" : " events") + ": "
                        + failure.getMessage(),
                failure);
    }

    /** The one that the failure is of. */
    private static int firstNotStored(List<?> messages) {
        return IntStream.range(0, messages.size())
                .filter(i -> !PushedAnswer.isStored((Message) messages.get(i)))
                .findFirst()
                .orElseThrow();
    }
}
