package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.api.StorageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import routes.hooks.delivery.DeadLetters.Outcome;
import routes.nats.DeadLetterStream;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.Streams;
import routes.nats.StreamsProperties;
import routes.nats.history.HistoryProperties;
import routes.nats.history.HistoryRead;
import routes.nats.history.HistoryReads;

/** Replay and its streams alone: nobody reads the deliveries, so that a test sees what is stored. */
class DeadLettersTest {

    private static final int ROOM = 2;
    private static final String HOOK = "default/a";

    @TempDir
    Path home;

    private NatsServer server;
    private NatsBus bus;
    private HistoryReads reads;
    private DeliveryStore store;
    private boolean runs = true;
    private boolean mayExist;
    private DeadLetters letters;

    @BeforeEach
    void start() throws Exception {
        server = new NatsServer(home);
        bus = server.bus();
        Duration day = Duration.ofDays(1);
        new Streams(
                        bus,
                        new StreamsProperties(
                                StorageType.File, 1, day, Duration.ofMinutes(70), day, ROOM, 1_000, 1_000, day, 1_000))
                .ensure();
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        store = new DeliveryStore(
                bus, new DeadLetterStream(bus, metrics), new DeadLetterLog(metrics, new AttemptLog(bus, metrics)));
        reads = new HistoryReads(bus, new HistoryProperties(2, 16, 8, 200_000, DataSize.ofMegabytes(256), 1_000));
        reads.start();
        letters = new DeadLetters(bus, reads, store, new OneHook());
    }

    @AfterEach
    void stop() throws Exception {
        reads.close();
        bus.close();
        server.close();
    }

    private final class OneHook implements Targets {

        @Override
        public Collection<Target> all() {
            return List.of();
        }

        @Override
        public Optional<Target> find(String hook) {
            return Optional.empty();
        }

        @Override
        public boolean runs(String hook) {
            return runs && hook.equals(HOOK);
        }

        @Override
        public boolean mayExist(String hook) {
            return mayExist && hook.equals(HOOK);
        }

        @Override
        public boolean wasRemoved(String hook) {
            return false;
        }
    }

    private void bury(int count) {
        for (int i = 1; i <= count; i++) {
            store.deadLetter(
                            new Delivery(
                                    HOOK,
                                    "event-" + i,
                                    null,
                                    "ops.x",
                                    7,
                                    Instant.EPOCH,
                                    null,
                                    null,
                                    "m".getBytes(StandardCharsets.UTF_8)),
                            new Failed("http-404", 404, "HTTP 404"),
                            "test:" + i)
                    .join();
        }
    }

    private long total() throws IOException {
        return letters.list(DeadLetterChoice.ALL, Long.MAX_VALUE, 0, 10, HistoryRead.free())
                .total();
    }

    private Delivery delivered(long sequence) throws Exception {
        var message = bus.management().getMessage(Streams.DELIVERIES, sequence);
        return Delivery.read(message.getHeaders()::getFirst, message.getData());
    }

    @Test
    void aDeadLetterLeavesOnlyWhenItsDeliveryIsStored() throws Exception {
        bury(5);
        assertThatThrownBy(() -> letters.replay(DeadLetterChoice.ALL, Long.MAX_VALUE, "test"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "2 dead letters were replayed, the rest stay: NATS does not store the deliveries: ")
                .hasMessageContaining("maximum messages");
        assertThat(total()).isEqualTo(3);
        bus.management().purgeStream(Streams.DELIVERIES);
        assertThatThrownBy(() -> letters.replay(DeadLetterChoice.ALL, Long.MAX_VALUE, "test"))
                .isInstanceOf(IOException.class);
        bus.management().purgeStream(Streams.DELIVERIES);
        Outcome last = letters.replay(DeadLetterChoice.ALL, Long.MAX_VALUE, "test");
        assertThat(last).isEqualTo(new Outcome(1, List.of(), 0, 0));
        assertThat(total()).isZero();
    }

    @Test
    void aReplayedDeliveryIsAFirstAttemptOfAnEventStoredJustNow() throws Exception {
        bury(1);
        Instant before = Instant.now().minusMillis(1);
        letters.replay(DeadLetterChoice.ofHook(HOOK), Long.MAX_VALUE, "test");
        Delivery delivery = delivered(1);
        assertThat(delivery.attempt()).isEqualTo(1);
        assertThat(delivery.id()).isEqualTo("event-1/default/a");
        assertThat(delivery.stored()).isBetween(before, Instant.now());
        assertThat(delivery.body()).isEqualTo("m".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aReplayThatWasCutBetweenStoringAndDeletingStoresNothingTwice() throws Exception {
        bury(1);
        var letter = bus.management().getMessage(Streams.DEADLETTERS, 1);
        store.deliverAgain(
                        Delivery.read(letter.getHeaders()::getFirst, letter.getData())
                                .again(Instant.now()),
                        Streams.DEADLETTERS + ":1@"
                                + letter.getTime().toInstant().toEpochMilli())
                .join(); // as far as it came
        assertThat(letters.replay(DeadLetterChoice.ALL, Long.MAX_VALUE, "test").count())
                .isEqualTo(1);
        assertThat(bus.management()
                        .getStreamInfo(Streams.DELIVERIES)
                        .getStreamState()
                        .getMsgCount())
                .isEqualTo(1);
        assertThat(total()).isZero();
    }

    @Test
    void twoWhoMoveTheSameAtOnceShareTheCount() throws Exception {
        bury(300);
        DeadLetterChoice all = new DeadLetterChoice(null, null, "http-404", null);
        Callable<Long> discard =
                () -> letters.discard(all, Long.MAX_VALUE, "test").count();
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            long sum = 0;
            for (Future<Long> count : two.invokeAll(List.of(discard, discard))) {
                sum += count.get();
            }
            assertThat(sum).isEqualTo(300);
        } finally {
            two.shutdown();
        }
    }

    @Test
    void whileNatsIsAwayNothingIsSaidToBeDone() throws Exception {
        bury(1);
        server.stop();
        assertThatThrownBy(() -> letters.replay(DeadLetterChoice.ALL, Long.MAX_VALUE, "test"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("0 dead letters were replayed");
        assertThatThrownBy(() -> letters.discard(DeadLetterChoice.ALL, Long.MAX_VALUE, "test"))
                .isInstanceOf(IOException.class);
        server.start();
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(total()).isEqualTo(1)); // a request sent while the connection comes back may be lost
    }

    @Test
    void aHookThatCannotBeReadKeepsItsDeadLettersAndTheAnswerSaysSo() throws Exception {
        bury(1);
        runs = false;
        mayExist = true;
        assertThat(letters.replay(DeadLetterChoice.ALL, Long.MAX_VALUE, "test").skipped())
                .extracting(DeadLetters.Skipped::why)
                .containsExactly(
                        "the hook default/a does not run, since hooks can't be read; the log says which and why");
        assertThat(total()).isEqualTo(1);
    }
}
