package routes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import routes.event.OpsEvent;
import routes.event.Subject;

/** Events as lines of structured CloudEvents JSON (UTF-8). Blank lines don't count. */
final class EventLines {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type", "subject");

    private EventLines() {}

    /** @param source for complaints, which read {@code events.jsonl:3: has no id} */
    static void read(String source, InputStream lines, Consumer<OpsEvent> events, Consumer<String> complaints)
            throws IOException {
        byte[] line;
        for (int number = 1; (line = next(lines)) != null; number++) {
            if (new String(line, StandardCharsets.UTF_8).isBlank()) {
                continue;
            }
            try {
                events.accept(event(line));
            } catch (Invalid e) {
                complaints.accept(source + ":" + number + ": " + e.getMessage());
            }
        }
    }

    private static final class Invalid extends Exception {
        private Invalid(String message) {
            super(message);
        }
    }

    private static OpsEvent event(byte[] line) throws Invalid, IOException {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new Invalid(
                    "is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("")
                            + (e.getLocation() == null
                                    ? ""
                                    : " at character " + e.getLocation().getColumnNr()));
        }
        for (String name : REQUIRED) {
            if (!event.path(name).isTextual()) {
                throw new Invalid(
                        "is not a CloudEvent: " + (event.has(name) ? name + " is not a string" : "has no " + name));
            }
        }
        String subject = event.get("subject").textValue();
        if (!Subject.isConcrete(subject)) {
            throw new Invalid(
                    "the subject \"" + subject + "\" can't be published to: no empty tokens, wildcards or white space");
        }
        OpsEvent read = OpsEvent.parse(subject, line, "");
        if (!read.isCloudEvent()) {
            throw new Invalid(
                    "is not a CloudEvent 1.0: specversion must be \"1.0\", id and source not empty, the line plain UTF-8");
        }
        return read;
    }

    /** One line without its end; null behind the last. */
    private static byte[] next(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = in.read();
        if (read < 0) {
            return null;
        }
        for (; read >= 0 && read != '\n'; read = in.read()) {
            line.write(read);
        }
        return line.toByteArray();
    }
}
