package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.event.OpsEvent;
import routes.kubernetes.KubernetesProperties.FirstStart;
import routes.nats.KeyValueState;
import routes.nats.StateServer;

/** What is history and what is news, over crashes, replicas and upgrades, by what a real NATS remembers. */
class FirstWatchTest {

    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");
    private static final AtomicInteger CLUSTERS = new AtomicInteger();

    @TempDir
    static Path store;

    private static StateServer server;
    private static KeyValueState state;

    private final String cluster = "prod-" + CLUSTERS.incrementAndGet();
    private final LastSeen lastSeen = new LastSeenInNats(state, cluster);

    @BeforeAll
    static void start() throws Exception {
        server = new StateServer(store);
        state = server.state();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void whatIsOlderThanTwoMinutesAtTheFirstWatchIsHistory() throws Exception {
        KubernetesEventMapping mapping = mapping(FirstStart.BACKFILL, BEGIN);

        assertThat(mapped(mapping, "-PT1H").isBackfill()).isTrue();
        assertThat(mapped(mapping, "-PT121S").isBackfill()).isTrue();
        assertThat(mapped(mapping, "-PT120S").isBackfill()).isFalse();
        assertThat(mapped(mapping, "PT0S").isBackfill()).isFalse();
        assertThat(mapped(mapping, "PT10M").isBackfill()).isFalse();
    }

    /**
     * A crash in the middle of the first list: neither is the rest of it news, nor is history what happened until the
     * next start, or a replica's.
     */
    @Test
    void aRestartBeforeAllWasPublishedAndAReplicaDecideTheSame() throws Exception {
        assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN), "-PT10M").isBackfill())
                .isTrue();
        KubernetesEventMapping restarted = mapping(FirstStart.BACKFILL, BEGIN.plus(Duration.ofMinutes(30)));

        assertThat(mapped(restarted, "-PT10M").isBackfill()).isTrue();
        assertThat(mapped(restarted, "PT1M").isBackfill()).isFalse();
    }

    @Test
    void afterAnyLaterOutageAllIsCaughtUp() throws Exception {
        assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN), "PT0S").isBackfill())
                .isFalse();
        lastSeen.write(BEGIN.plusSeconds(10));

        assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN.plus(Duration.ofDays(1))), "PT23H")
                        .isBackfill())
                .isFalse();
    }

    /** An opsbus that wrote down only when the cluster was last seen was replaced by this one. */
    @Test
    void aClusterThatWasSeenAlreadyHasNoHistory() throws Exception {
        lastSeen.write(BEGIN.minus(Duration.ofMinutes(30)));

        assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN), "-PT20M").isBackfill())
                .isFalse();
        assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN), "-PT40M").isBackfill())
                .isFalse();
    }

    @Test
    void allIsNewsWhereTheOperatorWantsIt() throws Exception {
        assertThat(mapped(mapping(FirstStart.ALL, BEGIN), "-PT50M").isBackfill())
                .isFalse();
    }

    /** Whatever it says of its own time: or it would be history for ever. */
    @Test
    void oneThatIsWrittenLaterIsNewsHoweverItIsDated() throws Exception {
        KubernetesEventMapping mapping = mapping(FirstStart.BACKFILL, BEGIN);
        Event dated = event("-P365D");
        dated.getMetadata().setCreationTimestamp(BEGIN.plusSeconds(60).toString());

        assertThat(mapped(mapping, event("-P365D")).isBackfill()).isTrue();
        Event early = event("-P365D");
        early.getMetadata().setCreationTimestamp(BEGIN.minusSeconds(1).toString());
        assertThat(mapped(mapping, early).isBackfill()).isTrue();
        assertThat(mapped(mapping, dated).isBackfill()).isFalse();
    }

    @Test
    void whatSomebodyElseWroteStopsNothingAndIsWrittenAnew() throws Exception {
        for (String planted :
                new String[] {"", "yesterday", "2026-01-02", "-1000000000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "\0"
                }) {
            state.put("kubernetes." + cluster + ".last-seen", planted);
            GapDetector gaps = new GapDetector(lastSeen, Duration.ofHours(1), clock(new Instant[] {BEGIN}));
            assertThat(gaps.gap()).as(planted).isEmpty();
            gaps.seen(BEGIN);
            assertThat(lastSeen.read()).as(planted).contains(BEGIN);
        }
    }

    @Test
    void aFirstWatchThatSomebodyElseWroteMakesNoOldEventNewsAndNoneWaitForEver() throws Exception {
        for (String planted : new String[] {
            "",
            "yesterday",
            "-1000000000-01-01T00:00:00Z",
            "\0",
            "2999-01-01T00:00:00Z",
            BEGIN.plus(Duration.ofHours(2)).toString(),
            Instant.MAX.toString()
        }) {
            state.delete("kubernetes." + cluster + ".last-seen");
            state.put("kubernetes." + cluster + ".first-watch", planted);
            assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN), "-PT1H").isBackfill())
                    .as(planted)
                    .isTrue();
            assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN.plusSeconds(600)), "PT0S")
                            .isBackfill())
                    .as("written anew: " + planted)
                    .isFalse();

            lastSeen.write(BEGIN);
            state.put("kubernetes." + cluster + ".first-watch", planted);
            assertThat(mapped(mapping(FirstStart.BACKFILL, BEGIN.plusSeconds(600)), "-PT1H")
                            .isBackfill())
                    .as("a cluster that was seen: " + planted)
                    .isFalse();
        }
    }

    @Test
    void nothingIsDecidedWhileNatsIsAwayAndThenByWhenItWasAsked() throws Exception {
        boolean[] away = {true};
        Instant[] now = {BEGIN};
        LastSeen unreliable = new LastSeenInNats(state, cluster) {
            @Override
            public java.util.Optional<Instant> firstWatch(Instant begin) {
                if (away[0]) {
                    throw new IllegalStateException("NATS is away");
                }
                return super.firstWatch(begin);
            }
        };
        FirstWatch first = new FirstWatch(unreliable, FirstStart.BACKFILL, clock(now));
        assertThatThrownBy(() -> first.isHistory(BEGIN.atOffset(ZoneOffset.UTC), null))
                .hasMessage("NATS is away");
        away[0] = false;
        now[0] = BEGIN.plus(Duration.ofMinutes(30));

        assertThat(first.isHistory(BEGIN.atOffset(ZoneOffset.UTC), null)).isFalse();
        assertThat(first.isHistory(BEGIN.minusSeconds(121).atOffset(ZoneOffset.UTC), null))
                .isTrue();
    }

    private KubernetesEventMapping mapping(FirstStart mode, Instant now) {
        return new KubernetesEventMapping(cluster, new FirstWatch(lastSeen, mode, clock(new Instant[] {now})));
    }

    private static Clock clock(Instant[] now) {
        return new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }

    private static Event event(String sinceBegin) {
        String time = (sinceBegin.contains("D")
                        ? BEGIN.minus(Duration.ofDays(365))
                        : BEGIN.plus(Duration.parse(sinceBegin)))
                .toString();
        return new EventBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("shop")
                .withUid(UUID.randomUUID().toString())
                .withResourceVersion("1")
                .withCreationTimestamp(time)
                .endMetadata()
                .withNewEventTime(time)
                .withReason("BackOff")
                .build();
    }

    private static OpsEvent mapped(KubernetesEventMapping mapping, String sinceBegin) throws Exception {
        return mapped(mapping, event(sinceBegin));
    }

    /** As it is on the wire. */
    private static OpsEvent mapped(KubernetesEventMapping mapping, Event event) throws Exception {
        DefaultExchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(event);
        mapping.process(exchange);
        return OpsEvent.parse(
                exchange.getMessage().getHeader("CamelNatsSubject", String.class),
                exchange.getMessage().getBody(byte[].class),
                "none");
    }
}
