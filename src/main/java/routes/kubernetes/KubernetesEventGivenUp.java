package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.AsyncProcessorSupport;
import org.springframework.stereotype.Component;
import routes.nats.DeadLetterStream;
import routes.nats.MessageRefusedException;
import routes.nats.WireHeaders;

/**
 * The step of route {@code kubernetes-events} that puts an event which can never be published into the dead letters.
 */
@Component("kubernetesEventGivenUp")
public class KubernetesEventGivenUp extends AsyncProcessorSupport {

    private static final String FROM = "kubernetes-events";

    private final DeadLetterStream deadLetters;

    public KubernetesEventGivenUp(DeadLetterStream deadLetters) {
        this.deadLetters = deadLetters;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Throwable why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Message message = exchange.getMessage();
        boolean mapped = !(message.getBody() instanceof Event);
        String subject = mapped ? message.getHeader("CamelNatsSubject", String.class) : "kubernetes";
        String id = mapped ? message.getHeader(WireHeaders.MESSAGE_ID, String.class) : id(message.getBody(Event.class));
        byte[] body = mapped
                ? message.getBody(byte[].class)
                : Serialization.asJson(message.getBody()).getBytes(StandardCharsets.UTF_8);
        String reason = MessageRefusedException.in(why) == null ? "unreadable" : "refused";
        deadLetters
                .store(FROM, id, subject, body, reason, String.valueOf(why.getMessage()))
                .whenComplete((ack, failure) -> {
                    exchange.getMessage().setHeader("OpsbusDuplicate", true); // it is not published
                    exchange.setException(failure);
                    callback.done(false);
                });
        return false;
    }

    private static String id(Event event) {
        return event.getMetadata() == null
                ? "?"
                : event.getMetadata().getUid() + "/" + event.getMetadata().getResourceVersion();
    }
}
