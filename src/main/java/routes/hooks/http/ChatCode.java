package routes.hooks.http;

import java.util.Set;

/** The error codes of chat APIs, as far as they say "not now" instead of "never". */
final class ChatCode {

    private static final Set<String> BUSY = Set.of(
            "-1",        // DingTalk, WeCom: the system is busy
            "130101",    // DingTalk: sending too fast
            "130102",
            "45009",     // WeCom: over the API's rate limit
            "45033",     // WeCom: too many at once
            "11232",     // Feishu: over the rate limit
            "99991400"); // Feishu: too many requests

    private ChatCode() {
    }

    /** Whether a later attempt may succeed: a known busy code, or one that reads as an HTTP status such as 429 or 503. */
    static boolean isPassing(String code) {
        return BUSY.contains(code) || code.matches("[45][0-9]{2}") && Failure.isPassing(Integer.parseInt(code));
    }
}
