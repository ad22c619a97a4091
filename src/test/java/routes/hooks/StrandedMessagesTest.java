package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.ConsumerContext;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** In a stream that keeps what was acked, as a work queue does after a crash. */
class StrandedMessagesTest {

    @TempDir
    Path store;

    @Test
    void whatWasAckedALookAgoAndIsStillThereIsStranded() throws Exception {
        try (NatsServer server = new NatsServer(store); NatsBus bus = server.bus()) {
            bus.management().addStream(StreamConfiguration.builder().name("queue").subjects("queue.>").build());
            ConsumerContext fast = consumer(bus, "fast");
            consumer(bus, "slow");
            for (String subject : new String[] {"queue.fast.a", "queue.slow.a", "queue.fast.b", "queue.fast.c", "queue.slow.b"}) {
                bus.publish(subject, new Headers(), new byte[0]).join();
            }
            StrandedMessages stranded = new StrandedMessages(bus, "queue");
            assertThat(stranded.look()).isEmpty();
            fast.next().ack();
            fast.next().ack();
            await().until(() -> fast.getConsumerInfo().getAckFloor().getStreamSequence() == 3);

            assertThat(stranded.look()).as("acked just now, perhaps on its way out").isEmpty();
            assertThat(stranded.look()).extracting(MessageInfo::getSubject).containsExactly("queue.fast.a", "queue.fast.b");
        }
    }

    private static ConsumerContext consumer(NatsBus bus, String name) throws Exception {
        bus.management().addOrUpdateConsumer("queue", ConsumerConfiguration.builder().durable(name).filterSubject("queue." + name + ".>").ackPolicy(AckPolicy.Explicit).build());
        return bus.connection().getStreamContext("queue").getConsumerContext(name);
    }
}
