package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.impl.Headers;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.history.EventHistory;

/** What a real server says of messages that are not there: deleted, behind the stream's beginning, never stored. */
class MessageGoneTest {

    @TempDir
    Path store;

    @Test
    void everyWayInWhichAMessageCanBeGoneIsOne() throws Exception {
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = server.bus()) {
            new Streams(bus, JetStreamEndsTest.shape()).ensure();
            for (int i = 0; i < 10; i++) {
                bus.publish("ops.x", new Headers(), new byte[0]).join();
            }
            JetStreamManagement jetStream = bus.management();
            jetStream.purgeStream("ops", PurgeOptions.builder().sequence(4).build());
            jetStream.deleteMessage("ops", 7);
            EventHistory history = new EventHistory(bus, "ops");
            for (long sequence : new long[] {1, 3, 7, 11, 1_000}) {
                gone(() -> jetStream.getMessage("ops", sequence), true);
                gone(() -> jetStream.deleteMessage("ops", sequence, false), true);
                assertThat(history.at(sequence)).isEmpty();
            }
            gone(() -> jetStream.getNextMessage("ops", 11, ">"), true);
            gone(() -> jetStream.getNextMessage("ops", 1, "ops.other"), true);
            gone(() -> jetStream.getStreamInfo("nobody"), false);
            gone(() -> jetStream.getConsumerInfo("ops", "nobody"), false);
        }
    }

    private static void gone(ThrowingCallable call, boolean gone) {
        JetStreamApiException refused = catchThrowableOfType(JetStreamApiException.class, call);
        assertThat(refused).isNotNull();
        assertThat(MessageGone.is(refused))
                .as("%d, %s", refused.getApiErrorCode(), refused.getErrorDescription())
                .isEqualTo(gone);
    }
}
