package routes.hooks.http;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text from exceptions and endpoints, made fit for logs and headers: one line, short, urls only with scheme and host.
 */
public final class Redacted {

    private static final int LONGEST = 300;
    private static final Pattern URL = Pattern.compile(
            "\\b([a-zA-Z][a-zA-Z0-9+.-]{0,20}://)(?:[^/?#\\s@]*@)?([^/?#\\s\"'<>]*)([/?#][^\\s\"'<>]*)?");
    private static final Pattern QUERY = Pattern.compile("\\?[^\\s\"'<>]*=[^\\s\"'<>]*");

    private static final Pattern USER = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/?#]*@");

    private Redacted() {}

    public static String text(String text) {
        String start = text.length() > 4 * LONGEST ? text.substring(0, 4 * LONGEST) : text;
        String safe = URL.matcher(start).replaceAll(Redacted::hostOnly);
        safe = QUERY.matcher(safe).replaceAll("?…");
        safe = safe.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return safe.length() > LONGEST ? safe.substring(0, LONGEST) + "…" : safe;
    }

    /** A url without its user and password, for who may see the rest of it. */
    public static String withoutUser(String url) {
        return USER.matcher(url).replaceFirst("$1…@");
    }

    private static String hostOnly(MatchResult url) {
        return Matcher.quoteReplacement(url.group(1) + url.group(2) + (url.group(3) == null ? "" : "/…"));
    }
}
