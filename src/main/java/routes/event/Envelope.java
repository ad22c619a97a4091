package routes.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloudevents.core.v1.CloudEventV1;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A CloudEvent 1.0 in structured JSON mode, with its data as the raw JSON text it has on the wire. The CloudEvents SDK
 * parses the data and writes it anew, which loses spelling ({@code \u003c}, {@code 1.0}, order) that keywords match on.
 *
 * @param attributes context attributes and extensions by name, in the wire's order
 * @param dataMember {@code data} or {@code data_base64}, {@code null} without data
 * @param raw the JSON text of that member, made when it is asked for; {@code null} without data
 * @param data that text parsed
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">CloudEvents: JSON
 *     format</a>
 */
record Envelope(Map<String, JsonNode> attributes, String dataMember, Supplier<String> raw, JsonNode data) {

    /** The extension that names the cluster. */
    static final String CLUSTER = "cluster";

    static final String DATA = "data";
    static final String DATA_BASE64 = "data_base64";

    /** The original's order; extensions follow the data. */
    private static final List<String> CORE_ATTRIBUTES = List.of(
            CloudEventV1.SPECVERSION,
            CloudEventV1.ID,
            CloudEventV1.SOURCE,
            CloudEventV1.TYPE,
            CloudEventV1.SUBJECT,
            CloudEventV1.DATACONTENTTYPE,
            CloudEventV1.DATASCHEMA,
            CloudEventV1.TIME);

    Envelope {
        attributes = Collections.unmodifiableMap(attributes);
    }

    /** An envelope with JSON data. */
    static Envelope ofJson(Map<String, JsonNode> attributes, JsonNode data) {
        return data == null || data.isMissingNode()
                ? new Envelope(attributes, null, null, MissingNode.getInstance())
                : new Envelope(attributes, DATA, () -> WireJson.write(data), data);
    }

    /** An envelope around bytes that are not a CloudEvent: a string when they are UTF-8, else base64. */
    static Envelope ofBytes(Map<String, JsonNode> attributes, byte[] bytes) {
        Map<String, JsonNode> all = new LinkedHashMap<>(attributes);
        if (bytes.length == 0) {
            return new Envelope(all, null, null, MissingNode.getInstance());
        }
        boolean text = isUtf8(bytes);
        String data = text
                ? new String(bytes, StandardCharsets.UTF_8)
                : Base64.getEncoder().encodeToString(bytes);
        all.put(CloudEventV1.DATACONTENTTYPE, TextNode.valueOf(text ? "text/plain" : "application/octet-stream"));
        return new Envelope(all, text ? DATA : DATA_BASE64, () -> WireJson.quote(data), TextNode.valueOf(data));
    }

    /**
     * An envelope around data of this content type; empty: JSON. @throws IllegalArgumentException when it is not that
     */
    static Envelope ofData(Map<String, JsonNode> attributes, String contentType, byte[] bytes) {
        if (bytes.length == 0) {
            return new Envelope(attributes, null, null, MissingNode.getInstance());
        }
        Map<String, JsonNode> all = new LinkedHashMap<>(attributes);
        all.put(
                CloudEventV1.DATACONTENTTYPE,
                TextNode.valueOf(contentType.isEmpty() ? "application/json" : contentType));
        boolean text = isUtf8(bytes);
        String data = text
                ? new String(bytes, StandardCharsets.UTF_8)
                : Base64.getEncoder().encodeToString(bytes);
        if (!new Envelope(all, null, null, null).isJsonData()) {
            return new Envelope(all, text ? DATA : DATA_BASE64, () -> WireJson.quote(data), TextNode.valueOf(data));
        }
        if (!text) {
            throw new IllegalArgumentException("the data is not UTF-8, which JSON is");
        }
        try { // one value and nothing behind it: the text goes into the envelope as it is
            return new Envelope(
                    all,
                    DATA,
                    () -> data,
                    WireJson.MAPPER
                            .reader()
                            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                            .readTree(data));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the data is not the JSON that its content type says: " + e.getOriginalMessage(), e);
        }
    }

    /** Empty when the payload is not a CloudEvent 1.0 in JSON, whatever else it is. */
    static Optional<Envelope> read(byte[] payload) {
        try (JsonParser parser = WireJson.MAPPER.createParser(payload)) {
            return read(parser, payload);
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<Envelope> read(JsonParser parser, byte[] payload) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT || !isPlainUtf8(parser, payload)) {
            return Optional.empty();
        }
        Map<String, JsonNode> attributes = new LinkedHashMap<>();
        String dataMember = null;
        Supplier<String> raw = null;
        JsonNode data = MissingNode.getInstance();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            boolean isData = name.equals(DATA) || name.equals(DATA_BASE64);
            int start = isData ? (int) parser.currentTokenLocation().getByteOffset() : 0;
            // most attributes are strings, for which Jackson's tree is a detour
            JsonNode value = parser.currentToken() == JsonToken.VALUE_STRING
                    ? TextNode.valueOf(parser.getText())
                    : parser.readValueAsTree();
            if (isData) {
                int length = (int) parser.currentLocation().getByteOffset() - start;
                dataMember = name;
                raw = () -> new String(payload, start, length, StandardCharsets.UTF_8);
                data = value;
            } else {
                attributes.put(name, value);
            }
        }
        boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        Envelope envelope = new Envelope(attributes, dataMember, raw, data);
        return whole && envelope.isCloudEvent() ? Optional.of(envelope) : Optional.empty();
    }

    /** Of the members named id the last, as {@link #read} takes them; null when none is a text. */
    static String idIn(byte[] payload) {
        String id = null;
        try (JsonParser parser = WireJson.MAPPER.createParser(payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isId = parser.currentName().equals(CloudEventV1.ID);
                if (parser.nextToken() == JsonToken.VALUE_STRING && isId) {
                    id = parser.getText();
                }
                parser.skipChildren();
            }
            return id;
        } catch (IOException notJson) {
            return null;
        }
    }

    /** Jackson reads UTF-16, UTF-32 and a byte order mark as well; RFC 8259 allows none of them on the wire. */
    private static boolean isPlainUtf8(JsonParser parser, byte[] payload) {
        return parser.currentTokenLocation().getByteOffset() >= 0 && payload[0] != (byte) 0xEF;
    }

    /** The original posts events with an empty type, so that much is tolerated. */
    private boolean isCloudEvent() {
        return "1.0".equals(attribute(CloudEventV1.SPECVERSION))
                && has(CloudEventV1.ID)
                && has(CloudEventV1.SOURCE)
                && attribute(CloudEventV1.TYPE) != null;
    }

    private boolean has(String name) {
        String value = attribute(name);
        return value != null && !value.isEmpty();
    }

    /** A string attribute, {@code null} when there is none. */
    String attribute(String name) {
        JsonNode value = attributes.get(name);
        return value == null ? null : value.textValue();
    }

    /** Whether an attribute is the boolean, or the word, true: the binding to headers knows words only. */
    boolean isTrue(String name) {
        JsonNode value = attributes.get(name);
        return value != null && "true".equals(value.asText());
    }

    /** This envelope with an attribute that is true. */
    Envelope withTrue(String name) {
        Map<String, JsonNode> changed = new LinkedHashMap<>(attributes);
        changed.put(name, BooleanNode.TRUE);
        return new Envelope(changed, dataMember, raw, data);
    }

    /** This envelope with some attributes set anew. */
    Envelope with(Map<String, String> changes) {
        Map<String, JsonNode> changed = new LinkedHashMap<>(attributes);
        changes.forEach((name, value) -> changed.put(name, TextNode.valueOf(value)));
        return new Envelope(changed, dataMember, raw, data);
    }

    /** This envelope with other JSON data; missing: without data. */
    Envelope withData(JsonNode other) {
        return ofJson(attributes, other);
    }

    /** Length of its JSON in UTF-8. */
    int bytes() {
        return toJson().getBytes(StandardCharsets.UTF_8).length;
    }

    /** The JSON text of the data, spelled as on the wire; {@code null} without data. */
    String rawData() {
        return raw == null ? null : raw.get();
    }

    boolean isJsonData() {
        String contentType = attribute(CloudEventV1.DATACONTENTTYPE);
        if (contentType == null) {
            return true;
        }
        String mediaType = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return mediaType.equals("application/json") || mediaType.equals("text/json") || mediaType.endsWith("+json");
    }

    /**
     * This envelope's data in member {@code data}: base64 decoded, as JSON when it says it is JSON and is, else as a
     * string.
     */
    Envelope decoded() {
        if (!DATA_BASE64.equals(dataMember)) {
            return this;
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(data.asText());
        } catch (IllegalArgumentException notBase64) {
            bytes = data.asText().getBytes(StandardCharsets.UTF_8);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (isJsonData()) {
            try {
                JsonNode parsed = WireJson.MAPPER.readTree(text);
                return new Envelope(attributes, DATA, () -> text, parsed);
            } catch (IOException notJson) {
                // then it is text
            }
        }
        return new Envelope(
                with(Map.of(CloudEventV1.DATACONTENTTYPE, "text/plain")).attributes,
                DATA,
                () -> WireJson.quote(text),
                TextNode.valueOf(text));
    }

    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = WireJson.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            for (String name : CORE_ATTRIBUTES) {
                if (attributes.containsKey(name)) {
                    write(json, name, attributes.get(name));
                }
            }
            if (dataMember != null) {
                json.writeFieldName(dataMember);
                json.writeRawValue(rawData());
            }
            for (Map.Entry<String, JsonNode> attribute : attributes.entrySet()) {
                if (!CORE_ATTRIBUTES.contains(attribute.getKey())) {
                    write(json, attribute.getKey(), attribute.getValue());
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalArgumentException("JSON that can't be written", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, String name, JsonNode value) throws IOException {
        json.writeFieldName(name);
        if (value.isTextual()) { // most are, for which the tree's way is a detour
            json.writeString(value.textValue());
        } else {
            json.writeTree(value);
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
