package routes.api.rest;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * One operation of {@code openapi.yaml}, the step of the route {@code direct:{operationId}}. Of what it throws route
 * configuration {@code api} makes an answer.
 */
public abstract class ApiOperation implements Processor {

    /**
     * @throws ApiException what the client did wrong
     * @throws IOException NATS is away or does not answer: 503
     */
    protected abstract Answer answer(ApiRequest request) throws Exception;

    @Override
    public final void process(Exchange exchange) throws Exception {
        answer(ApiRequest.of(exchange)).into(exchange.getMessage());
    }
}
