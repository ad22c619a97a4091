package routes.nats.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Dispatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import routes.nats.Streams;

/**
 * All that {@link EventHistoryTest} says holds for stream {@code ops}, whose history knows where what is, or part of
 * it.
 */
class EventHistoryByIndexTest extends EventHistoryTest {

    private static final int MANY = 180_000;

    private HistoryReads reads;
    private EventFollower follower;

    @Override
    EventHistory history() {
        HistoryProperties properties = new HistoryProperties(2, 16, 8, 10_000_000, DataSize.ofGigabytes(1), 20_000);
        reads = new HistoryReads(bus, properties);
        reads.start();
        await().until(() -> reads.bus().isConnected());
        follower = new EventFollower(reads, properties);
        follower.start();
        return new EventHistory(reads.bus(), follower);
    }

    /**
     * And waits until the index, which is brought up to date a little later, has them: before, how many match is not
     * known.
     */
    @Override
    void publish(int count) {
        super.publish(count);
        await().atMost(Duration.ofMinutes(3))
                .until(() -> follower.knownThrough()
                        == bus.management()
                                .getStreamInfo(Streams.OPS)
                                .getStreamState()
                                .getLastSequence());
    }

    @AfterEach
    void end() throws Exception {
        follower.close();
        reads.close();
    }

    /** While the server counts what a filter matches it keeps all publishers of the stream waiting. */
    @Test
    void theServerIsNeverAskedToFilterEvents() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        Dispatcher dispatcher = bus.connection()
                .createDispatcher(message ->
                        requests.add(message.getSubject() + new String(message.getData(), StandardCharsets.UTF_8)));
        dispatcher.subscribe("$JS.API.CONSUMER.>");
        super.publish(3_000); // not all known yet, in the first round
        List<String> patterns = List.of(
                "ops.>",
                ">",
                "ops.clusters.>",
                "ops.*.c.nodes.*.events",
                "ops.clusters.c.nodes.n1.events",
                "ops.nothing.*");
        for (int round = 0; round < 2; round++) {
            for (String pattern : patterns) {
                history.newestFirst(Query.of(pattern).limit(50));
                history.newestFirst(Query.of(pattern)
                        .where(event -> event.sequence() == 5)
                        .between(history.at(2).orElseThrow().stored(), null));
            }
            history.subjects("", HistoryRead.free());
            await().atMost(Duration.ofMinutes(3)).until(() -> follower.knownThrough() == 3_000);
        }
        assertThat(requests).isNotEmpty().noneMatch(request -> request.contains("filter_subject"));
    }

    /** Each event a second time would be a tenth of the bus' work. */
    @Test
    void whatTheRouterHasMetIsNotReadAgain() throws Exception {
        publish(1); // the others have its id and those behind it
        List<String> requests = new CopyOnWriteArrayList<>();
        AtomicLong looks = new AtomicLong();
        Dispatcher dispatcher = bus.connection().createDispatcher(message -> requests.add(message.getSubject()));
        dispatcher.subscribe("$JS.API.CONSUMER.>");
        dispatcher.subscribe("$JS.API.STREAM.INFO." + Streams.OPS, message -> looks.incrementAndGet());
        bus.connection().flush(Duration.ofSeconds(10));
        for (int i = 1; i < 500; i++) {
            follower.routed(
                    1 + i,
                    Instant.now(),
                    "ops.clusters.c.namespaces.x.pods.p" + i % 50 + ".events",
                    "id/" + i,
                    "id/" + i);
        }
        super.publish(500);
        long before = looks.get();
        await().until(() -> looks.get() > before + 2);
        assertThat(follower.knownThrough()).isEqualTo(500);
        assertThat(requests).isEmpty();
        follower.routed(502, Instant.now(), "ops.clusters.c.namespaces.x.pods.p1.events", "id/501", "id/501");
        super.publish(502);
        await().until(() -> follower.knownThrough() == 502); // 501 came to another replica
        assertThat(requests).isNotEmpty();
    }

    /**
     * A window is read to its end, with a rest after each step: a wide one would take minutes, whatever time the query
     * has.
     */
    @Test
    void whileTheBusIsBusyWindowsAreNarrow() throws Exception {
        publish(3_000);
        List<Long> starts = new CopyOnWriteArrayList<>();
        Dispatcher dispatcher = bus.connection().createDispatcher(message -> {
            Matcher start = Pattern.compile("\"opt_start_seq\":(\\d+)")
                    .matcher(new String(message.getData(), StandardCharsets.UTF_8));
            if (start.find()) {
                starts.add(Long.parseLong(start.group(1)));
            }
        });
        dispatcher.subscribe("$JS.API.CONSUMER.>");
        bus.connection().flush(Duration.ofSeconds(10));
        AtomicLong received = new AtomicLong();
        HistoryPace busy =
                new HistoryPace(Duration.ofSeconds(1), () -> received.addAndGet(1_000_000), System::nanoTime);
        await().until(busy::isBusy);
        HistoryPage page = history.newestFirst(Query.of("ops.clusters.>")
                .within(Duration.ofMinutes(1))
                .where(event -> false)
                .by(new HistoryRead(busy, Long.MAX_VALUE, Long.MAX_VALUE)));
        assertThat(page.next()).isZero();
        List<Long> windows =
                starts.stream().filter(start -> start <= 3_000 - 255).toList();
        assertThat(windows).hasSizeGreaterThanOrEqualTo(3_000 / 256).endsWith(1L);
        for (int i = 1; i < windows.size(); i++) {
            assertThat(windows.get(i - 1) - windows.get(i)).isBetween(1L, 256L);
        }
    }

    @Test
    void whatIsKnownAndWhatIsNotTogetherHoldEveryEventOnce() throws Exception {
        publish(MANY); // more than the index keeps, and many windows more
        assertThat(follower.knownFrom()).isGreaterThan(1);
        Random random = new Random(1);
        for (int i = 0; i < 2; i++) {
            int nodes = MANY / 100;
            assertThat(readAll(Query.of("ops.clusters.c.nodes.*.events").limit(200 + random.nextInt(300))))
                    .hasSize(nodes)
                    .doesNotHaveDuplicates()
                    .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                    .allMatch(sequence -> sequence % 100 == 1);
        }
        assertThat(history.newestFirst(Query.of("ops.clusters.>")
                                .within(Duration.ofMinutes(1))
                                .where(event -> event.sequence() == 1))
                        .events())
                .hasSize(1);
        HistoryPage page = history.newestFirst(Query.of("ops.clusters.c.nodes.n3.events")
                .after(follower.knownFrom())
                .limit(1));
        assertThat(page.exact()).isTrue();
        assertThat(page.matching()).isBetween(20L, 80L);
        assertThat(history.newestFirst(
                                Query.of("ops.clusters.c.nodes.n3.events").limit(1))
                        .exact())
                .isFalse();
    }
}
