package routes.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The cases recorded from the original; {@code src/test/resources/compat/README.md} says where they come from. */
public final class Recorded {

    public static final Path HOOKS = Path.of("src/test/resources/compat/hooks");

    private Recorded() {}

    public static JsonNode json(String file) {
        try {
            return new ObjectMapper().readTree(HOOKS.resolveSibling(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<JsonNode> cases(String file) {
        return StreamSupport.stream(json(file).spliterator(), false);
    }

    /** The hooks of the matrix, each in a file of its name: as many as the matrix knows, no other. */
    public static List<Path> hooks() {
        try (Stream<Path> files = Files.list(HOOKS)) {
            List<Path> hooks = files.sorted().toList();
            assertThat(hooks)
                    .extracting(file -> file.getFileName().toString().replace(".yaml", ""))
                    .containsExactlyElementsOf(
                            cells().map(cell -> cell.get("Hook").asText())
                                    .distinct()
                                    .sorted()
                                    .toList());
            return hooks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One hook and one event each, with the verdict. */
    public static Stream<JsonNode> cells() {
        return StreamSupport.stream(json("hook-matrix.json").get("cells").spliterator(), false);
    }
}
