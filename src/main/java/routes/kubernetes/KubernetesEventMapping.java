package routes.kubernetes;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import routes.event.OpsEvent;
import routes.event.Rfc3339;
import routes.nats.WireHeaders;

/**
 * The step of route {@code kubernetes-events} that makes a Kubernetes event (or a finding of ours) a message for NATS.
 */
@Component("kubernetesEventMapping")
public class KubernetesEventMapping implements Processor {

    private final String cluster;
    private final FirstWatch firstWatch;

    /** All that comes is news. */
    public KubernetesEventMapping(String cluster) {
        this(cluster, new FirstWatch(null, KubernetesProperties.FirstStart.ALL, Clock.systemUTC()));
    }

    @Autowired
    KubernetesEventMapping(@Value("${opsbus.cluster:${EVENT_CLUSTER:default}}") String cluster, FirstWatch firstWatch) {
        this.cluster = cluster;
        this.firstWatch = firstWatch;
    }

    @Override
    public void process(Exchange exchange) throws UnreadableEventException {
        Message message = exchange.getMessage();
        OpsEvent event;
        boolean isReady = message.getBody() instanceof OpsEvent;
        try {
            event = isReady
                    ? message.getBody(OpsEvent.class)
                    : KubernetesOpsEvent.of(
                            message.getMandatoryBody(Event.class), cluster, OffsetDateTime.now(ZoneOffset.UTC));
        } catch (InvalidPayloadException | RuntimeException e) {
            throw new UnreadableEventException(e);
        }
        if (!isReady && isHistory(event, message.getBody(Event.class))) {
            event = event.asBackfill();
        }
        message.setBody(event.payload());
        message.setHeader("CamelNatsSubject", event.subject());
        message.setHeader(WireHeaders.MESSAGE_ID, event.id());
    }

    /** Throws while it can't be known, and then the event is tried again. */
    private boolean isHistory(OpsEvent event, Event seen) {
        return firstWatch.isHistory(
                Rfc3339.time(event.data().path("eventTime").textValue()),
                Rfc3339.time(seen.getMetadata().getCreationTimestamp()));
    }
}
