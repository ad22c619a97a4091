package routes.api.rest;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One operation of {@code openapi.yaml}, the step of the route {@code direct:{operationId}}. Whatever happens becomes an {@link Answer}. */
public abstract class ApiOperation implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(ApiOperation.class);

    /**
     * @throws ApiException what the client did wrong
     * @throws IOException  NATS is away or does not answer: 503
     */
    protected abstract Answer answer(ApiRequest request) throws Exception;

    @Override
    public final void process(Exchange exchange) {
        Answer answer = answerOrSay(exchange);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        answer.headers().forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        message.setHeader(Exchange.CONTENT_TYPE, Answer.CONTENT_TYPE);
        message.setBody(answer.json());
    }

    private Answer answerOrSay(Exchange exchange) {
        try {
            return answer(ApiRequest.of(exchange));
        } catch (ApiException e) {
            return Answer.failed(e.status(), e.getMessage());
        } catch (IOException e) {
            return Answer.away(e.getMessage());
        } catch (CompletionException e) {
            return e.getCause() instanceof IOException away ? Answer.away(away.getMessage()) : unexpected(e);
        } catch (Exception e) {
            return unexpected(e);
        }
    }

    private static Answer unexpected(Exception e) {
        LOG.error("an operation of the API failed", e);
        return Answer.failed(500, "opsbus could not do this; its log says why");
    }
}
