package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import routes.api.rest.ApiException;
import routes.event.Rfc3339;

/**
 * One alert of a group.
 *
 * @param where its place in the body, for messages
 */
record Alert(String provider, String receiver, String where, JsonNode alert) {

    private static final String NO_SEVERITY = "none";

    Pushed pushed(ObjectNode group) {
        String status = text("status");
        if (!status.equals("firing") && !status.equals("resolved")) {
            throw ApiException.bad(where + ".status is \"" + status + "\"; an alert is \"firing\" or \"resolved\"");
        }
        boolean firing = status.equals("firing");
        OffsetDateTime time = time(firing ? "startsAt" : "endsAt");
        String name = label("alertname");
        Notice notice = new Notice(
                firing ? Notice.WARNING : Notice.NORMAL,
                name,
                time,
                provider,
                message(),
                labels(name, status),
                links(),
                Map.of("alert", alert, "group", group));
        String severity = label("severity");
        String cluster = label("cluster");
        return notice.pushed(
                id(status),
                Notice.subject(provider, receiver, severity.isBlank() ? NO_SEVERITY : severity),
                cluster.isBlank() ? null : cluster);
    }

    /**
     * The same for the same state of the same alert: a webhook that is sent again, by another Alertmanager of the same
     * cluster too, is stored once within the stream's duplicate window.
     */
    private String id(String status) {
        Stream<String> state = Stream.of(provider, receiver, needed("fingerprint"), status, needed("startsAt"));
        return Stream.concat(state, status.equals("resolved") ? Stream.of(needed("endsAt")) : Stream.empty())
                .collect(Collectors.joining("/"));
    }

    private Map<String, String> labels(String name, String status) {
        if (!alert.path("labels").isObject()) {
            throw ApiException.bad(where + ".labels is missing, or no object");
        }
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("alert", name);
        lines.put("status", status);
        alert.path("labels").properties().stream()
                .filter(label -> !label.getKey().equals("alertname")
                        && !label.getKey().startsWith("__")) // Grafana's own begin with __
                .forEach(label ->
                        lines.putIfAbsent(label.getKey(), label.getValue().asText()));
        lines.putIfAbsent(
                "values",
                alert.path("values").properties().stream()
                        .map(value -> value.getKey() + "=" + value.getValue().asText())
                        .collect(Collectors.joining(", ")));
        return lines;
    }

    private String message() {
        return Stream.of("summary", "message", "description")
                .map(name -> alert.path("annotations").path(name).asText("").strip())
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    private Map<String, String> links() {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("runbook", alert.path("annotations").path("runbook_url").asText(""));
        links.put("source", text("generatorURL"));
        links.put("dashboard", text("dashboardURL"));
        links.put("panel", text("panelURL"));
        links.put("silence", text("silenceURL"));
        return links;
    }

    private OffsetDateTime time(String member) {
        OffsetDateTime time = Rfc3339.time(needed(member));
        if (time == null) {
            throw ApiException.bad(
                    where + "." + member + " is \"" + text(member) + "\"; write a time as 2026-01-31T08:00:00Z");
        }
        return Rfc3339.happened(needed(member)) == null ? OffsetDateTime.now(ZoneOffset.UTC) : time;
    }

    private String needed(String member) {
        String text = text(member);
        if (text.isBlank()) {
            throw ApiException.bad(where + "." + member + " is missing, or no text");
        }
        return text;
    }

    private String label(String name) {
        return alert.path("labels").path(name).asText("");
    }

    private String text(String member) {
        return alert.path(member).asText("");
    }
}
