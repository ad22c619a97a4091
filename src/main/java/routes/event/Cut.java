package routes.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.IntFunction;

/**
 * An event's data made smaller, never within a character: first only its message, then every text in it, then all of it
 * goes.
 */
final class Cut {

    private static final String MESSAGE = "message";

    private Cut() {}

    /** @return text of at most so many UTF-16 units and a mark, or the text itself when it is not longer */
    static String text(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest > 0 && Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "… (cut, " + text.length() + " characters)";
    }

    /**
     * @return the largest envelope of this that has at most so many bytes, or null when it has more without any data
     */
    static Envelope toFit(Envelope envelope, int bytes) {
        if (Envelope.DATA.equals(envelope.dataMember())) {
            JsonNode data = envelope.data();
            Envelope cut = data.path(MESSAGE).isTextual()
                    ? largest(
                            data.get(MESSAGE).textValue().length(),
                            longest -> envelope.withData(((ObjectNode) data.deepCopy())
                                    .put(MESSAGE, text(data.get(MESSAGE).textValue(), longest))),
                            bytes)
                    : null;
            if (cut == null) {
                cut = largest(longestText(data), longest -> envelope.withData(everyText(data, longest)), bytes);
            }
            if (cut != null) {
                return cut;
            }
        }
        Envelope empty = envelope.withData(MissingNode.getInstance());
        return empty.bytes() <= bytes ? empty : null;
    }

    private static Envelope largest(int most, IntFunction<Envelope> cutTo, int bytes) {
        Envelope best = null;
        for (int low = 0, high = Math.min(most, bytes); low <= high; ) {
            int middle = (low + high) >>> 1;
            Envelope tried = cutTo.apply(middle);
            if (tried.bytes() <= bytes) {
                best = tried;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return best;
    }

    private static int longestText(JsonNode data) {
        int longest = data.isTextual() ? data.textValue().length() : 0;
        for (JsonNode child : data) {
            longest = Math.max(longest, longestText(child));
        }
        return longest;
    }

    private static JsonNode everyText(JsonNode data, int longest) {
        if (data.isTextual()) {
            return TextNode.valueOf(text(data.textValue(), longest));
        }
        JsonNode copy = data.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(everyText(field.getValue(), longest)));
        } else if (copy instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, everyText(array.get(i), longest));
            }
        }
        return copy;
    }
}
