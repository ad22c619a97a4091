package routes.api.deadletters;

import java.io.IOException;
import org.springframework.stereotype.Component;
import routes.hooks.DeadLetterChoice;
import routes.hooks.DeadLetters;
import routes.hooks.DeadLetters.Outcome;

/** Operation {@code discardDeadLetters}. */
@Component("discardDeadLetters")
final class DiscardDeadLetters extends MoveDeadLetters {

    private final DeadLetters letters;

    DiscardDeadLetters(DeadLetters letters) {
        this.letters = letters;
    }

    @Override
    Outcome move(DeadLetterChoice choice, long before, String who) throws IOException {
        return letters.discard(choice, before, who);
    }
}
