package routes.api.push;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import routes.api.rest.ApiException;

/** Text with {@code {$.path}} for values of what was pushed, and {@code {$.path|text}} for one that may be missing. */
final class BodyTemplate {

    private final String property;
    private final List<Part> parts = new ArrayList<>();

    /**
     * @param text as it is, before the value
     * @param path null for the text alone
     * @param absent instead of a missing value, or null
     */
    private record Part(String text, BodyPath path, String absent) {

        Optional<String> value(JsonNode body) {
            return path.in(body)
                    .filter(JsonNode::isValueNode)
                    .map(JsonNode::asText)
                    .filter(value -> !value.isBlank())
                    .or(() -> Optional.ofNullable(absent));
        }
    }

    /**
     * @param property where it is written, for messages
     * @throws IllegalArgumentException when it is malformed
     */
    BodyTemplate(String property, String written) {
        this.property = property;
        if (written.isBlank()) {
            throw new IllegalArgumentException(
                    "the property " + property + " is empty; remove it, or write text with {$.path} in it");
        }
        int at = 0;
        for (int open = written.indexOf('{'); open >= 0; open = written.indexOf('{', at)) {
            int close = written.indexOf('}', open);
            if (close < 0 || !written.startsWith("{$", open)) {
                throw new IllegalArgumentException("the property " + property + " is \"" + written
                        + "\"; a { begins a value and is written {$.path}");
            }
            parts.add(part(written.substring(at, open), written.substring(open + 1, close)));
            at = close + 1;
        }
        parts.add(new Part(written.substring(at), null, null));
    }

    private Part part(String text, String placeholder) {
        String[] pathAndAbsent = placeholder.split("\\|", 2);
        if (pathAndAbsent.length == 2 && pathAndAbsent[1].isBlank()) {
            throw new IllegalArgumentException(
                    "the property " + property + ": in {" + placeholder + "} there is no text behind |");
        }
        try {
            return new Part(
                    text,
                    BodyPath.of(pathAndAbsent[0].strip()),
                    pathAndAbsent.length == 1 ? null : pathAndAbsent[1].strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the property " + property + ": " + e.getMessage());
        }
    }

    boolean isConstant() {
        return parts.size() == 1;
    }

    /** With all its values. @throws ApiException when one is missing: names its path */
    String needed(JsonNode body) {
        return needed(body, UnaryOperator.identity());
    }

    /** @param madeSafe for each value */
    String needed(JsonNode body, UnaryOperator<String> madeSafe) {
        return render(
                madeSafe,
                part -> part.value(body)
                        .orElseThrow(() ->
                                ApiException.bad("there is no text or number at " + part.path.written() + ", which "
                                        + property + " needs; {" + part.path.written() + "|text} would do without")));
    }

    /** Without those that are missing. */
    String optional(JsonNode body) {
        return render(UnaryOperator.identity(), part -> part.value(body).orElse(""));
    }

    /** As if each value were this one. */
    String sample(String value) {
        return render(UnaryOperator.identity(), part -> value);
    }

    private String render(UnaryOperator<String> madeSafe, Function<Part, String> value) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(part.text);
            if (part.path != null) {
                text.append(madeSafe.apply(value.apply(part)));
            }
        }
        return text.toString();
    }
}
