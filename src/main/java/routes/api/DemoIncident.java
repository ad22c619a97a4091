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
import routes.kubernetes.KubernetesOpsEvent;

/** The recorded incident behind route {@code demo-incident}: Kubernetes events (events.k8s.io/v1), which happen anew each time they are played. */
@Component("demoIncident")
public class DemoIncident implements Processor {

    static final String CLUSTER = "demo";
    private static final String RECORDING = "demo/incident.jsonl";

    /** The events as JSON, in the order in which they happened. */
    public List<String> events() throws IOException {
        return new ClassPathResource(RECORDING).getContentAsString(StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
    }

    /** Makes a recorded event one that happens now. */
    @Override
    public void process(Exchange exchange) {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        Event event = Serialization.unmarshal(exchange.getMessage().getBody(String.class), Event.class);
        event.getMetadata().setUid(UUID.randomUUID().toString());
        event.getMetadata().setResourceVersion(Long.toString(now.toEpochSecond()));
        event.getMetadata().setCreationTimestamp(now.toString());
        exchange.getMessage().setBody(KubernetesOpsEvent.of(event, CLUSTER, now));
    }
}
