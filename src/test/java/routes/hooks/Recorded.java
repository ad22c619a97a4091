package routes.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The cases recorded from the original, when their folder is there: {@code OPSBUS_COMPAT}, else beside the project. */
final class Recorded {

    private Recorded() {
    }

    private static Optional<Path> folder() {
        String configured = System.getenv("OPSBUS_COMPAT");
        return Optional.of(Path.of(configured != null && !configured.isBlank() ? configured : "../shared/compat")).filter(Files::isDirectory);
    }

    static Optional<JsonNode> json(String file) {
        return folder().map(folder -> {
            try {
                return new ObjectMapper().readTree(folder.resolve(file).toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static List<Path> hooks() {
        return folder().map(folder -> {
            try (Stream<Path> files = Files.list(folder.resolve("hooks"))) {
                return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).orElse(List.of());
    }
}
