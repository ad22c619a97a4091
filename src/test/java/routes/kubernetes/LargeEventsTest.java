package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import routes.event.OpsEvent;
import routes.nats.DeadLetterStream;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.OpsNatsComponent;
import routes.nats.Streams;
import routes.nats.StreamsProperties;

/**
 * The real route and a nats-server that takes little: more events than there are places, none of which it would take as
 * it is, before one that it takes.
 */
@ExtendWith(OutputCaptureExtension.class)
class LargeEventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MORE_THAN_PLACES = 300;

    @TempDir
    Path store;

    private NatsServer nats;
    private NatsBus bus;
    private EventsApiServer cluster;
    private KubernetesClient client;
    private CamelContext camel;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final WatchStatus status = new WatchStatus(Clock.systemUTC());

    @BeforeEach
    void start() throws Exception {
        nats = new NatsServer(store, "max_payload: 65536");
        bus = nats.bus();
        cluster = new EventsApiServer();
        client = cluster.client();
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
        client.close();
        cluster.close();
        bus.close();
        nats.close();
    }

    @Test
    void whatIsAboveMaxPayloadIsCutAndWhatComesBehindItArrives(CapturedOutput log) throws Exception {
        for (int i = 0; i < MORE_THAN_PLACES; i++) {
            cluster.create("large-" + i, "节".repeat(40_000));
        }
        cluster.create("small");
        watch(new KubernetesEventMapping("prod"));

        OpsEvent small = awaitEvent("small");
        assertThat(small.text()).contains("message: Back-off restarting small");
        OpsEvent large = awaitEvent("large-7");
        assertThat(large.payload().length).isBetween(60_000, 65_536);
        assertThat(large.data().path("message").asText()).startsWith("节节").endsWith("节… (cut, 40000 characters)");
        assertThat(large.toJson()).contains("\"truncated\":12");
        await().atMost(PATIENCE)
                .until(() -> metrics.get("opsbus.events.truncated").counter().count() == MORE_THAN_PLACES);
        assertThat(log.getOut().lines().filter(line -> line.contains(" is cut from ")))
                .as("one line in ten seconds")
                .hasSizeBetween(1, 7);
        await().atMost(PATIENCE).until(() -> status.published() == MORE_THAN_PLACES + 1);
        await().atMost(PATIENCE).until(() -> status.unpublishedFor().isZero());
    }

    @Test
    void soIsWhatIsAboveTheStreamsOwnLimit() throws Exception {
        bus.management()
                .addStream(StreamConfiguration.builder()
                        .name("ops")
                        .subjects("ops.>")
                        .maximumMessageSize(2_000)
                        .build());
        for (int i = 0; i < MORE_THAN_PLACES; i++) {
            cluster.create("large-" + i, "x".repeat(i % 2 == 0 ? 5_000 : 70_000)); // the latter is above both limits
        }
        cluster.create("small");
        watch(new KubernetesEventMapping("prod"));

        awaitEvent("small");
        assertThat(awaitEvent("large-8").payload().length).isBetween(1_800, 2_000);
        assertThat(awaitEvent("large-7").payload().length).isBetween(1_800, 2_000);
        await().atMost(PATIENCE).until(() -> status.published() == MORE_THAN_PLACES + 1);
        assertThat(bus.management()
                        .getStreamInfo(Streams.DEADLETTERS)
                        .getStreamState()
                        .getMsgCount())
                .isZero();
    }

    @Test
    void whatCanNotBeCutToFitOrCanNotBeReadIsADeadLetter() throws Exception {
        bus.management()
                .addStream(StreamConfiguration.builder()
                        .name("ops")
                        .subjects("ops.>")
                        .maximumMessageSize(450)
                        .build());
        for (int i = 0; i < MORE_THAN_PLACES; i++) {
            cluster.create("unreadable-" + i);
        }
        String large = "n".repeat(240);
        cluster.create(large, "its name alone is too long");
        cluster.create("small", "x");
        watch(new KubernetesEventMapping("prod") {
            @Override
            public void process(Exchange exchange) throws UnreadableEventException {
                if (exchange.getMessage()
                        .getBody(Event.class)
                        .getMetadata()
                        .getName()
                        .startsWith("unreadable")) {
                    throw new UnreadableEventException(new IllegalStateException("what a strange event"));
                }
                super.process(exchange);
            }
        });

        awaitEvent("small");
        await().atMost(PATIENCE)
                .until(() -> bus.management()
                                .getStreamInfo(Streams.DEADLETTERS)
                                .getStreamState()
                                .getMsgCount()
                        == MORE_THAN_PLACES + 1);
        MessageInfo unreadable = bus.management().getMessage(Streams.DEADLETTERS, 1);
        assertThat(unreadable.getSubject()).isEqualTo("opsbus.deadletters._.kubernetes-events");
        assertThat(new String(unreadable.getData())).contains("Back-off restarting unreadable-");
        assertThat(metrics.get("opsbus.events.given.up")
                        .tags("route", "kubernetes-events", "reason", "unreadable")
                        .counter()
                        .count())
                .isEqualTo(MORE_THAN_PLACES);
        assertThat(metrics.get("opsbus.events.given.up")
                        .tags("route", "kubernetes-events", "reason", "refused")
                        .counter()
                        .count())
                .isEqualTo(1);
        await().atMost(PATIENCE).until(() -> status.unpublishedFor().isZero());
        assertThat(status.published()).isEqualTo(1);
    }

    private OpsEvent awaitEvent(String name) {
        String subject = "ops.clusters.prod.namespaces.shop.pods." + name + ".events";
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> OpsEvent.parse(
                                subject,
                                bus.management().getLastMessage("ops", subject).getData(),
                                "none"),
                        event -> true);
    }

    private void watch(KubernetesEventMapping mapping) throws Exception {
        Duration day = Duration.ofDays(1);
        Streams streams = new Streams(
                bus,
                new StreamsProperties(
                        StorageType.File, 1, day, Duration.ofMinutes(70), day, 1_000, 1_000, 1_000, day, 1_000));
        streams.ensure();
        camel = new DefaultCamelContext();
        camel.addComponent("nats", new OpsNatsComponent(bus, streams));
        EventsComponent component = new EventsComponent(
                new KubernetesProperties(
                        true, "", List.of(), "", 5_000, Duration.ofHours(1), KubernetesProperties.FirstStart.ALL),
                "prod",
                new Forgetful(),
                status,
                Clock.systemUTC());
        component.setKubernetesClient(client);
        camel.addComponent("kubernetes-events", component);
        camel.getRegistry().bind("kubernetesAccess", new KubernetesAccess(client));
        camel.getRegistry().bind("kubernetesEventMapping", mapping);
        camel.getRegistry().bind("kubernetesEventCut", new KubernetesEventCut(metrics));
        camel.getRegistry()
                .bind("kubernetesEventGivenUp", new KubernetesEventGivenUp(new DeadLetterStream(bus, metrics)));
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(
                        ResourceHelper.resolveResource(camel, "classpath:camel/failures.yaml"),
                        ResourceHelper.resolveResource(camel, "classpath:camel/kubernetes-events.yaml"));
        camel.start();
    }

    private static final class Forgetful implements LastSeen {

        @Override
        public Optional<Instant> firstWatch(Instant now) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> read() {
            return Optional.empty();
        }

        @Override
        public void write(Instant lastSeen) {
            // nowhere
        }
    }
}
