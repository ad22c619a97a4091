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
 * A JSONPath into what was pushed: names, indexes and {@code [*]}. Without filters, functions and {@code ..}, whose time and memory would be
 * the sender's to choose.
 *
 * @see <a href="https://github.com/json-path/JsonPath">Jayway JsonPath</a>
 */
record BodyPath(String written, JsonPath path) {

    private static final Configuration JSON = Configuration.builder().jsonProvider(new JacksonJsonNodeJsonProvider()).mappingProvider(new JacksonMappingProvider())
            .options(Option.SUPPRESS_EXCEPTIONS).build();

    /** @throws IllegalArgumentException for what is no such path: says why */
    static BodyPath of(String written) {
        if (!written.startsWith("$")) {
            throw new IllegalArgumentException("the JSONPath \"" + written + "\" does not begin with $, which stands for the body");
        }
        if (written.contains("..") || written.contains("?") || written.contains("(")) {
            throw new IllegalArgumentException("the JSONPath \"" + written + "\" has .. or a filter or a function; only names, indexes and [*] are allowed, as in $.items[*].name");
        }
        try {
            return new BodyPath(written, JsonPath.compile(written));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the JSONPath \"" + written + "\" can't be read: " + e.getMessage());
        }
    }

    /** Whether it leads to one value at most. */
    boolean isOne() {
        return path.isDefinite();
    }

    /** A list when {@linkplain #isOne not one}; empty when there is nothing, or null. */
    Optional<JsonNode> in(JsonNode body) {
        JsonNode found = path.read(body, JSON);
        return found == null || found.isNull() || found.isMissingNode() ? Optional.empty() : Optional.of(found);
    }
}
