package routes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventSeries;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import routes.event.OpsEvent;
import routes.event.Rfc3339;
import routes.event.Subject;

/**
 * A Kubernetes event as an operations event. The first five fields of the data are the original's; the others say what
 * it dropped. Fields without a value are left out.
 */
public final class KubernetesOpsEvent {

    /**
     * NATS takes messages of up to 1 MB, JSON may take six bytes for a character, and old clients write notes of any
     * length.
     */
    private static final int MAX_MESSAGE_CHARS = 100_000;

    private KubernetesOpsEvent() {}

    /**
     * @param cluster the cluster's name in its original case
     * @param now becomes the CloudEvent's time, and the event's when it has none itself
     */
    public static OpsEvent of(Event event, String cluster, OffsetDateTime now) {
        return OpsEvent.of(id(event, cluster), "Kube", subject(event, cluster), cluster, now, data(event, now));
    }

    /** Of the object that it regards; an event that names none is itself the object. */
    private static String subject(Event event, String cluster) {
        ObjectReference regarding = Objects.requireNonNullElseGet(event.getRegarding(), ObjectReference::new);
        String kind = text(regarding.getKind());
        if (kind.isEmpty() && text(regarding.getName()).isEmpty()) {
            return Subject.ofKubernetes(
                    cluster,
                    event.getMetadata().getNamespace(),
                    "events",
                    event.getMetadata().getName(),
                    "events");
        }
        return Subject.ofKubernetes(
                cluster,
                regarding.getNamespace(),
                kind.isEmpty() ? "" : Subject.plural(kind),
                regarding.getName(),
                "events");
    }

    /** The same for the same version of the same event, whoever publishes it and however often. */
    private static String id(Event event, String cluster) {
        return cluster + "/" + event.getMetadata().getUid() + "/"
                + event.getMetadata().getResourceVersion();
    }

    private static ObjectNode data(Event event, OffsetDateTime now) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        put(data, "type", event.getType());
        put(data, "reason", event.getReason());
        put(data, "eventTime", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(latest(event, now)));
        put(data, "from", from(event));
        put(data, "message", OpsEvent.cut(text(event.getNote()), MAX_MESSAGE_CHARS));
        put(data, "uid", event.getMetadata().getUid());
        put(data, "count", count(event));
        put(data, "series", series(event.getSeries()));
        put(data, "action", event.getAction());
        put(data, "reportingController", event.getReportingController());
        put(data, "reportingInstance", event.getReportingInstance());
        put(data, "regarding", reference(event.getRegarding()));
        put(data, "related", reference(event.getRelated()));
        return data;
    }

    /** Its own latest time; when it was written down says when it happened only for one that says nothing itself. */
    private static OffsetDateTime latest(Event event, OffsetDateTime now) {
        return Stream.of(
                        event.getSeries() == null
                                ? null
                                : time(event.getSeries().getLastObservedTime()),
                        time(event.getDeprecatedLastTimestamp()),
                        time(event.getEventTime()),
                        time(event.getDeprecatedFirstTimestamp()))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .or(() -> Optional.ofNullable(time(event.getMetadata().getCreationTimestamp())))
                .orElse(now.toInstant())
                .atOffset(ZoneOffset.UTC);
    }

    private static Instant time(MicroTime time) {
        return time == null ? null : time(time.getTime());
    }

    private static Instant time(String rfc3339) {
        OffsetDateTime time = Rfc3339.happened(rfc3339);
        return time == null ? null : time.toInstant();
    }

    /**
     * Who wrote it: as in the original all field managers, the last first, without a separator; else who says it
     * reported it.
     */
    private static String from(Event event) {
        StringBuilder managers = new StringBuilder();
        List<ManagedFieldsEntry> fields =
                Objects.requireNonNullElse(event.getMetadata().getManagedFields(), List.of());
        for (int i = fields.size() - 1; i >= 0; i--) {
            managers.append(text(fields.get(i).getManager()));
        }
        if (!managers.isEmpty()) {
            return managers.toString();
        }
        String controller = text(event.getReportingController());
        return !controller.isEmpty() || event.getDeprecatedSource() == null
                ? controller
                : text(event.getDeprecatedSource().getComponent());
    }

    private static Integer count(Event event) {
        return event.getSeries() != null && event.getSeries().getCount() != null
                ? event.getSeries().getCount()
                : event.getDeprecatedCount();
    }

    private static ObjectNode series(EventSeries series) {
        if (series == null) {
            return null;
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "count", series.getCount());
        put(
                node,
                "lastObservedTime",
                series.getLastObservedTime() == null
                        ? null
                        : series.getLastObservedTime().getTime());
        return node;
    }

    private static ObjectNode reference(ObjectReference reference) {
        if (reference == null) {
            return null;
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "apiVersion", reference.getApiVersion());
        put(node, "kind", reference.getKind());
        put(node, "namespace", reference.getNamespace());
        put(node, "name", reference.getName());
        put(node, "uid", reference.getUid());
        put(node, "resourceVersion", reference.getResourceVersion());
        put(node, "fieldPath", reference.getFieldPath());
        return node;
    }

    private static void put(ObjectNode node, String name, String value) {
        if (!text(value).isEmpty()) {
            node.put(name, value);
        }
    }

    private static void put(ObjectNode node, String name, Integer value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static void put(ObjectNode node, String name, JsonNode value) {
        if (value != null && !value.isEmpty()) {
            node.set(name, value);
        }
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
