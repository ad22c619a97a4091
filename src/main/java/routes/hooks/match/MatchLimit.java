package routes.hooks.match;

import com.google.re2j.Pattern;
import java.time.Duration;

/** Looks for an expression in a text, for as long as it may take. */
public interface MatchLimit {

    /** What nobody else waits for: however slow a machine is, ordinary expressions need a small part of it. */
    Duration LONGEST = Duration.ofSeconds(5);

    MatchLimit NONE = (regex, text) -> regex.matcher(text).find();

    /** @throws MatchTooSlowException when it is given up */
    boolean finds(Pattern regex, String text);
}
