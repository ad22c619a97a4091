package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import routes.event.OpsEvent;
import routes.kubernetes.KubernetesProperties.FirstStart;

/** The real route up to the door of NATS, against an API server that fails in every way we know of. */
@ExtendWith(OutputCaptureExtension.class)
class KubernetesEventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Stored stored = new Stored();
    private final MemoryLastSeen lastSeen = new MemoryLastSeen();
    private final PassingTime time = new PassingTime();
    private final WatchStatus status = new WatchStatus(Clock.systemUTC());
    private List<String> namespaces = List.of();
    private EventsApiServer server;
    private KubernetesClient client;
    private CamelContext camel;

    @BeforeEach
    void startServer() throws Exception {
        server = new EventsApiServer();
        client = server.client();
    }

    @AfterEach
    void stopAll() throws Exception {
        if (camel != null) {
            camel.close();
        }
        client.close();
        server.close();
    }

    @Test
    void whatIsThereAndWhatHappensIsPublishedOnce() throws Exception {
        create(1_200); // three pages
        start(5_000);
        awaitWatching();
        create(10);
        String uid = server.create("changing");
        server.update(uid);
        server.delete(uid);
        server.create("last");

        awaitAll(1_213);
        assertThat(stored.has("Prod/" + uid + "/")).isEqualTo(2);
        assertThat(stored.ids()).doesNotHaveDuplicates();
        assertThat(server.lists()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(status.published()).isEqualTo(1_213));
        assertThat(status.lastEventAge())
                .hasValueSatisfying(age -> assertThat(age).isLessThan(PATIENCE));
    }

    @Test
    void theMessageForNatsHasItsSubjectAndId() throws Exception {
        String uid = server.create("web.0");
        start(10);

        awaitAll(1);
        Message message = stored.messages().get(0);
        assertThat(message.subject()).isEqualTo("ops.clusters.prod.namespaces.shop.pods.web_0.events");
        assertThat(message.id()).isEqualTo("Prod/" + uid + "/101");
        OpsEvent event = OpsEvent.parse(message.subject(), message.payload(), "none");
        assertThat(event.id()).isEqualTo("Prod/" + uid + "/101");
        assertThat(event.text())
                .startsWith("cluster: prod \nnamespace: shop \npod: web.0 \ntype: Warning \nreason: BackOff \n");
    }

    @Test
    void goneLosesNothing() throws Exception {
        create(5);
        start(5_000);
        awaitWatching();
        server.down();
        create(25);
        server.compact(false);
        server.up();

        awaitAll(30);
        awaitWatching();
        create(5);
        awaitAll(35);
        assertThat(stored.ids()).doesNotHaveDuplicates();
    }

    @Test
    void aCleanCloseInsteadOfGoneLosesNothing() throws Exception {
        create(5);
        start(5_000);
        awaitWatching();
        server.down();
        create(25);
        server.compact(true);
        server.up();

        awaitAll(30);
        awaitWatching();
        create(5);
        awaitAll(35);
        assertThat(stored.ids()).doesNotHaveDuplicates();
    }

    @Test
    void watchesThatAreClosedAtOnceAgainAndAgainLoseNothing() throws Exception {
        start(5_000);
        awaitWatching();
        server.closeNextWatches(5);
        server.closeWatches();
        create(5);
        await().atMost(PATIENCE).until(() -> server.watchesToClose() == 0);
        create(5);

        awaitAll(10);
        assertThat(stored.ids()).doesNotHaveDuplicates();
    }

    @Test
    void aCutConnectionGoesOnWhereItWas() throws Exception {
        create(5);
        start(5_000);
        awaitAll(5);
        awaitWatching();
        create(1);
        awaitAll(6);
        String last = Long.toString(server.version());
        server.down();
        await().atMost(PATIENCE).until(() -> !status.isWatching());
        create(3);
        server.up();

        awaitAll(9);
        assertThat(server.lastWatchVersion()).isEqualTo(last);
        assertThat(server.lists()).isEqualTo(1);
        assertThat(stored.ids()).doesNotHaveDuplicates();
    }

    @Test
    void aQuietWatchGoesOnFromTheBookmarkWhenItsLastEventIsGone() throws Exception {
        create(5);
        start(5_000);
        awaitAll(5);
        awaitWatching();
        server.bookmark();
        server.compact(false);
        String bookmark = Long.toString(server.version());
        server.closeWatches();
        await().atMost(PATIENCE).until(() -> server.watches() == 1);
        create(3);

        awaitAll(8);
        assertThat(server.lastWatchVersion()).isEqualTo(bookmark);
        assertThat(server.lists()).isEqualTo(1);
        assertThat(stored.ids()).doesNotHaveDuplicates();
    }

    @Test
    void whatASilentWatchDidNotTellIsListed(CapturedOutput log) throws Exception {
        server.silent(true);
        start(5_000);
        await().atMost(PATIENCE).until(() -> server.silentWatches() == 1 && status.isWatching());
        assertThat(server.lastWatchTimeout()).isEqualTo("60");
        create(5);
        server.silent(false);
        time.passes(SilentWatch.LIMIT.plusSeconds(1));

        awaitAll(5);
        awaitWatching();
        create(5);
        awaitAll(10);
        assertThat(server.lists()).isEqualTo(2);
        assertThat(SilentWatch.LIMIT).isLessThan(Duration.ofSeconds(90));
        assertThat(log.getOut())
                .contains(
                        "Can't watch the cluster's events: the connection stands, but nothing was heard on it for more than 75 s",
                        "Watching the cluster's events again")
                .doesNotContain("connection was cut");
    }

    @Test
    void whatAWatchThatIsSilentAgainAndAgainDoesNotTellIsListedEachTime() throws Exception {
        server.silent(true);
        start(5_000);
        for (int round = 1; round <= 4; round++) {
            int watch = round;
            await().atMost(PATIENCE).until(() -> server.silentWatches() == watch && status.isWatching());
            create(5);
            time.passes(SilentWatch.LIMIT.plusSeconds(1));
            awaitAll(5 * round);
        }
    }

    @Test
    void withNamespacesOnlyTheirEventsAreWatched(CapturedOutput log) throws Exception {
        server.allowOnly("shop", "team");
        server.createIn("shop", "before");
        start(10);
        await().atMost(PATIENCE)
                .until(() ->
                        log.getOut().contains("Can't watch the cluster's events: the API server does not allow it"));
        assertThat(log.getOut())
                .contains(
                        "; k8s/rbac.yaml has the rules that are needed; or opsbus.kubernetes.namespaces names those whose events it may read");
        camel.close();

        namespaces = List.of("shop", "team");
        start(10);
        awaitWatching();
        server.createIn("shop", "a");
        server.createIn("team", "b");
        server.createIn("other", "c");
        server.createIn("shop", "d");
        awaitAll(4);
        assertThat(stored.messages().stream().map(Message::subject))
                .containsExactlyInAnyOrder(
                        "ops.clusters.prod.namespaces.shop.pods.before.events",
                                "ops.clusters.prod.namespaces.shop.pods.a.events",
                        "ops.clusters.prod.namespaces.team.pods.b.events",
                                "ops.clusters.prod.namespaces.shop.pods.d.events");
    }

    @Test
    void aNamespaceThatIsNotWatchedIsTrouble(CapturedOutput log) throws Exception {
        server.allowOnly("shop");
        namespaces = List.of("shop", "team");
        start(10);
        await().atMost(PATIENCE)
                .until(() -> log.getOut().contains("Watching the events of namespace shop")
                        && log.getOut()
                                .contains(
                                        "Can't watch the events of namespace team: the API server does not allow it"));
        server.createIn("shop", "a");

        awaitAll(1);
        assertThat(status.isWatching()).isFalse();
    }

    @Test
    void anApiServerThatIsAwayAtStartIsWaitedFor() throws Exception {
        server.down();
        create(5);
        start(5_000);
        assertThat(status.isWatching()).isFalse();
        server.up();

        awaitAll(5);
        awaitWatching();
    }

    /** Else a cluster with many events would be in memory as a whole, or be listed again and again. */
    @Test
    void theNextPageIsAskedForWhenTheLastIsUnderWay() throws Exception {
        create(3_000);
        stored.away = true;
        start(5_000);
        await().atMost(PATIENCE).until(() -> stored.attempts > 1_000); // of 256 events, each of them again and again
        assertThat(server.pages()).isEqualTo(1);
        stored.away = false;

        awaitAll(3_000);
        awaitWatching();
        create(10);
        awaitAll(3_010);
        assertThat(stored.ids()).doesNotHaveDuplicates();
        assertThat(server.lists()).isEqualTo(1);
        assertThat(server.pages()).isEqualTo(6);
    }

    /** As when NATS was away for longer than the API server keeps the rest of a list. */
    @Test
    void aListWhoseRestIsGoneIsBegunAnewAndLosesNothing(CapturedOutput log) throws Exception {
        create(3_000);
        stored.away = true;
        start(5_000);
        await().atMost(PATIENCE).until(() -> stored.attempts > 0);
        server.forgetLists();
        stored.away = false;

        awaitAll(3_000);
        awaitWatching();
        assertThat(server.lists()).isEqualTo(2);
        assertThat(stored.ids()).doesNotHaveDuplicates();
        assertThat(log.getOut()).doesNotContain("Can't watch");
    }

    @Test
    void whileNatsIsAwayTheSourceStopsReadingAndLosesNothing() throws Exception {
        stored.away = true;
        start(200);
        awaitWatching();
        create(2_000); // 256 in flight, 200 in the queue
        await().atMost(PATIENCE).until(() -> !status.isWatching());
        await().atMost(PATIENCE).until(() -> server.watches() == 0); // it learns of the end a moment later
        String uid = server.create("changing");
        server.update(uid);
        assertThat(stored.attempts).isLessThan(2_000);
        stored.away = false;

        awaitAll(2_001);
        assertThat(stored.has("Prod/" + uid + "/")).isEqualTo(1);
        assertThat(stored.ids()).doesNotHaveDuplicates();
        awaitWatching();
    }

    @Test
    void oneThatFailsDoesNotHoldUpTheOthers() throws Exception {
        stored.refused = server.create("refused");
        create(1_000);
        start(5_000);

        awaitAll(1_000);
        String uid = stored.refused;
        stored.refused = null;
        await().atMost(PATIENCE).until(() -> stored.has("Prod/" + uid + "/") == 1);
    }

    @Test
    void aVersionThatIsTriedAgainIsNotLostWhenTheNextOvertakesIt() throws Exception {
        String uid = server.create("changing");
        stored.refused = uid + "/" + server.version();
        start(10);
        awaitWatching();
        server.update(uid);
        await().atMost(PATIENCE).until(() -> stored.has("Prod/" + uid + "/") == 1);
        stored.refused = null;

        awaitAll(2);
        assertThat(stored.ids()).doesNotHaveDuplicates();
    }

    /**
     * Or a restart would not know that it has to look for the event that still waits, and when it is too late for that,
     * not say so.
     */
    @Test
    void whatIsWrittenDownAsSeenNeverPassesAnEventThatStillWaits() throws Exception {
        stored.refused = server.create("waiting");
        start(10);
        awaitWatching();
        await().atMost(PATIENCE).until(() -> stored.attempts > 0);
        Instant waiting = Instant.now();
        create(5);
        awaitAll(5);
        time.passes(Duration.ofSeconds(30)); // it is written every ten seconds
        int writes = lastSeen.writes;
        await().atMost(PATIENCE).until(() -> lastSeen.writes > writes);
        assertThat(lastSeen.value).isBefore(waiting);
        stored.refused = null;
        awaitAll(6);
        time.passes(Duration.ofSeconds(30));

        await().atMost(PATIENCE).until(() -> lastSeen.value.isAfter(waiting));
    }

    @Test
    void anApiServerThatRefusesIsAskedLessAndLessOftenAndNamedOnce(CapturedOutput log) throws Exception {
        server.refuse(403);
        start(10);
        await().atMost(PATIENCE).until(() -> server.refusedAt().size() == 5);
        List<Long> asked = server.refusedAt();
        assertThat(Duration.ofNanos(asked.get(4) - asked.get(3))).isGreaterThan(Duration.ofSeconds(1));
        server.refuse(200);
        create(1);

        awaitAll(1);
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Watching the cluster's events"));
        assertThat(log.getOut()).containsOnlyOnce("Can't watch the cluster's events: the API server does not allow it");
    }

    @Test
    void eventsArriveInOrder() throws Exception {
        create(1_000);
        start(5_000);
        awaitAll(1_000);

        assertThat(stored.ids().stream().map(id -> Integer.parseInt(id.substring(id.lastIndexOf('/') + 1))))
                .isSorted();
    }

    @Test
    void whatNatsHadAlreadyIsNotCounted() throws Exception {
        stored.duplicates = true;
        create(3);
        start(10);

        awaitAll(3);
        stored.duplicates = false;
        create(1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status.published()).isEqualTo(1));
    }

    @Test
    void aRouteThatIsStoppedAndStartedListsAgain() throws Exception {
        create(3);
        start(10);
        awaitAll(3);
        camel.getRouteController().stopRoute("kubernetes-events");
        assertThat(status.isWatching()).isFalse();
        await().atMost(PATIENCE).until(() -> server.watches() == 0);
        create(2);
        camel.getRouteController().startRoute("kubernetes-events");

        await().atMost(PATIENCE).until(() -> new HashSet<>(stored.ids()).size() == 5);
    }

    @Test
    void aGapLongerThanEventsAreKeptIsAFinding() throws Exception {
        Instant before = Instant.now().minus(3, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        lastSeen.value = before;
        lastSeen.unreadable = true;
        start(10);
        awaitWatching();
        create(1);
        awaitAll(1); // nothing said while it is not known
        lastSeen.unreadable = false;

        awaitAll(2);
        Message message = stored.messages().get(1);
        assertThat(message.subject()).isEqualTo("ops.clusters.prod.clusters.prod.findings");
        OpsEvent finding = OpsEvent.parse(message.subject(), message.payload(), "none");
        assertThat(finding.type()).isEqualTo("TaskRunReport");
        assertThat(finding.text())
                .contains(
                        "kind: kubernetes-events \n",
                        "status: alerting \n",
                        "message: events between " + before + " and ");
        await().atMost(PATIENCE).until(() -> lastSeen.value.isAfter(before));
    }

    @Test
    void aGapShorterThanThatIsNone() throws Exception {
        Instant before = Instant.now().minus(30, ChronoUnit.MINUTES);
        lastSeen.value = before;
        start(10);

        await().atMost(PATIENCE).until(() -> lastSeen.value.isAfter(before));
        assertThat(stored.ids()).isEmpty();
    }

    @Test
    void withoutAClusterTheRouteIsThereButNotStarted() throws Exception {
        context(new KubernetesAccess((KubernetesClient) null), 10);
        camel.start();

        assertThat(camel.getRouteController().getRouteStatus("kubernetes-events"))
                .isEqualTo(ServiceStatus.Stopped);
    }

    /**
     * Against the cluster of KUBECONFIG, in a namespace of its own that is deleted at the end: only when its tag is
     * asked for.
     */
    @Test
    @Tag("cluster")
    void aRealClustersEventsArriveOnce() throws Exception {
        String namespace = "opsbus-test-" + UUID.randomUUID().toString().substring(0, 8);
        client.close();
        client = new KubernetesClientBuilder().build();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        try {
            start(5_000);
            awaitWatching();
            for (int i = 0; i < 20; i++) {
                client.events()
                        .v1()
                        .events()
                        .inNamespace(namespace)
                        .resource(new EventBuilder()
                                .withNewMetadata()
                                .withName("web-" + i)
                                .endMetadata()
                                .withEventTime(
                                        new MicroTime(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSXXX")
                                                .format(OffsetDateTime.now())))
                                .withType("Normal")
                                .withReason("Test")
                                .withAction("Test")
                                .withNote("one of twenty")
                                .withReportingController("opsbus.io/test")
                                .withReportingInstance("test")
                                .withNewRegarding()
                                .withKind("Pod")
                                .withNamespace(namespace)
                                .withName("web-" + i)
                                .endRegarding()
                                .build())
                        .create();
            }
            String prefix = "ops.clusters.prod.namespaces." + namespace + ".pods.web-";
            await().atMost(PATIENCE).until(() -> stored.onSubject(prefix) == 20);
            assertThat(stored.ids()).doesNotHaveDuplicates();
        } finally {
            client.namespaces().withName(namespace).delete();
        }
    }

    private void start(int queue) throws Exception {
        context(new KubernetesAccess(client), queue);
        camel.start();
    }

    private void context(KubernetesAccess access, int queue) throws Exception {
        camel = new DefaultCamelContext();
        camel.getShutdownStrategy().setTimeout(2);
        EventsComponent component = new EventsComponent(
                new KubernetesProperties(true, "", namespaces, "", queue, Duration.ofHours(1), FirstStart.BACKFILL),
                "Prod",
                lastSeen,
                status,
                time);
        access.client().ifPresent(component::setKubernetesClient);
        camel.addComponent("kubernetes-events", component);
        camel.getRegistry().bind("kubernetesAccess", access);
        camel.getRegistry()
                .bind(
                        "kubernetesEventMapping",
                        new KubernetesEventMapping("Prod", new FirstWatch(lastSeen, FirstStart.BACKFILL, time)));
        camel.getRegistry().bind("kubernetesEventCut", new KubernetesEventCut(new SimpleMeterRegistry()));
        camel.getRegistry().bind("kubernetesEventGivenUp", new KubernetesEventGivenUp(null));
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(
                        ResourceHelper.resolveResource(camel, "classpath:camel/failures.yaml"),
                        ResourceHelper.resolveResource(camel, "classpath:camel/kubernetes-events.yaml"));
        AdviceWith.adviceWith(
                camel,
                "kubernetes-events",
                false,
                route -> route.weaveByToUri("nats:*").replace().process(stored));
    }

    private void create(int count) {
        IntStream.range(0, count).forEach(i -> server.create("web-" + i));
    }

    private void awaitWatching() {
        await().atMost(PATIENCE).until(status::isWatching);
    }

    private void awaitAll(int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(stored.ids().size()).isGreaterThanOrEqualTo(count));
        assertThat(stored.ids()).hasSize(count);
    }

    private record Message(String subject, String id, byte[] payload) {}

    /** The place of NATS: takes what comes unless it is told to be away. */
    private static final class Stored implements org.apache.camel.Processor {

        private final List<Message> messages = new ArrayList<>();
        private volatile boolean away;
        private volatile boolean duplicates;
        private volatile String refused;
        private volatile int attempts;

        @Override
        public synchronized void process(Exchange exchange) {
            attempts++;
            String id = exchange.getMessage().getHeader("Nats-Msg-Id", String.class);
            if (away || refused != null && id.contains(refused)) {
                throw new IllegalStateException("no PubAck");
            }
            messages.add(new Message(
                    exchange.getMessage().getHeader("CamelNatsSubject", String.class),
                    id,
                    exchange.getMessage().getBody(byte[].class)));
            exchange.getMessage().setHeader("OpsbusDuplicate", duplicates);
        }

        synchronized List<Message> messages() {
            return List.copyOf(messages);
        }

        synchronized List<String> ids() {
            return messages.stream().map(Message::id).toList();
        }

        synchronized long onSubject(String prefix) {
            return messages.stream()
                    .filter(message -> message.subject().startsWith(prefix))
                    .count();
        }

        synchronized long has(String idPrefix) {
            return messages.stream()
                    .filter(message -> message.id().startsWith(idPrefix))
                    .count();
        }
    }

    private static final class MemoryLastSeen implements LastSeen {

        private volatile Instant value;
        private volatile int writes;
        private volatile boolean unreadable;

        @Override
        public Optional<Instant> read() {
            if (unreadable) {
                throw new IllegalStateException("NATS is away");
            }
            return Optional.ofNullable(value);
        }

        @Override
        public void write(Instant lastSeen) {
            value = lastSeen;
            writes++;
        }

        @Override
        public Optional<Instant> firstWatch(Instant now) {
            return Optional.empty();
        }
    }

    /** The system's time and what has passed besides. */
    private static final class PassingTime extends Clock {

        private volatile Duration passed = Duration.ZERO;

        void passes(Duration time) {
            passed = passed.plus(time);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(passed);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
