package routes.api;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import routes.event.OpsEvent;
import routes.kubernetes.KubernetesOpsEvent;

/**
 * The recorded incident behind route {@code demo-incident}: Kubernetes events (events.k8s.io/v1), one at each call, as
 * if it happened now. After the last one some calls have no body, then it begins again.
 */
@Component("demoIncident")
public class DemoIncident implements Processor {

    static final String CLUSTER = "demo";
    /** Calls from one beginning to the next; the route calls once a second. */
    static final int ROUND = 20;

    private static final String RECORDING = "demo/incident.jsonl";

    private final List<String> recorded;
    private int next;

    public DemoIncident() throws IOException {
        recorded = new ClassPathResource(RECORDING)
                .getContentAsString(StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Override
    public synchronized void process(Exchange exchange) {
        exchange.getMessage().setBody(next < recorded.size() ? now(recorded.get(next)) : null);
        next = (next + 1) % ROUND;
    }

    private static OpsEvent now(String json) {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        Event event = Serialization.unmarshal(json, Event.class);
        event.getMetadata().setUid(UUID.randomUUID().toString());
        event.getMetadata().setResourceVersion(Long.toString(now.toEpochSecond()));
        event.getMetadata().setCreationTimestamp(now.toString());
        return KubernetesOpsEvent.of(event, CLUSTER, now);
    }
}
