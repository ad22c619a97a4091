package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {

    @TempDir
    Path store;

    private NatsServer server;
    private NatsBus bus;

    @BeforeEach
    void start() throws Exception {
        server = new NatsServer(store);
        bus = server.bus();
    }

    @AfterEach
    void stop() throws Exception {
        bus.close();
        server.close();
    }

    private void ensure() throws Exception {
        new Streams(bus, JetStreamEndsTest.shape()).ensure();
    }

    private StreamConfiguration configuration(String stream) throws Exception {
        return bus.management().getStreamInfo(stream).getConfiguration();
    }

    @Test
    void allStreamsAreCreatedInTheirShape() throws Exception {
        ensure();
        assertThat(bus.management().getStreamNames())
                .containsExactlyInAnyOrder(
                        "ops",
                        "opsbus-deliveries",
                        "opsbus-retries",
                        "opsbus-parked",
                        "opsbus-deadletters",
                        "opsbus-attempts");
        assertThat(configuration("ops").getMaxAge()).isEqualTo(Duration.ofHours(24));
        assertThat(configuration("ops").getDuplicateWindow()).isEqualTo(Duration.ofMinutes(70));
        assertThat(configuration("opsbus-deliveries").getRetentionPolicy()).isEqualTo(RetentionPolicy.WorkQueue);
        assertThat(configuration("opsbus-deliveries").getDiscardPolicy()).isEqualTo(DiscardPolicy.New);
        assertThat(configuration("opsbus-deadletters").getMaxAge()).isEqualTo(Duration.ofDays(7));
        assertThat(configuration("opsbus-attempts").getMaxAge()).isEqualTo(Duration.ofHours(24));
        assertThat(configuration("opsbus-attempts").getDiscardPolicy()).isEqualTo(DiscardPolicy.Old);
    }

    @Test
    void theStreamOfTheOriginalsInstructionsIsUpdatedAndKeepsItsEvents() throws Exception {
        bus.management()
                .addStream(StreamConfiguration.builder()
                        .name("ops")
                        .subjects("ops.>")
                        .storageType(StorageType.File)
                        .maxAge(Duration.ofHours(72))
                        .duplicateWindow(Duration.ofMinutes(2))
                        .maxBytes(50_000_000)
                        .build());
        bus.publish("ops.x", new Headers(), new byte[] {1}).join();
        ensure();
        StreamConfiguration ops = configuration("ops");
        assertThat(ops.getDuplicateWindow()).isEqualTo(Duration.ofMinutes(70));
        assertThat(ops.getMaxAge()).isEqualTo(Duration.ofHours(72));
        assertThat(ops.getMaxBytes()).isEqualTo(50_000_000);
        assertThat(bus.management().getStreamInfo("ops").getStreamState().getMsgCount())
                .isEqualTo(1);
    }

    @Test
    void aFullWorkQueueRefusesWhatIsNewAndKeepsWhatIsOld() throws Exception {
        new Streams(bus, JetStreamEndsTest.shape(50)).ensure();
        for (int i = 0; i < 50; i++) {
            bus.publish("opsbus.deliveries.a.b", new Headers(), new byte[100 + i * 7])
                    .join();
        }
        for (int i = 0; i < 500; i++) {
            byte[] any = new byte[i];
            assertThatThrownBy(() -> bus.publish("opsbus.deliveries.a.b", new Headers(), any)
                            .join())
                    .hasMessageContaining("maximum messages exceeded");
        }
        StreamState state = bus.management().getStreamInfo("opsbus-deliveries").getStreamState();
        assertThat(state.getMsgCount()).isEqualTo(50);
        assertThat(state.getFirstSequence()).isEqualTo(1);
    }

    @Test
    void aLimitIsNotLoweredBelowWhatAStreamHolds() throws Exception {
        new Streams(bus, JetStreamEndsTest.shape(50)).ensure();
        for (int i = 0; i < 30; i++) {
            bus.publish("opsbus.deliveries.a.b", new Headers(), new byte[10]).join();
        }
        Streams smaller = new Streams(bus, JetStreamEndsTest.shape(20));
        smaller.ensure();
        assertThat(configuration("opsbus-deliveries").getMaxMsgs()).isEqualTo(50);
        assertThat(bus.management()
                        .getStreamInfo("opsbus-deliveries")
                        .getStreamState()
                        .getMsgCount())
                .isEqualTo(30);
        for (int sequence = 1; sequence <= 20; sequence++) {
            bus.management().deleteMessage("opsbus-deliveries", sequence);
        }
        smaller.ensure();
        assertThat(configuration("opsbus-deliveries").getMaxMsgs()).isEqualTo(20);
    }

    @Test
    void aStreamThatWasLimitedByBytesIsLimitedByMessages() throws Exception {
        bus.management()
                .addStream(StreamConfiguration.builder()
                        .name("opsbus-retries")
                        .subjects("opsbus.retries.>")
                        .storageType(StorageType.File)
                        .retentionPolicy(RetentionPolicy.WorkQueue)
                        .discardPolicy(DiscardPolicy.New)
                        .maxBytes(1 << 20)
                        .build());
        ensure();
        assertThat(configuration("opsbus-retries").getMaxBytes()).isEqualTo(-1);
        assertThat(configuration("opsbus-retries").getMaxMsgs()).isEqualTo(1_000_000);
    }

    @Test
    void aSecondRoundChangesNothing() throws Exception {
        ensure();
        String before =
                configuration("ops").toJson() + configuration("opsbus-retries").toJson();
        ensure();
        assertThat(configuration("ops").toJson()
                        + configuration("opsbus-retries").toJson())
                .isEqualTo(before);
    }

    @Test
    void anotherStreamOnOurSubjectsIsNamedAsTheReason() throws Exception {
        bus.management()
                .addStream(StreamConfiguration.builder()
                        .name("events")
                        .subjects("ops.clusters.>")
                        .storageType(StorageType.File)
                        .build());
        assertThatThrownBy(this::ensure)
                .hasMessageContaining("stream ops")
                .hasMessageContaining("another stream already takes");
    }
}
