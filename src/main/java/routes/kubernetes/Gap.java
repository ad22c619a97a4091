package routes.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import routes.event.OpsEvent;
import routes.event.Subject;

/**
 * The time whose events may be missing: after the watch was lost and before what the API server still had when it was
 * back.
 */
record Gap(Instant from, Instant to) {

    /** A finding on the cluster itself. Its id is the same from every replica and after every restart. */
    OpsEvent finding(String cluster, Instant now) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("cluster", cluster)
                .put("host", cluster)
                .put("kind", "kubernetes-events")
                .put(
                        "message",
                        "events between " + from + " and " + to
                                + " may be missing: nobody watched for longer than the API server keeps events")
                .put("status", "alerting")
                .put("type", "TaskRunReport");
        return OpsEvent.of(
                cluster + "/kubernetes-events/gap/" + from,
                "TaskRunReport",
                Subject.ofKubernetes(cluster, null, "clusters", cluster, "findings"),
                cluster,
                OffsetDateTime.ofInstant(now, ZoneOffset.UTC),
                data);
    }
}
