package routes.hooks.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where a document goes: {@code {server}/{index}/_doc[/{id}]}, written out in the url or put together from the options,
 * which win. With neither {@code _doc} nor an index the url is taken as it is.
 *
 * @param url the hook's url; date placeholders in its index are filled
 * @param index option; placeholders {@code {date}} {@code {YYYY.MM.DD}} {@code {YYYY-MM-DD}} {@code {YYYYMMDD}}
 *     {@code {YYYY.MM}} {@code {YYYY-MM}} {@code {YYYY}}, "" for none
 * @param id option; {@code {delivery}} stands for the delivery's id, so that an attempt made twice writes one document
 * @param dataStream option: the document is created, never replaced ({@code op_type=create}), which the url may also
 *     say itself
 */
record ElasticsearchUrl(String url, String index, String id, boolean dataStream) {

    private static final String CREATE = "op_type=create";

    private static final Map<String, DateTimeFormatter> DATES = Map.of(
            "{date}", date("uuuu.MM.dd"),
            "{YYYY.MM.DD}", date("uuuu.MM.dd"),
            "{YYYY-MM-DD}", date("uuuu-MM-dd"),
            "{YYYYMMDD}", date("uuuuMMdd"),
            "{YYYY.MM}", date("uuuu.MM"),
            "{YYYY-MM}", date("uuuu-MM"),
            "{YYYY}", date("uuuu"));

    String at(OffsetDateTime time, String deliveryId) {
        int query = url.indexOf('?');
        String address = query < 0 ? url : url.substring(0, query);
        if (address.endsWith("/")) {
            address = address.substring(0, address.length() - 1);
        }
        String document = id.isEmpty() ? "" : segment(id.replace("{delivery}", deliveryId));
        String into = segment(dated(index, time));
        return document(address, into, document, time)
                + (query < 0 ? "" : url.substring(query))
                + (dataStream && !urlCreates() ? (query < 0 ? "?" : "&") + CREATE : "");
    }

    /** Whether the document is created and never replaced. */
    boolean creates() {
        return dataStream || urlCreates();
    }

    private boolean urlCreates() {
        int query = url.indexOf('?');
        return query >= 0 && List.of(url.substring(query + 1).split("&")).contains(CREATE);
    }

    private static String document(String address, String into, String document, OffsetDateTime time) {
        List<String> segments = new ArrayList<>(List.of(address.split("/", -1)));
        int doc = segments.indexOf("_doc");
        if (doc < 0) {
            return into.isEmpty()
                    ? address
                    : address + "/" + into + "/_doc" + (document.isEmpty() ? "" : "/" + document);
        }
        segments.set(doc - 1, into.isEmpty() ? dated(segments.get(doc - 1), time) : into);
        if (!document.isEmpty()) {
            if (doc + 1 == segments.size()) {
                segments.add(document);
            } else {
                segments.set(doc + 1, document);
            }
        }
        return String.join("/", segments);
    }

    private static String dated(String index, OffsetDateTime time) {
        String dated = index;
        for (Map.Entry<String, DateTimeFormatter> date : DATES.entrySet()) {
            dated = dated.replace(date.getKey(), date.getValue().format(time));
        }
        return dated;
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static DateTimeFormatter date(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }
}
