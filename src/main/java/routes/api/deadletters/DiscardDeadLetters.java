package routes.api.deadletters;

import java.io.IOException;
import org.springframework.stereotype.Component;
import routes.hooks.delivery.DeadLetterChoice;
import routes.hooks.delivery.DeadLetters;
import routes.hooks.delivery.DeadLetters.Outcome;

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
