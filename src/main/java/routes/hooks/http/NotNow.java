package routes.hooks.http;

import java.util.Set;

/** The answers that say "not now" instead of "never": a later attempt may succeed. */
final class NotNow {

    private static final Set<String> BUSY = Set.of(
            "-1", // DingTalk, WeCom: the system is busy
            "130101", // DingTalk: sending too fast
            "130102",
            "45009", // WeCom: over the API's rate limit
            "45033", // WeCom: too many at once
            "11232", // Feishu: over the rate limit
            "99991400"); // Feishu: too many requests

    private NotNow() {}

    /** 408, 425, 429 and 5xx; everything else that is not 2xx says "never". */
    static boolean says(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500 && status <= 599;
    }

    /** An error code of a chat's API: a known busy one, or one that reads as an HTTP status such as 429 or 503. */
    static boolean says(String chatCode) {
        return BUSY.contains(chatCode) || chatCode.matches("[45][0-9]{2}") && says(Integer.parseInt(chatCode));
    }
}
