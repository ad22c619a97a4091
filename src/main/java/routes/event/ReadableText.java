package routes.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.core.v1.CloudEventV1;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The text of an event that keywords match and that chat messages carry: lines {@code label: value \n}, with a space
 * before the newline and without the lines that would be empty. Same bytes as the original's, since keywords of
 * existing hooks depend on them; types without labels are their raw data.
 */
final class ReadableText {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final String subject;
    private final Envelope event;
    private final ZoneId zone;
    private final StringBuilder text = new StringBuilder(512);

    /**
     * @param subject on the wire
     * @param event decoded
     */
    ReadableText(String subject, Envelope event, ZoneId zone) {
        this.subject = subject;
        this.event = event;
        this.zone = zone;
    }

    String build() {
        if (!event.data().isObject()) {
            return dataText();
        }
        switch (event.attribute(CloudEventV1.TYPE)) {
            case "Kube" -> kube();
            case "TaskRunReport" -> taskRunReport();
            case "Host" -> host();
            case "Cluster" -> cluster();
            case "Webhook" -> text.append(string("content"));
            default -> text.append(dataText());
        }
        return text.toString();
    }

    /**
     * The data as a person wrote it: a string without its quotes when it is text, else the JSON text; {@code ""}
     * without data.
     */
    private String dataText() {
        String json = event.rawData();
        if (json == null) {
            return "";
        }
        return event.data().isTextual() && !event.isJsonData() ? event.data().textValue() : json;
    }

    private void kube() {
        JsonNode regarding = event.data().path("regarding");
        if (string(regarding, "kind").isEmpty() || string(regarding, "name").isEmpty()) {
            subjectLines();
        } else {
            objectLines(regarding);
        }
        line("type", scalar("type"));
        line("reason", scalar("reason"));
        line("timestamp", timestamp(Rfc3339.happened(string("eventTime"))));
        line("from", scalar("from"));
        line("message", scalar("message"));
    }

    /**
     * Real names of the object. The cluster in lower case all the same: that is how the original's keywords know it.
     */
    private void objectLines(JsonNode regarding) {
        String kind = string(regarding, "kind").toLowerCase(Locale.ROOT);
        String cluster = event.attribute(Envelope.CLUSTER);
        line("cluster", cluster == null ? "" : cluster.toLowerCase(Locale.ROOT));
        if (!kind.equals("namespace")) {
            line("namespace", string(regarding, "namespace"));
        }
        line(kind, string(regarding, "name"));
    }

    /**
     * A token that ends in s is a label; its value is the next token and those up to the next label, or up to a
     * {@code _}, which stands for what nobody named. The last token is neither.
     */
    private void subjectLines() {
        List<String> tokens = List.of(Subject.tokens(subject.replaceFirst("^ops\\.", "")));
        int end = tokens.get(tokens.size() - 1).endsWith("s") ? tokens.size() - 1 : tokens.size();
        int label = nextLabel(tokens, 0, end);
        while (label + 1 < end) {
            int next = nextLabel(tokens, label + 2, end);
            List<String> value = tokens.subList(label + 1, next);
            int nobody = value.indexOf(Subject.NOBODY);
            line(Subject.singular(tokens.get(label)), String.join(".", nobody < 0 ? value : value.subList(0, nobody)));
            label = next;
        }
    }

    private static int nextLabel(List<String> tokens, int from, int end) {
        int label = from;
        while (label < end && !tokens.get(label).endsWith("s")) {
            label++;
        }
        return label;
    }

    private void taskRunReport() {
        clusterLine();
        line("host", string("host"));
        line("kind", string("kind"));
        line("threshold", string("threshold"));
        line("operator", string("operator"));
        line("value", string("value"));
        line("status", string("status"));
        line("message", string("message"));
        line("time", timestamp(Rfc3339.happened(event.attribute(CloudEventV1.TIME))));
    }

    private void host() {
        clusterLine();
        line("address", scalar("address"));
        line("hostname", scalar("status", "hostname"));
        line("diskUsagePercent", scalar("status", "diskUsagePercent"));
        line("heartStatus", scalar("status", "heartStatus"));
    }

    private void cluster() {
        clusterLine();
        line("server", scalar("server"));
        line("version", scalar("status", "version"));
        line("certNotAfterDays", scalar("status", "certNotAfterDays"));
        line("heartStatus", scalar("status", "heartStatus"));
    }

    private void clusterLine() {
        String inData = string("cluster");
        String cluster = event.attribute(Envelope.CLUSTER);
        line("cluster", inData.isEmpty() && cluster != null ? cluster : inData);
    }

    private void line(String label, String value) {
        if (!label.isEmpty() && !value.isEmpty()) {
            text.append(label).append(": ").append(value).append(" \n");
        }
    }

    private String timestamp(OffsetDateTime time) {
        if (time == null) {
            return "";
        }
        LocalDateTime local = time.atZoneSameInstant(zone)
                .toLocalDateTime(); // by hand: a formatter takes as long as all the rest of a text
        if (local.getYear() < 1000 || local.getYear() > 9999) {
            return TIMESTAMP.format(local);
        }
        StringBuilder digits = new StringBuilder(19).append(local.getYear());
        two(digits, '-', local.getMonthValue());
        two(digits, '-', local.getDayOfMonth());
        two(digits, ' ', local.getHour());
        two(digits, ':', local.getMinute());
        two(digits, ':', local.getSecond());
        return digits.toString();
    }

    private static void two(StringBuilder digits, char before, int number) {
        digits.append(before).append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** A string field; one of another type counts as absent, as in the original. */
    private String string(String name) {
        return string(event.data(), name);
    }

    private static String string(JsonNode parent, String name) {
        return parent.path(name).isTextual() ? parent.path(name).textValue() : "";
    }

    /** A string, number or boolean as it reads. */
    private String scalar(String... path) {
        JsonNode node = event.data();
        for (String name : path) {
            node = node.path(name);
        }
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }
}
