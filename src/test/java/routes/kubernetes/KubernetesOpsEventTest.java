package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import routes.event.OpsEvent;
import routes.event.Subject;

class KubernetesOpsEventTest {

    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-05-06T07:08:09Z");

    @Test
    void theDataHasTheOriginalsFieldsFirstAndThenWhatItDropped() {
        Event event = event().editMetadata()
                .addNewManagedField()
                .withManager("first")
                .endManagedField()
                .addNewManagedField()
                .withManager("last")
                .endManagedField()
                .endMetadata()
                .withType("Warning")
                .withReason("BackOff")
                .withNote("a <b>")
                .withAction("Pulling")
                .withEventTime(new MicroTime("2026-01-02T03:04:05.123456Z"))
                .withReportingController("kubelet")
                .withReportingInstance("node-1")
                .withDeprecatedCount(4)
                .withNewRelated()
                .withKind("Node")
                .withName("node-1")
                .endRelated()
                .build();

        OpsEvent mapped = KubernetesOpsEvent.of(event, "Prod", NOW);
        assertThat(mapped.id()).isEqualTo("Prod/u-1/42");
        assertThat(mapped.type()).isEqualTo("Kube");
        assertThat(mapped.cluster()).isEqualTo("Prod");
        assertThat(mapped.time()).isEqualTo(NOW);
        assertThat(mapped.subject()).isEqualTo("ops.clusters.prod.namespaces.shop.ingresses.web_example_com.events");
        assertThat(mapped.dataJson())
                .isEqualTo("{\"type\":\"Warning\",\"reason\":\"BackOff\","
                        + "\"eventTime\":\"2026-01-02T03:04:05.123456Z\",\"from\":\"lastfirst\",\"message\":\"a \\u003cb\\u003e\","
                        + "\"uid\":\"u-1\",\"count\":4,\"action\":\"Pulling\",\"reportingController\":\"kubelet\",\"reportingInstance\":\"node-1\","
                        + "\"regarding\":{\"kind\":\"Ingress\",\"namespace\":\"shop\",\"name\":\"web.example.com\"},"
                        + "\"related\":{\"kind\":\"Node\",\"name\":\"node-1\"}}");
        assertThat(mapped.text())
                .startsWith("cluster: prod \nnamespace: shop \ningress: web.example.com \ntype: Warning \n");
    }

    @Test
    void theEventTimeIsTheLatestThereIs() {
        EventBuilder event = event().withEventTime(new MicroTime("2026-01-01T00:00:00.000000Z"));
        assertThat(eventTime(event)).isEqualTo("2026-01-01T00:00:00Z");

        event.withDeprecatedFirstTimestamp("2026-01-01T00:00:02Z");
        assertThat(eventTime(event)).isEqualTo("2026-01-01T00:00:02Z");
        event.withDeprecatedLastTimestamp("2026-01-01T08:00:03+08:00").withDeprecatedFirstTimestamp("soon");
        assertThat(eventTime(event)).isEqualTo("2026-01-01T00:00:03Z");
        event.withNewSeries()
                .withCount(9)
                .withLastObservedTime(new MicroTime("2026-01-01T00:00:04.500000Z"))
                .endSeries();
        assertThat(eventTime(event)).isEqualTo("2026-01-01T00:00:04.5Z");
        assertThat(KubernetesOpsEvent.of(event.build(), "c", NOW)
                        .data()
                        .path("count")
                        .asInt())
                .isEqualTo(9);
    }

    @Test
    void whenItWasCreatedCountsOnlyForAnEventThatNamesNoTimeItself() {
        EventBuilder event = event().editMetadata()
                .withCreationTimestamp("2026-01-02T00:03:29Z")
                .endMetadata();
        assertThat(eventTime(event)).isEqualTo("2026-01-02T00:03:29Z");
        assertThat(eventTime(event.withEventTime(new MicroTime("0001-01-01T00:00:00.000000Z"))
                        .withDeprecatedLastTimestamp("0001-01-01T00:00:00Z")))
                .isEqualTo("2026-01-02T00:03:29Z");
        assertThat(eventTime(event.withDeprecatedFirstTimestamp("2026-01-01T23:00:00Z")))
                .isEqualTo("2026-01-01T23:00:00Z");
        assertThat(eventTime(event.withEventTime(new MicroTime("2026-01-01T22:00:00.000000Z"))))
                .isEqualTo("2026-01-01T23:00:00Z");
        event.withNewSeries()
                .withCount(2)
                .withLastObservedTime(new MicroTime("2026-01-01T23:30:00.000000Z"))
                .endSeries();
        assertThat(eventTime(event)).isEqualTo("2026-01-01T23:30:00Z");
        assertThat(KubernetesOpsEvent.of(event.build(), "c", NOW).text()).doesNotContain("00:03:29");
    }

    @Test
    void anEventWithoutATimeHappensNow() {
        assertThat(eventTime(event())).isEqualTo("2026-05-06T07:08:09Z");
        assertThat(eventTime(event().withDeprecatedLastTimestamp("0001-01-01T00:00:00Z")
                        .editMetadata()
                        .withCreationTimestamp("0001-01-01T00:00:00Z")
                        .endMetadata()))
                .isEqualTo("2026-05-06T07:08:09Z");
    }

    @Test
    void fromIsTheReporterWhenNobodyManagesFields() {
        assertThat(data(event().withReportingController("kubelet")).path("from").asText())
                .isEqualTo("kubelet");
        assertThat(data(event().withReportingController("").withNewDeprecatedSource("old", null))
                        .path("from")
                        .asText())
                .isEqualTo("old");
        assertThat(data(event()).has("from")).isFalse();
    }

    @Test
    void anObjectWithoutANamespaceIsClusterScoped() {
        Event event = event().withNewRegarding()
                .withKind("Node")
                .withName("ip-10-0-0-1.ec2.internal")
                .endRegarding()
                .build();

        assertThat(KubernetesOpsEvent.of(event, "c", NOW).subject())
                .isEqualTo("ops.clusters.c.nodes.ip-10-0-0-1_ec2_internal.events");
    }

    @Test
    void namesThatWouldSteerNatsStayInTheDataOnly() {
        String name = "a b.c\r\nPUB ops.x 1\r\n> * 节点";
        Event event = event().withNewRegarding()
                .withKind("Pod")
                .withNamespace("n s")
                .withName(name)
                .endRegarding()
                .build();

        OpsEvent mapped = KubernetesOpsEvent.of(event, "c", NOW);
        assertThat(Subject.isConcrete(mapped.subject())).isTrue();
        assertThat(Subject.matches("ops.clusters.*.namespaces.*.pods.*.events", mapped.subject()))
                .isTrue();
        assertThat(mapped.data().path("regarding").path("name").asText()).isEqualTo(name);
    }

    @Test
    void anEventAboutNothingIsItselfTheObject() {
        for (ObjectReference nothing : new ObjectReference[] {
            null,
            new ObjectReference(),
            new ObjectReferenceBuilder().withKind("").withNamespace("x").build()
        }) {
            EventBuilder event = event().withRegarding(nothing)
                    .editMetadata()
                    .withNamespace("shop")
                    .withName("web-0.17a")
                    .endMetadata();
            OpsEvent mapped = KubernetesOpsEvent.of(event.build(), "prod-eu", NOW);
            assertThat(mapped.subject()).isEqualTo("ops.clusters.prod-eu.namespaces.shop.events.web-0_17a.events");
            assertThat(mapped.text()).startsWith("cluster: prod-eu \nnamespace: shop \nevent: web-0_17a \n");
        }
        assertThat(KubernetesOpsEvent.of(event().withRegarding(null).build(), "prod-eu", NOW)
                        .text())
                .startsWith("cluster: prod-eu \ntimestamp: ");
    }

    @Test
    void aMessageIsCutBelowWhatNatsTakes() {
        OpsEvent mapped =
                KubernetesOpsEvent.of(event().withNote("<".repeat(1_500_000)).build(), "c", NOW);

        assertThat(mapped.payload().length).isLessThan(1_000_000);
        assertThat(mapped.data().path("message").asText()).endsWith("(cut, 1500000 characters)");
    }

    private static EventBuilder event() {
        return new EventBuilder()
                .withNewMetadata()
                .withUid("u-1")
                .withResourceVersion("42")
                .endMetadata()
                .withNewRegarding()
                .withKind("Ingress")
                .withNamespace("shop")
                .withName("web.example.com")
                .endRegarding();
    }

    private static String eventTime(EventBuilder event) {
        return data(event).path("eventTime").asText();
    }

    private static com.fasterxml.jackson.databind.JsonNode data(EventBuilder event) {
        return KubernetesOpsEvent.of(event.build(), "c", NOW).data();
    }
}
