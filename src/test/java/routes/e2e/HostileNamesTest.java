package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.nats.client.impl.Headers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import routes.event.OpsEvent;
import routes.kubernetes.KubernetesEventMapping;
import routes.nats.OpsNatsComponent;
import routes.nats.Streams;
import routes.nats.WireHeaders;
import routes.nats.history.EventHistory;
import routes.nats.history.Query;
import routes.nats.history.Stored;

/**
 * Names are other people's: whatever they hold arrives in the data and steers nothing. From a Kubernetes event to the
 * endpoint.
 */
class HostileNamesTest extends EndToEnd {

    private static final List<String> NAMES = List.of(
            "ip-10-0-0-1.ec2.internal",
            "*",
            ">",
            "a.>.*",
            "two words\tand a tab",
            "line\r\nPUB ops.injected 2\r\nhi\r\n",
            "line\r\nHost: attacker\r\n\r\n",
            "节点-é-\uD83D\uDE00-İ",
            "..",
            "$JS.API.STREAM.DELETE.ops",
            "${header.CamelNatsSubject} {{env:HOME}} <b>&\"\\",
            "%0d%0aX-Evil: 1",
            "\u0000\u001b[31m\u2028\u202e");
    private static final String CLUSTER = "prod eu.1/*\r\né";

    static CamelContext source;

    @BeforeAll
    static void start() throws Exception {
        hook(
                "nodes",
                "webhook",
                "ops.clusters.*.nodes.*.events",
                inbox.url("/nodes"),
                "options: {format: cloudevents}");
        hook(
                "text",
                "webhook",
                "ops.clusters.*.nodes.*.events",
                inbox.url("/text"),
                "additional: \"%0a ${body} {x}\\r\\nX-Evil: 1\"");
        hook("alert", "event", "ops.clusters.*.nodes.*.events", "alerts", "");
        hook(
                "alerted",
                "webhook",
                "ops.clusters.*.nodes.*.alerts",
                inbox.url("/alerted"),
                "options: {format: cloudevents}");
        hook("stolen", "webhook", "ops.injected.>", inbox.url("/stolen"), "");
        hook("stolen2", "webhook", "ops.injected", inbox.url("/stolen"), "");
        opsbus.start();
        source = new DefaultCamelContext();
        source.addComponent("nats", new OpsNatsComponent(bus, new Streams(bus, null)));
        source.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:kubernetes")
                        .process(new KubernetesEventMapping(CLUSTER))
                        .to("nats:ops?jetstreamEnabled=true");
            }
        });
        source.start();
    }

    private static void hook(String name, String type, String subject, String url, String more) throws Exception {
        opsbus.hook(name + ".yaml", HooksEndToEndTest.hook(name, type, subject, url, more));
    }

    @AfterAll
    static void stop() throws Exception {
        source.stop();
    }

    private static Event event(String name, int number) {
        return new EventBuilder()
                .withNewMetadata()
                .withUid("uid-" + number)
                .withResourceVersion("1")
                .withCreationTimestamp("2026-01-02T03:04:05Z")
                .endMetadata()
                .withType("Warning")
                .withReason("NodeNotReady")
                .withNote("note of " + name)
                .withReportingController(name)
                .withNewRegarding()
                .withKind("Node")
                .withName(name)
                .endRegarding()
                .build();
    }

    @Test
    void hostileNamesArriveIntactAndSteerNothing() throws Exception {
        try (ProducerTemplate template = source.createProducerTemplate()) {
            for (int i = 0; i < NAMES.size(); i++) {
                template.sendBodyAndHeader("direct:kubernetes", event(NAMES.get(i), i), "X-Name", NAMES.get(i));
            }
        }
        int all = NAMES.size();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> inbox.taken("/nodes").size() >= all
                        && inbox.taken("/text").size() >= all
                        && inbox.taken("/alerted").size() >= all);

        for (String path : List.of("/nodes", "/alerted")) {
            List<OpsEvent> events = inbox.taken(path).stream()
                    .map(request ->
                            OpsEvent.parse(subject(request), request.body().getBytes(StandardCharsets.UTF_8), ""))
                    .toList();
            assertThat(events)
                    .extracting(
                            event -> event.data().path("regarding").path("name").asText())
                    .containsExactlyInAnyOrderElementsOf(NAMES);
            assertThat(events)
                    .extracting(event -> event.data().path("message").asText())
                    .containsExactlyInAnyOrderElementsOf(
                            NAMES.stream().map(name -> "note of " + name).toList());
            assertThat(events).extracting(OpsEvent::cluster).containsOnly(CLUSTER);
            assertThat(events)
                    .allSatisfy(event -> assertThat(event.subject()).startsWith("ops.clusters.prod_eu_1/___é.nodes."));
        }
        for (int i = 0; i < all; i++) {
            String name = NAMES.get(i);
            String id = CLUSTER + "/uid-" + i + "/1/e2e/";
            assertThat(inbox.taken("/text")).anySatisfy(request -> {
                assertThat(WireHeaders.decode(request.id())).isEqualTo(id + "text");
                assertThat(request.body())
                        .contains("node: " + name + " \n")
                        .contains("message: note of " + name + " \n")
                        .endsWith("%0a ${body} {x}\r\nX-Evil: 1");
            });
            assertThat(inbox.taken("/alerted"))
                    .anySatisfy(request ->
                            assertThat(WireHeaders.decode(request.id())).isEqualTo(id + "alert/e2e/alerted"));
        }
        Set<String> headers = inbox.taken().stream()
                .flatMap(request -> request.headers().keySet().stream())
                .map(String::toLowerCase)
                .collect(Collectors.toSet());
        assertThat(headers).contains("webhook-id", "opsbus-subject").doesNotContain("x-evil", "x-name");
        assertThat(inbox.taken())
                .allSatisfy(request -> assertThat(request.headers().get("Host")).startsWith("127.0.0.1:"));

        assertThat(inbox.taken("/stolen")).isEmpty();
        assertThat(inbox.taken()).hasSize(3 * all);
        assertThat(bus.management().getStreamInfo("ops").getStreamState().getMsgCount())
                .isEqualTo(2L * all);
        assertThat(opsbus.isAlive()).isTrue();

        List<Stored> stored = new EventHistory(bus, "ops")
                .newestFirst(Query.of("ops.clusters.*.*.*.events").limit(100))
                .events();
        assertThat(stored)
                .extracting(Stored::messageId)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, all)
                        .mapToObj(i -> CLUSTER + "/uid-" + i + "/1")
                        .toList());
        for (Stored event : stored) {
            JsonNode explained = opsbus.get(
                            "/api/v1/explain?event=" + URLEncoder.encode(event.messageId(), StandardCharsets.UTF_8))
                    .json();
            assertThat(explained.at("/data/event/sequence").asLong())
                    .as("%s", explained)
                    .isEqualTo(event.sequence());
        }
        thatTheyAreStoredOnceMoreUnderTheirFormerIdsFiresNoHook(stored);
    }

    /**
     * Versions up to 0.1.0 encoded these ids twice. What the API server lists after an update is then stored again,
     * within its hour, but the deliveries' ids are what they were.
     */
    private static void thatTheyAreStoredOnceMoreUnderTheirFormerIdsFiresNoHook(List<Stored> events) throws Exception {
        for (Stored event : events) {
            Headers headers = new Headers();
            headers.put("Nats-Msg-Id", WireHeaders.encode(WireHeaders.encode(event.messageId())));
            assertThat(bus.publish(event.subject(), headers, event.payload())
                            .join()
                            .isDuplicate())
                    .isFalse();
        }
        int before = inbox.taken().size();
        await().until(() ->
                bus.management().getConsumerInfo("ops", "opsbus-router").getNumPending() == 0);
        try (ProducerTemplate template = source.createProducerTemplate()) {
            template.sendBody("direct:kubernetes", event("last", events.size()));
        }
        await().until(() -> inbox.taken().size() == before + 3); // behind all of them, to each hook
        assertThat(inbox.taken().subList(before, before + 3))
                .allSatisfy(request -> assertThat(WireHeaders.decode(request.id()))
                        .startsWith(CLUSTER + "/uid-" + events.size() + "/"));
    }

    private static String subject(Inbox.Request request) {
        return WireHeaders.decode(request.headers().get("Opsbus-Subject"));
    }
}
