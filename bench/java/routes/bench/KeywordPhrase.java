package routes.bench;

import java.util.List;
import routes.hooks.spec.MatchType;

/**
 * A keyword as people write them and a piece of a message in which it is found. The name in it has five digits, which
 * names in ordinary events never have, so that it shares its beginning with their text and is not found there.
 */
record KeywordPhrase(String keyword, String example) {

    private static final List<String> WORDS = List.of(
            "Back-off restarting failed container %s",
            "Failed to pull image \"registry.example.com/%s",
            "Error: failed to create containerd task for %s",
            "OOMKilled %s",
            "MountVolume.SetUp failed for volume \"%s\"",
            "exit code 137 in %s",
            "Liveness probe failed: %s",
            "node(s) didn't match pool %s",
            "certificate %s.example.com has expired",
            "%s",
            "NodeNotReady since %s",
            "quota of %s exceeded");

    private static final List<KeywordPhrase> EXPRESSIONS = List.of(
            new KeywordPhrase("Back-off (restarting|pulling) .*%s", "Back-off restarting failed container %s"),
            new KeywordPhrase("(?i)oomkilled.*%s", "OOMKilled by the kernel: %s"),
            new KeywordPhrase("exit code \\d+ in %s", "exit code 139 in %s"),
            new KeywordPhrase("%s(-[a-z0-9]+)* (was evicted|was preempted)", "%s-7d9f8b6c5d was evicted"),
            new KeywordPhrase(
                    "(Readiness|Liveness|Startup) probe failed: .*%s:\\d+", "Readiness probe failed: dial tcp %s:8080"),
            new KeywordPhrase("(?m)^message: .*%s unreachable", "endpoint %s unreachable"),
            new KeywordPhrase("0/\\d+ nodes are available.*%s", "0/12 nodes are available: 12 node(s) of pool %s"),
            new KeywordPhrase("code = (Unavailable|Internal).*%s", "rpc error: code = Unavailable desc = %s"),
            new KeywordPhrase(
                    "failed to (attach|mount) volume \"%1$s\"|volume \"%1$s\" is full", "volume \"%s\" is full"),
            new KeywordPhrase(
                    "connection to %s\\.[a-z]+\\.svc (refused|reset)", "connection to %s.default.svc refused"),
            new KeywordPhrase(
                    "(?i)certificate .*%s\\.example\\.com.*expired", "Certificate for %s.example.com has expired"),
            new KeywordPhrase("^cluster: [a-z0-9-]+ \n.*%s drained", "%s drained"));

    /** Keyword number {@code nth} of a hook, about {@code name}. */
    static KeywordPhrase of(MatchType type, int nth, String name) {
        if (type == MatchType.CONTAINS) {
            String words = WORDS.get(nth % WORDS.size()).formatted(name);
            return new KeywordPhrase(words, words);
        }
        KeywordPhrase expression = EXPRESSIONS.get(nth % EXPRESSIONS.size());
        return new KeywordPhrase(expression.keyword.formatted(name), expression.example.formatted(name));
    }
}
