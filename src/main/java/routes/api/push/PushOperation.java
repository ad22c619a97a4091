package routes.api.push;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.event.Subject;
import routes.nats.NatsBus;
import routes.nats.WireHeaders;

/**
 * Reads a push, all of it, before any of it is stored: the body becomes a {@link Push}. What is wrong with it is
 * thrown, and route configuration {@code api} answers.
 */
abstract class PushOperation implements Processor {

    private final NatsBus bus;

    PushOperation(NatsBus bus) {
        this.bus = bus;
    }

    /** @throws ApiException when it can't be read */
    abstract Push push(ApiRequest request);

    @Override
    public final void process(Exchange exchange) throws IOException {
        Push push = push(ApiRequest.of(exchange));
        long most = bus.connection().getMaxPayload();
        String publishable = null; // a batch has mostly one subject
        for (int i = 0; i < push.events().size(); i++) {
            Pushed pushed = push.events().get(i);
            if (!pushed.event().subject().equals(publishable)) {
                mustBePublishable(pushed.event().subject());
                publishable = pushed.event().subject();
            }
            long size = (long) pushed.event().payload().length
                    + WireHeaders.withId(pushed.messageId()).serializedLength();
            if (size > most) {
                throw new ApiException(
                        413,
                        push.name(i) + " has " + size + " bytes as a message, and NATS takes " + most
                                + " at most (its max_payload); nothing was stored");
            }
        }
        exchange.getMessage().setBody(push);
    }

    static void mustBePublishable(String subject) {
        Subject.unpublishable(subject).ifPresent(problem -> {
            throw ApiException.bad("subject " + problem);
        });
    }
}
