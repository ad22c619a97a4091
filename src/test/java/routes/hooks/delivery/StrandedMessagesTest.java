package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.ConsumerContext;
import io.nats.client.Message;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.StreamMessages.Found;

/** In a stream that keeps what was acked, as a work queue does after a crash. */
class StrandedMessagesTest {

    @TempDir
    Path store;

    @Test
    void whatWasAckedALookAgoAndIsStillThereIsStranded() throws Exception {
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = server.bus()) {
            bus.management()
                    .addStream(StreamConfiguration.builder()
                            .name("queue")
                            .subjects("queue.>")
                            .build());
            ConsumerContext fast = consumer(bus, "fast");
            consumer(bus, "slow");
            for (String subject :
                    new String[] {"queue.fast.a", "queue.slow.a", "queue.fast.b", "queue.fast.c", "queue.slow.b"}) {
                bus.publish(subject, new Headers(), new byte[0]).join();
            }
            StrandedMessages stranded = new StrandedMessages(bus, "queue", Duration.ofHours(1), position -> false);
            assertThat(stranded.look()).isEmpty();
            fast.next().ack();
            fast.next().ack();
            await().until(() -> fast.getConsumerInfo().getAckFloor().getStreamSequence() == 3);

            assertThat(stranded.look())
                    .as("acked just now, perhaps on its way out")
                    .isEmpty();
            assertThat(stranded.look()).extracting(Found::subject).containsExactly("queue.fast.a", "queue.fast.b");
        }
    }

    /** nats-server 2.9 does not move the floor when the message above it disappears. */
    @Test
    void aConsumerThatWaitsForNoAckHasSettledAllThatItHandedOut() throws Exception {
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = server.bus()) {
            ConsumerContext consumer = handedOut(bus, 2);
            bus.management().deleteMessage("queue", 1);
            await().until(() -> consumer.getConsumerInfo().getNumAckPending() == 0);
            StrandedMessages stranded = new StrandedMessages(bus, "queue", Duration.ofHours(1), position -> false);

            assertThat(stranded.look()).isEmpty();
            assertThat(stranded.look()).extracting(Found::sequence).containsExactly(2L);
        }
    }

    @Test
    void aConsumerThatWaitsForAcksOfWhatIsGoneHasSettledWhatItHandedOutLongAgo() throws Exception {
        try (NatsServer server = new NatsServer(store);
                NatsBus bus = server.bus()) {
            handedOut(bus, 4);
            bus.management().deleteMessage("queue", 1);
            bus.management().deleteMessage("queue", 3);
            StrandedMessages stranded = new StrandedMessages(bus, "queue", Duration.ofMillis(100), "queue:4"::equals);

            assertThat(stranded.look()).isEmpty();
            List<Found> found = await().until(stranded::look, messages -> !messages.isEmpty());
            assertThat(found).extracting(Found::sequence).containsExactly(2L);
        }
    }

    /** The second message is acked, and stays in the stream. */
    private static ConsumerContext handedOut(NatsBus bus, int messages) throws Exception {
        bus.management()
                .addStream(StreamConfiguration.builder()
                        .name("queue")
                        .subjects("queue.>")
                        .build());
        ConsumerContext consumer = consumer(bus, "some");
        for (int i = 1; i <= messages; i++) {
            bus.publish("queue.some.a", new Headers(), new byte[0]).join();
            Message message = consumer.next();
            if (i == 2) {
                message.ack();
            }
        }
        await().until(() -> consumer.getConsumerInfo().getNumAckPending() == messages - 1);
        return consumer;
    }

    private static ConsumerContext consumer(NatsBus bus, String name) throws Exception {
        bus.management()
                .addOrUpdateConsumer(
                        "queue",
                        ConsumerConfiguration.builder()
                                .durable(name)
                                .filterSubject("queue." + name + ".>")
                                .ackPolicy(AckPolicy.Explicit)
                                .ackWait(Duration.ofSeconds(1))
                                .build());
        return bus.connection().getStreamContext("queue").getConsumerContext(name);
    }
}
