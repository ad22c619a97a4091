package routes.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloudevents.core.v1.CloudEventV1;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An operations event: what was received on (or will be published to) a subject below {@code ops.}, immutable. Usually
 * a CloudEvent 1.0 in structured JSON; anything else is a raw event, matched on its text and passed on inside a
 * CloudEvent.
 */
public final class OpsEvent {

    public static final String SOURCE = "https://github.com/shaowenchen/ops";
    public static final String DEFAULT_TYPE = "Default";

    private static final ZoneId SYSTEM_ZONE = ZoneId.systemDefault(); // which copies the zone each time
    /** CloudEvents allows only lower-case letters and digits in the name of an extension. */
    private static final String PASSED_HOOKS = "passedhooks";
    /** A CloudEvents integer: the payload's original bytes. */
    private static final String TRUNCATED = "truncated";

    private static final String BACKFILL = "backfill";

    private final String subject;
    private final byte[] payload;
    private final boolean cloudEvent;
    private final Envelope envelope;
    private final Envelope decoded;
    private volatile String text;

    private OpsEvent(String subject, byte[] payload, boolean cloudEvent, Envelope envelope) {
        this.subject = subject;
        this.payload = payload;
        this.cloudEvent = cloudEvent;
        this.envelope = envelope;
        this.decoded = envelope.decoded();
    }

    /**
     * Reads any bytes and never throws: not JSON, not a CloudEvent or empty is a raw event.
     *
     * @param wireSubject the subject it came on, which counts more than the CloudEvent's attribute
     * @param fallbackId the id of a raw event
     */
    public static OpsEvent parse(String wireSubject, byte[] payload, Supplier<String> fallbackId) {
        Optional<Envelope> read = Envelope.read(payload);
        return new OpsEvent(
                wireSubject,
                payload,
                read.isPresent(),
                read.orElseGet(
                        () -> Envelope.ofBytes(attributes(fallbackId.get(), DEFAULT_TYPE, wireSubject), payload)));
    }

    /**
     * The id that {@link #parse} finds in a payload when that is a CloudEvent, at less cost; of what is none, perhaps
     * any text or null.
     */
    public static String idIn(byte[] payload) {
        return Envelope.idIn(payload);
    }

    public static OpsEvent parse(String wireSubject, byte[] payload, String fallbackId) {
        return parse(wireSubject, payload, () -> fallbackId);
    }

    /**
     * A new event with JSON data.
     *
     * @param clusterOrNull in its original case
     * @param data kept, not copied
     */
    public static OpsEvent of(
            String id, String type, String subject, String clusterOrNull, OffsetDateTime time, JsonNode data) {
        Map<String, JsonNode> attributes = attributes(id, type, subject);
        attributes.put(CloudEventV1.DATACONTENTTYPE, TextNode.valueOf("application/json"));
        attributes.put(CloudEventV1.TIME, TextNode.valueOf(rfc3339(time)));
        if (clusterOrNull != null) {
            attributes.put(Envelope.CLUSTER, TextNode.valueOf(clusterOrNull));
        }
        return written(subject, Envelope.ofJson(attributes, data));
    }

    /**
     * A CloudEvent of the HTTP binding's binary mode.
     *
     * @param attributes by name, without {@code subject}
     * @param contentType of the data; empty: JSON
     * @throws IllegalArgumentException when the data is not what the content type says, with a message for its sender
     */
    public static OpsEvent ofBinary(String subject, Map<String, String> attributes, String contentType, byte[] data) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        attributes.forEach((name, value) -> all.put(name, TextNode.valueOf(value)));
        all.put(CloudEventV1.SUBJECT, TextNode.valueOf(subject));
        return written(subject, Envelope.ofData(all, contentType, data));
    }

    /** The same event on another subject, which its attribute {@code subject} says too. */
    public OpsEvent on(String otherSubject) {
        return written(otherSubject, envelope.with(Map.of(CloudEventV1.SUBJECT, otherSubject)));
    }

    /**
     * The same event, cut until its payload has at most so many bytes: the data's message first, then all texts of the
     * data, then the data is left out. The extension {@code truncated} is the original payload's size in bytes.
     *
     * @return empty when even that is larger
     */
    public Optional<OpsEvent> cutTo(int bytes) {
        if (payload.length <= bytes) {
            return Optional.of(this);
        }
        Map<String, JsonNode> marked = new LinkedHashMap<>(envelope.attributes());
        marked.putIfAbsent(TRUNCATED, IntNode.valueOf(payload.length));
        Envelope cut = Cut.toFit(new Envelope(marked, envelope.dataMember(), envelope.raw(), envelope.data()), bytes);
        return Optional.ofNullable(cut).map(fits -> written(subject, fits));
    }

    /** Text of at most so many UTF-16 units and, when it was longer, a mark; never cut within a character. */
    public static String cut(String text, int longest) {
        return Cut.text(text, longest);
    }

    private static Map<String, JsonNode> attributes(String id, String type, String subject) {
        Map<String, JsonNode> attributes = new LinkedHashMap<>();
        attributes.put(CloudEventV1.SPECVERSION, TextNode.valueOf("1.0"));
        attributes.put(CloudEventV1.ID, TextNode.valueOf(id));
        attributes.put(CloudEventV1.SOURCE, TextNode.valueOf(SOURCE));
        attributes.put(CloudEventV1.TYPE, TextNode.valueOf(type));
        attributes.put(CloudEventV1.SUBJECT, TextNode.valueOf(subject));
        return attributes;
    }

    private static OpsEvent written(String subject, Envelope envelope) {
        return new OpsEvent(subject, envelope.toJson().getBytes(StandardCharsets.UTF_8), true, envelope);
    }

    /**
     * The event that a hook of {@code type: event} publishes: the same type, data and extensions with a new id, time
     * and subject, and the hook added to those it has passed.
     *
     * @param hookId {@code namespace/name}
     */
    public OpsEvent forwarded(String targetSubject, String newId, String hookId, OffsetDateTime now) {
        String passed = (String.join(" ", passedHooks()) + " " + hookId).strip();
        return written(
                targetSubject,
                envelope.with(Map.of(
                        CloudEventV1.ID,
                        newId,
                        CloudEventV1.SUBJECT,
                        targetSubject,
                        CloudEventV1.TIME,
                        rfc3339(now),
                        PASSED_HOOKS,
                        passed)));
    }

    /** The same event as history: it is stored and found, and no hook fires for it. */
    public OpsEvent asBackfill() {
        return written(subject, envelope.withTrue(BACKFILL));
    }

    /** Whether it is history, stored when its source was watched for the first time. */
    public boolean isBackfill() {
        return envelope.isTrue(BACKFILL);
    }

    public boolean isCloudEvent() {
        return cloudEvent;
    }

    public String id() {
        return envelope.attribute(CloudEventV1.ID);
    }

    public String type() {
        return envelope.attribute(CloudEventV1.TYPE);
    }

    public String source() {
        return envelope.attribute(CloudEventV1.SOURCE);
    }

    /** The subject on the wire, whatever the CloudEvent's attribute says. */
    public String subject() {
        return subject;
    }

    /** The CloudEvent's time; {@code null} when it has none, Go's zero time or one that is not RFC 3339. */
    public OffsetDateTime time() {
        return Rfc3339.happened(envelope.attribute(CloudEventV1.TIME));
    }

    /**
     * How long before this moment the event happened, by its data or its envelope; {@code null} when it names no
     * credible time, or one more than a day ago.
     */
    public Duration age(Instant now) {
        OffsetDateTime inData = Rfc3339.happened(data().path("eventTime").asText());
        OffsetDateTime time = inData != null ? inData : time();
        if (time == null) {
            return null;
        }
        Duration age = Duration.between(time.toInstant(), now);
        return age.isNegative() || age.compareTo(Duration.ofDays(1)) > 0 ? null : age;
    }

    /** The extension {@code cluster} in its original case, or {@code null}. */
    public String cluster() {
        return envelope.attribute(Envelope.CLUSTER);
    }

    /**
     * The JSON text of the data, spelled as on the wire ({@code data_base64} decoded); a JSON string for text;
     * {@code null} without data.
     */
    public String dataJson() {
        return decoded.rawData();
    }

    /** The data parsed, a {@link com.fasterxml.jackson.databind.node.MissingNode} without data. Not to be changed. */
    public JsonNode data() {
        return decoded.data();
    }

    /** {@code namespace/name} of the hooks that forwarded this event on its way, the first one first. */
    public List<String> passedHooks() {
        String passed = envelope.attribute(PASSED_HOOKS);
        return passed == null || passed.isBlank()
                ? List.of()
                : List.of(passed.strip().split("\\s+"));
    }

    /**
     * The id of the event that a hook of {@code type: event} published this one for, or {@code null}: the id of what is
     * published is that of the delivery, {@code [source#]{event id}/{namespace}/{name}}.
     */
    public String origin() {
        List<String> passed = passedHooks();
        String hook = passed.isEmpty() ? null : "/" + passed.get(passed.size() - 1);
        if (hook == null || !id().endsWith(hook)) {
            return null;
        }
        String origin = id().substring(0, id().length() - hook.length());
        return !SOURCE.equals(source()) && origin.startsWith(source() + "#")
                ? origin.substring(source().length() + 1)
                : origin;
    }

    /** The readable text, in the system's time zone: what keywords match and what text messages carry. */
    public String text() {
        String built = text;
        if (built == null) {
            built = text(SYSTEM_ZONE);
            text = built;
        }
        return built;
    }

    String text(ZoneId zone) {
        return new ReadableText(subject, decoded, zone).build();
    }

    /** The bytes as received, or as to be published. Not to be changed. */
    public byte[] payload() {
        return payload;
    }

    /**
     * Structured CloudEvent JSON: the payload itself when it is a CloudEvent, else one of type {@code Default} around
     * it.
     */
    public String toJson() {
        return cloudEvent ? new String(payload, StandardCharsets.UTF_8) : envelope.toJson();
    }

    private static String rfc3339(OffsetDateTime time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }
}
