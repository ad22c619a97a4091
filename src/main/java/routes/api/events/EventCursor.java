package routes.api.events;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import routes.api.rest.ApiException;

/**
 * Where a page of events starts.
 *
 * @param before only sequences below
 * @param given how many newer events the pages before have given or left out
 * @param skip so many are still to be left out
 */
record EventCursor(long before, long given, int skip) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})-(\\d{1,9})");

    static EventCursor ofPage(long page, int size) {
        return new EventCursor(Long.MAX_VALUE, 0, (int) Math.min(Integer.MAX_VALUE, (page - 1) * size));
    }

    /** @throws ApiException when it is none */
    static EventCursor parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw ApiException.bad(
                    "query parameter cursor is \"" + text + "\"; send next_cursor of an answer as it is");
        }
        return new EventCursor(
                Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), Integer.parseInt(parts.group(3)));
    }

    @Override
    public String toString() {
        return before + "-" + given + "-" + skip;
    }
}
