package routes.nats;

import io.nats.client.Message;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While messages come one after the other, acks go out together: one at a time they cost both sides as much as the
 * messages. For any thread.
 */
final class HeldAcks {

    private static final Logger LOG = LoggerFactory.getLogger(HeldAcks.class);
    private static final int AT_ONCE = 64;

    private final List<Message> acks = new ArrayList<>(AT_ONCE);
    private boolean held = true;

    /** From now on until the next call. What was held goes out now. */
    synchronized void hold(boolean hold) {
        held = hold;
        send();
    }

    synchronized void ack(Message message) {
        acks.add(message);
        if (!held || acks.size() == AT_ONCE) {
            send();
        }
    }

    private void send() {
        for (Message message : acks) {
            try {
                message.ack();
            } catch (IllegalStateException e) { // that of one; the next may find room in the client's queue
                LOG.debug(
                        "could not acknowledge a message of {}, the server will deliver again: {}",
                        message.getSubject(),
                        e.getMessage());
            }
        }
        acks.clear();
    }
}
