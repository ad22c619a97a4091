package routes.e2e;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import routes.nats.NatsBus;

/** Reads the dead letters of a hook from their stream. */
final class DeadLetters {

    private DeadLetters() {}

    /** @param token {@code namespace.name} */
    static List<MessageInfo> of(NatsBus bus, String token) throws IOException, JetStreamApiException {
        List<MessageInfo> letters = new ArrayList<>();
        for (long next = 1; ; next = letters.get(letters.size() - 1).getSeq() + 1) {
            try {
                letters.add(bus.management().getNextMessage("opsbus-deadletters", next, "opsbus.deadletters." + token));
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() == 10037) { // no more
                    return letters;
                }
                throw e;
            }
        }
    }

    static List<String> reasons(NatsBus bus, String token) throws IOException, JetStreamApiException {
        return of(bus, token).stream()
                .map(letter -> letter.getHeaders().getFirst("Opsbus-Reason"))
                .toList();
    }
}
