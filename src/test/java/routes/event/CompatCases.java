package routes.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Cases recorded from the original, kept outside the project; where they are missing there are none. */
final class CompatCases {

    private CompatCases() {
    }

    static Stream<JsonNode> of(String file) {
        Path cases = Path.of(Objects.requireNonNullElse(System.getenv("OPSBUS_COMPAT"), "../shared/compat")).resolve(file);
        if (!Files.exists(cases)) {
            return Stream.empty();
        }
        try {
            return StreamSupport.stream(WireJson.MAPPER.readTree(cases.toFile()).spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
