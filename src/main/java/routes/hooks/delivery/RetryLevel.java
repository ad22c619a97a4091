package routes.hooks.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of the ladder: a subject of {@code opsbus-retries} whose messages all wait equally long, so that order of
 * arrival is order of falling due.
 *
 * @param index its place, 0 the shortest
 * @param name token of its subject, such as {@code 30s}
 * @param delay how long a delivery stays there
 */
record RetryLevel(int index, String name, Duration delay) {

    static List<RetryLevel> ladder(List<Duration> delays) {
        List<RetryLevel> levels = new ArrayList<>();
        for (Duration delay : delays) {
            levels.add(new RetryLevel(
                    levels.size(),
                    delay.toString()
                            .substring(2)
                            .toLowerCase(java.util.Locale.ROOT)
                            .replace('.', '_'),
                    delay));
        }
        return List.copyOf(levels);
    }

    /** The level after a failed attempt: 1 for the first. */
    static RetryLevel afterAttempt(List<RetryLevel> ladder, int attempt) {
        return ladder.get(Math.min(attempt, ladder.size()) - 1);
    }

    /** The shortest level that is at least as long, or the longest there is. */
    static RetryLevel atLeast(List<RetryLevel> ladder, Duration wait) {
        return ladder.stream()
                .filter(level -> level.delay.compareTo(wait) >= 0)
                .findFirst()
                .orElse(ladder.get(ladder.size() - 1));
    }
}
