package routes.nats.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import routes.nats.JetStreamEndsTest;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.Streams;

class HistoryReadsTest {

    private static final int EVENTS = 20_000;
    private static final int THREADS = 2;
    private static final int QUEUE = 3;
    private static final long MOST = 2_000;

    @TempDir
    static Path store;

    private static NatsServer server;
    private static NatsBus bus;
    private static HistoryReads reads;
    private static EventHistory history;

    @BeforeAll
    static void start() throws Exception {
        server = new NatsServer(store);
        bus = server.bus();
        new Streams(bus, JetStreamEndsTest.shape()).ensure();
        reads = new HistoryReads(bus, new HistoryProperties(THREADS, QUEUE, 8, MOST, DataSize.ofMegabytes(256), 1_000));
        reads.start();
        history = new EventHistory(reads.bus(), Streams.OPS);
        List<CompletableFuture<?>> acks = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            acks.add(bus.publish("ops.a.b", new Headers(), ("body " + i).getBytes(StandardCharsets.UTF_8)));
            if (acks.size() == 500) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        reads.close();
        bus.close();
        server.close();
    }

    @Test
    void itReadsOnAConnectionOfItsOwnWhichIsThereWhenTheFirstOneIs() throws Exception {
        assertThat(reads.bus().connection()).isNotSameAs(bus.connection());
        assertThat(reads.bus().connection().getOptions().getConnectionName()).isEqualTo("opsbus history");
        long before = bus.messagesReceived();
        assertThat(reads.<HistoryPage>read(
                                read -> history.newestFirst(
                                        Query.of("ops.>").limit(1_000).by(read)),
                                () -> false)
                        .events())
                .hasSize(1_000);
        assertThat(bus.messagesReceived() - before)
                .as("messages on the bus's own connection")
                .isLessThan(100);
        try (HistoryReads justStarted =
                new HistoryReads(bus, new HistoryProperties(1, 1, 1, 1, DataSize.ofBytes(1), 1))) {
            justStarted.start();
            assertThat(justStarted.bus().management().getStreamNames()).contains(Streams.OPS);
        }
    }

    @Test
    void aRequestStopsAtItsLimitAndSaysWhere() throws Exception {
        HistoryPage first = reads.read(
                read -> history.newestFirst(
                        Query.of("ops.>").where(event -> false).by(read)),
                () -> false);
        assertThat(first.stopped()).contains("opsbus.history.max-messages");
        assertThat(first.next()).isBetween(EVENTS - MOST - 1_000, EVENTS - MOST + 1);
        HistoryPage second = reads.read(
                read -> history.newestFirst(Query.of("ops.>")
                        .before(first.next())
                        .where(event -> event.sequence() == first.next() - 1)
                        .limit(1)
                        .by(read)),
                () -> false);
        assertThat(second.events()).as("where the first stopped").hasSize(1);
        assertThat(second.stopped()).isNull();
    }

    @Test
    void whoIsGoneIsReadForNoLonger() throws Exception {
        HistoryReads endless =
                new HistoryReads(bus, new HistoryProperties(1, 1, 1, Long.MAX_VALUE, DataSize.ofTerabytes(1), 1));
        endless.start();
        try (endless) {
            EventHistory slow = new EventHistory(endless.bus(), Streams.OPS);
            AtomicBoolean gone = new AtomicBoolean();
            AtomicInteger seen = new AtomicInteger();
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<Void> client = CompletableFuture.runAsync(() -> assertThatThrownBy(() -> endless.read(
                            read -> {
                                try {
                                    return slow.newestFirst(Query.of("ops.>")
                                            .within(Duration.ofMinutes(5))
                                            .by(read)
                                            .where(event -> {
                                                seen.incrementAndGet();
                                                pause();
                                                return false;
                                            }));
                                } finally {
                                    ended.set(true);
                                }
                            },
                            gone::get))
                    .isInstanceOf(CancellationException.class));
            await().until(() -> seen.get() > 10);
            gone.set(true);
            client.join();
            await().atMost(Duration.ofSeconds(1)).untilTrue(ended);
            assertThat(seen.get()).isLessThan(EVENTS);
            await().until(() -> bus.management().getConsumerNames(Streams.OPS).isEmpty());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoFindsTheQueueFullIsTurnedAwayAndTheOthersAreServed() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger under = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < THREADS + QUEUE; i++) {
            all.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return reads.read(
                                    read -> {
                                        most.accumulateAndGet(under.incrementAndGet(), Math::max);
                                        end.await();
                                        return under.getAndDecrement();
                                    },
                                    () -> false);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task).start()));
        }
        await().until(() -> under.get() == THREADS && reads.waiting() == QUEUE);
        assertThatThrownBy(() -> reads.read(read -> 0, () -> true)).isInstanceOf(RejectedExecutionException.class);
        end.countDown();
        all.forEach(CompletableFuture::join);
        assertThat(most).hasValue(THREADS);
    }

    @Test
    void whatTheReadingThrowsIsThrown() {
        assertThatThrownBy(() -> reads.read(
                        read -> {
                            throw new IOException("x");
                        },
                        () -> false))
                .isInstanceOf(IOException.class)
                .hasMessage("x");
    }

    @Test
    void aBusyBusGetsTheTimeAndAQuietOneGivesIt() {
        AtomicLong received = new AtomicLong();
        AtomicLong now = new AtomicLong();
        HistoryPace pace = new HistoryPace(Duration.ofMillis(40), received::get, now::get);
        long second = Duration.ofSeconds(1).toNanos();
        now.addAndGet(second);
        received.addAndGet(100);
        assertThat(pace.restAfter(10 * second)).as("100 messages a second").isZero();
        now.addAndGet(second);
        received.addAndGet(1_000);
        assertThat(pace.restAfter(second / 10)).as("what was saved up").isZero();
        assertThat(pace.restAfter(second))
                .as("a second of work at 40 ms a second")
                .isBetween(5 * second, 25 * second);
        now.addAndGet(second);
        assertThat(pace.restAfter(second)).as("quiet again").isZero();
    }
}
