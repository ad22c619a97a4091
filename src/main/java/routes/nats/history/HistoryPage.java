package routes.nats.history;

import java.util.List;

/**
 * What a query found.
 *
 * @param events the newest first
 * @param next {@code before} of the next page; 0 when nothing that matters is older
 * @param matching events on the pattern between {@code from} and {@code to} that are in the stream, whatever
 *     {@code wanted} says of them; 0 when that is not known
 * @param exact whether it is known
 * @param skipped how many were left out for {@code skip}
 * @param stopped the limit that ended it before all was searched or it was full, for people; else null
 */
public record HistoryPage(List<Stored> events, long next, long matching, boolean exact, int skipped, String stopped) {}
