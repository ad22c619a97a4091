package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.util.Optional;

/**
 * A JSONPath to one value of what was pushed: names and indexes. Without filters, functions, {@code ..} and lists,
 * whose time and memory would be the sender's to choose.
 *
 * @see <a href="https://github.com/json-path/JsonPath">Jayway JsonPath</a>
 */
record BodyPath(String written, JsonPath path) {

    private static final Configuration JSON = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider())
            .mappingProvider(new JacksonMappingProvider())
            .options(Option.SUPPRESS_EXCEPTIONS)
            .build();

    /** @throws IllegalArgumentException for what is no such path: says why */
    static BodyPath of(String written) {
        if (!written.startsWith("$")) {
            throw new IllegalArgumentException(
                    "the JSONPath \"" + written + "\" does not begin with $, which stands for the body");
        }
        try {
            JsonPath path = JsonPath.compile(written);
            // it takes functions for names, and overlooks a last [
            if (!path.isDefinite() || written.contains("(") || written.endsWith("[")) {
                throw new IllegalArgumentException("the JSONPath \"" + written
                        + "\" does not lead to one value; write names and indexes only, as in $.items[0].name");
            }
            return new BodyPath(written, path);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the JSONPath \"" + written + "\" can't be read: " + e.getMessage());
        }
    }

    /** Empty when there is nothing, or null. */
    Optional<JsonNode> in(JsonNode body) {
        JsonNode found = path.read(body, JSON);
        return found == null || found.isNull() ? Optional.empty() : Optional.of(found);
    }
}
