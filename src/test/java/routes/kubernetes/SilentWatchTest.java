package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counts as a sign of life, on a real informer and by a clock that is set. */
class SilentWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TOO_LONG = SilentWatch.LIMIT.plusSeconds(1);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private EventsApiServer server;
    private KubernetesClient client;
    private SilentWatch silence;
    private SharedIndexInformer<Event> informer;

    @BeforeEach
    void watch() throws Exception {
        server = new EventsApiServer();
        client = server.client();
        silence = new SilentWatch(client, clock);
        list();
        await().atMost(PATIENCE).until(() -> server.watches() == 1);
    }

    @AfterEach
    void stopAll() {
        informer.stop();
        client.close();
        server.close();
    }

    @Test
    void aWatchWithoutAnyIsDead() {
        assertThat(isDead(SilentWatch.LIMIT)).isFalse();
        assertThat(isDead(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void anEventIsOne() {
        assertThat(isDead(SilentWatch.LIMIT)).isFalse();
        String before = informer.lastSyncResourceVersion();
        server.create("web");
        await().atMost(PATIENCE).until(() -> !before.equals(informer.lastSyncResourceVersion()));

        assertThat(isDead(SilentWatch.LIMIT)).isFalse();
        assertThat(isDead(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void aBookmarkIsOne() {
        assertThat(isDead(SilentWatch.LIMIT)).isFalse();
        String before = informer.lastSyncResourceVersion();
        server.bookmark();
        await().atMost(PATIENCE).until(() -> !before.equals(informer.lastSyncResourceVersion()));

        assertThat(isDead(SilentWatch.LIMIT)).isFalse();
    }

    /** All that an API server without bookmarks says when nothing happens. */
    @Test
    void theEndOfTheWatchIsOne() {
        for (int watch = 0; watch < 3; watch++) {
            assertThat(isDead(SilentWatch.LIMIT)).isFalse();
            server.create("so that the end is not taken for 410");
            long before = WatchRequests.of(client).sent("events.k8s.io/v1/events");
            server.closeWatches();
            await().atMost(PATIENCE)
                    .until(() -> WatchRequests.of(client).sent("events.k8s.io/v1/events") > before
                            && server.watches() == 1
                            && informer.isWatching());
        }
        assertThat(isDead(SilentWatch.LIMIT)).isFalse();
        assertThat(server.lists()).isEqualTo(1);
    }

    /**
     * One that neither sends bookmarks nor ends watches in time, and on which nothing happens, is listed about as often
     * as fabric8 does by itself.
     */
    @Test
    void aServerThatGivesNoneIsListedLessAndLessOften() {
        List<Duration> lists = new ArrayList<>();
        Duration sinceLast = Duration.ZERO;
        for (Duration passed = Duration.ZERO;
                passed.compareTo(Duration.ofHours(1)) < 0;
                passed = passed.plusSeconds(5)) {
            sinceLast = sinceLast.plusSeconds(5);
            if (isDead(Duration.ofSeconds(5))) {
                lists.add(sinceLast);
                sinceLast = Duration.ZERO;
                informer.stop();
                list();
                assertThat(isDead(Duration.ZERO)).isFalse();
            }
        }
        assertThat(lists).hasSizeLessThan(10).isSorted();
        assertThat(lists.get(0)).isBetween(SilentWatch.LIMIT, Duration.ofSeconds(90));
        assertThat(lists.get(lists.size() - 1)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
    }

    @Test
    void aListThatFindsSomethingNewKeepsItAlert() {
        for (int round = 0; round < 4; round++) {
            assertThat(isDead(Duration.ZERO)).isFalse();
            assertThat(isDead(TOO_LONG)).isTrue();
            informer.stop();
            list();
            silence.somethingNew();
        }
    }

    private void list() {
        informer =
                client.events().v1().events().inAnyNamespace().withLimit(500L).runnableInformer(0);
        informer.start();
        await().atMost(PATIENCE).until(informer::isWatching);
    }

    /** As the one that asks all the time sees it: just before and after. */
    private boolean isDead(Duration passed) {
        boolean before = silence.isDead(informer);
        clock.set(clock.instant().plus(passed));
        return before | silence.isDead(informer);
    }
}
