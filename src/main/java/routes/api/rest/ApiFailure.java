package routes.api.rest;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import routes.nats.SeldomLog;

/** The step of route configuration {@code api}: whatever happens becomes an {@link Answer}. */
@Component("apiFailure")
final class ApiFailure implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(ApiFailure.class);

    private final SeldomLog log = new SeldomLog();

    @Override
    public void process(Exchange exchange) {
        of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)).into(exchange.getMessage());
    }

    private Answer of(Throwable thrown) {
        Throwable failure = thrown instanceof CompletionException && thrown.getCause() instanceof IOException
                ? thrown.getCause()
                : thrown;
        if (failure instanceof ApiException wrong) {
            return Answer.failed(wrong.status(), wrong.getMessage());
        }
        if (failure instanceof IOException) {
            return Answer.away(failure.getMessage());
        }
        if (failure instanceof DirectConsumerNotAvailableException) {
            return Answer.away("the route that does this is stopped; it is started again in Hawtio or over JMX");
        }
        log.say("failed", more -> LOG.error("an operation of the API failed{}", more, failure));
        return Answer.failed(500, "opsbus could not do this; its log says why");
    }
}
