package routes.api.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import routes.api.rest.ApiException;
import routes.api.rest.ApiRequest;
import routes.event.OpsEvent;
import routes.event.Rfc3339;
import routes.nats.WireHeaders;

/**
 * The body of a push: a JSON object, a CloudEvent in structured or binary mode, or a batch of objects and CloudEvents.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">CloudEvents:
 *     HTTP binding</a>
 */
final class PushedBody {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String FORM = "application/x-www-form-urlencoded"; // curl -d says so of everything
    private static final String ATTRIBUTE = "ce-";
    private static final String SPECVERSION = "specversion";
    private static final List<String> REQUIRED = List.of(SPECVERSION, "id", "source", "type");
    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_QUOTE = 60;
    private static final int MOST_EVENTS = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiRequest request;
    private final String subject;
    private final String cluster;
    private final String key;

    /** @param cluster the extension {@code cluster} of what is no CloudEvent yet */
    PushedBody(ApiRequest request, String subject, String cluster) {
        this.request = request;
        this.subject = subject;
        this.cluster = cluster;
        this.key = request.header("Idempotency-Key");
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw ApiException.bad("the header Idempotency-Key is "
                    + (key.isBlank() ? "empty" : "longer than " + LONGEST_KEY + " characters"));
        }
    }

    /** @throws ApiException when it can't be read */
    Push read() {
        String type = request.contentType();
        if (type.equals(STRUCTURED)) {
            return one(cloudEvent(request.json(), request.body(), "the body", key));
        }
        if (type.equals(BATCH)) {
            return batch(request.json(), true);
        }
        if (type.startsWith("application/cloudevents")) {
            throw new ApiException(
                    415, "CloudEvents are taken as " + STRUCTURED + ", as " + BATCH + ", or in binary mode");
        }
        if (REQUIRED.stream().anyMatch(name -> request.header(ATTRIBUTE + name) != null)) {
            return one(binary());
        }
        if (!type.isEmpty()
                && !type.equals(FORM)
                && !type.equals("application/json")
                && !type.equals("text/json")
                && !type.endsWith("+json")) {
            throw new ApiException(
                    415,
                    "the Content-Type is none of application/json, " + STRUCTURED + " and " + BATCH
                            + "; other data goes into a CloudEvent in binary mode");
        }
        JsonNode json = request.json();
        return json.isArray() ? batch(json, false) : one(event(json, request::body, "the body", key));
    }

    private Push one(Pushed event) {
        return new Push(List.of(event), false);
    }

    private Push batch(JsonNode json, boolean cloudEvents) {
        if (!json.isArray()) {
            throw ApiException.bad("the body is no JSON array, which " + BATCH + " is");
        }
        if (json.isEmpty()) {
            throw ApiException.bad("the batch is empty; send at least one event");
        }
        if (json.size() > MOST_EVENTS) {
            throw new ApiException(
                    413, "a request with " + json.size() + " events; send at most " + MOST_EVENTS + " at a time");
        }
        List<Pushed> events = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            String where = Push.element(i);
            JsonNode element = json.get(i);
            String elementKey = key == null ? null : key + "/" + i;
            events.add(
                    cloudEvents
                            ? cloudEvent(element, bytes(element), where, elementKey)
                            : event(element, () -> bytes(element), where, elementKey));
        }
        return new Push(events, true);
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that can't be written", e);
        }
    }

    /** A CloudEvent, or the data of one. @param bytes needed only when it looks like one */
    private Pushed event(JsonNode json, Supplier<byte[]> bytes, String where, String itsKey) {
        if (!json.isObject()) {
            throw ApiException.bad(where + " is no JSON object");
        }
        if (json.has(SPECVERSION)) {
            OpsEvent read = OpsEvent.parse(subject, bytes.get(), "");
            if (read.isCloudEvent()) {
                check(json, where);
                return pushed(read, itsKey);
            }
        }
        String id = itsKey == null ? UUID.randomUUID().toString() : digest(subject, itsKey);
        String type = json.path("type").asText("");
        return new Pushed(
                OpsEvent.of(
                        id,
                        json.path("type").isTextual() && !type.isEmpty() ? type : OpsEvent.DEFAULT_TYPE,
                        subject,
                        cluster,
                        OffsetDateTime.now(ZoneOffset.UTC),
                        json),
                id);
    }

    private Pushed cloudEvent(JsonNode json, byte[] bytes, String where, String itsKey) {
        OpsEvent read = OpsEvent.parse(subject, bytes, "");
        if (!read.isCloudEvent()) {
            throw ApiException.bad(where + " is no CloudEvent: " + whyNot(json));
        }
        check(json, where);
        return pushed(read, itsKey);
    }

    /**
     * What the original tolerated, and nobody who reads the event could make sense of. A member that is null is one
     * that is not there.
     */
    private static void check(JsonNode json, String where) {
        if (json.hasNonNull("time")) {
            checkTime(json.get("time").textValue(), json.get("time").asText(), "the time of " + where);
        }
        if (json.hasNonNull("data_base64") && !isBase64(json.get("data_base64"))) {
            throw ApiException.bad(
                    "the data_base64 of " + where
                            + " is no base64; encode the bytes with the alphabet of RFC 4648, section 4, and without line breaks, or send JSON or text as data");
        }
        if (json.hasNonNull("data_base64") && json.has("data")) {
            throw ApiException.bad(where + " has both data and data_base64; send one of them");
        }
    }

    private static void checkTime(String rfc3339, String written, String whose) {
        if (Rfc3339.time(rfc3339) == null) {
            throw ApiException.bad(whose + " is \"" + OpsEvent.cut(written, LONGEST_QUOTE)
                    + "\", which is no time; write it as 2026-01-31T08:00:00Z (RFC 3339), or leave it out");
        }
    }

    private static boolean isBase64(JsonNode written) {
        try {
            return written.isTextual() && Base64.getDecoder().decode(written.textValue()) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String whyNot(JsonNode json) {
        if (!json.isObject()) {
            return "it is no JSON object";
        }
        for (String name : REQUIRED) {
            if (!json.path(name).isTextual()) {
                return "its attribute " + name + " is " + (json.has(name) ? "no string" : "missing");
            }
        }
        return !json.get(SPECVERSION).textValue().equals("1.0")
                ? "its specversion is not 1.0"
                : "its id or source is empty, or it is not plain UTF-8";
    }

    private Pushed binary() {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String header : Collections.list(request.servletRequest().getHeaderNames())) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(ATTRIBUTE)) {
                attributes.put(attribute(lower.substring(ATTRIBUTE.length())), value(request.header(header)));
            }
        }
        for (String name : REQUIRED) {
            if (attributes.getOrDefault(name, "").isEmpty()) {
                throw ApiException.bad(
                        "a CloudEvent in binary mode has the header ce-" + name + ", which is missing or empty");
            }
        }
        if (!attributes.get(SPECVERSION).equals("1.0")) {
            throw ApiException.bad("the header ce-specversion is not 1.0");
        }
        if (attributes.containsKey("time")) {
            checkTime(attributes.get("time"), attributes.get("time"), "the header ce-time");
        }
        String type = request.header("Content-Type");
        try {
            return pushed(OpsEvent.ofBinary(subject, attributes, type == null ? "" : type, request.body()), key);
        } catch (IllegalArgumentException e) {
            throw ApiException.bad(e.getMessage());
        }
    }

    private static String attribute(String name) {
        if (!name.matches("[a-z0-9]+") || name.equals("data") || name.equals("datacontenttype")) {
            throw ApiException.bad("there is no attribute for the header ce-" + name
                    + "; a name has letters and digits only, and is neither data nor datacontenttype");
        }
        return name;
    }

    /** Decoded by section 3.1.3.2 of the binding: quotes first, then percent signs. */
    private static String value(String header) {
        boolean quoted = header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
        return WireHeaders.decode(
                quoted ? header.substring(1, header.length() - 1).replaceAll("\\\\(.)", "$1") : header);
    }

    /** A CloudEvent keeps its id; source and id together are what a retry has in common. */
    private Pushed pushed(OpsEvent event, String itsKey) {
        return new Pushed(
                event.on(subject),
                itsKey == null ? digest(subject, event.source(), event.id()) : digest(subject, itsKey));
    }

    /** Of any length and any characters a short id; nobody makes one that somebody else uses. */
    private static String digest(String... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha.update((part.length() + ":" + part).getBytes(StandardCharsets.UTF_8));
            }
            return "push-" + HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
