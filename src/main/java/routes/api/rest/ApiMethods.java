package routes.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The methods that each path of {@code openapi.yaml} takes: those it names, OPTIONS, and HEAD where GET is. Camel knows
 * no HEAD, and what it and Spring say in {@code Allow} depends on which of the two answers.
 */
final class ApiMethods {

    /** Where the paths of the contract begin. */
    static final String BASE = "/api/v1";

    private static final List<String> NAMED = List.of("get", "post", "put", "patch", "delete");
    private static final String STREAM = "text/event-stream";

    private final SortedMap<PathPattern, List<String>> paths = new TreeMap<>();

    ApiMethods(JsonNode contract) {
        contract.path("paths")
                .fields()
                .forEachRemaining(path -> paths.put(
                        PathPatternParser.defaultInstance.parse(BASE + path.getKey()), methods(path.getValue())));
    }

    private static List<String> methods(JsonNode path) {
        TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
        NAMED.stream()
                .filter(path::has)
                .map(method -> method.toUpperCase(Locale.ROOT))
                .forEach(methods::add);
        if (path.has("get") && !path.at("/get/responses/200/content").has(STREAM)) { // it would not end
            methods.add("HEAD");
        }
        return List.copyOf(methods);
    }

    /** In order; empty for a path that is none. */
    List<String> of(HttpServletRequest request) {
        PathContainer path = PathContainer.parsePath(
                request.getRequestURI().substring(request.getContextPath().length()));
        return paths.entrySet().stream()
                .filter(pattern -> pattern.getKey().matches(path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(List.of());
    }
}
