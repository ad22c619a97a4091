package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.nats.client.support.NatsJetStreamConstants;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import routes.event.OpsEvent;

/** The step of route {@code kubernetes-events} that makes a Kubernetes event (or a finding of ours) a message for NATS. */
@Component("kubernetesEventMapping")
public class KubernetesEventMapping implements Processor {

    private final String cluster;

    public KubernetesEventMapping(@Value("${opsbus.cluster:${EVENT_CLUSTER:default}}") String cluster) {
        this.cluster = cluster;
    }

    @Override
    public void process(Exchange exchange) throws UnreadableEventException {
        Message message = exchange.getMessage();
        OpsEvent event;
        try {
            event = message.getBody() instanceof OpsEvent ready
                    ? ready
                    : KubernetesOpsEvent.of(message.getMandatoryBody(Event.class), cluster, OffsetDateTime.now(ZoneOffset.UTC));
        } catch (InvalidPayloadException | RuntimeException e) {
            throw new UnreadableEventException(e);
        }
        message.setBody(event.payload());
        message.setHeader("CamelNatsSubject", event.subject());
        message.setHeader(NatsJetStreamConstants.MSG_ID_HDR, headerValue(event.id()));
    }

    /** NATS header values are printable ASCII. */
    static String headerValue(String id) {
        StringBuilder value = new StringBuilder();
        id.codePoints().forEach(c -> {
            if (c > ' ' && c < 0x7f && c != '%') {
                value.appendCodePoint(c);
            } else {
                value.append(URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8).replace("+", "%20"));
            }
        });
        return value.toString();
    }
}
