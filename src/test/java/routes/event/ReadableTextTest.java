package routes.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import routes.compat.Recorded;

class ReadableTextTest {

    private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-02T03:04:05Z");

    @TestFactory
    Stream<DynamicTest> textsAreThoseOfTheOriginal() {
        return Recorded.cases("envelopes.json")
                .map(c -> DynamicTest.dynamicTest(c.path("Name").asText(), () -> {
                    byte[] wire = WireJson.write(c.path("Event")).getBytes(StandardCharsets.UTF_8);
                    OpsEvent event = OpsEvent.parse(c.path("Subject").asText(), wire, "none");
                    assertThat(event.isCloudEvent()).isTrue();
                    // the original prints Go's zero time where an event has none
                    assertThat(event.text(ZoneOffset.UTC))
                            .isEqualTo(c.path("Readable").asText().replace("timestamp: 0001-01-01 00:00:00 \n", ""));
                }));
    }

    @Test
    void labelsComeFromTheDataWhenItNamesTheObject() {
        OpsEvent event =
                event("Kube", "ops.clusters.prod_eu.namespaces.shop.networkpolicies.allow_all.events", "Prod.EU", """
                {"type":"Warning","reason":"R","eventTime":"2026-01-02T03:04:05.9Z","from":"f","message":"m",
                 "regarding":{"kind":"NetworkPolicy","namespace":"shop","name":"allow.all"}}""");

        assertThat(event.text(ZoneOffset.UTC))
                .isEqualTo("cluster: prod.eu \nnamespace: shop \nnetworkpolicy: allow.all \n"
                        + "type: Warning \nreason: R \ntimestamp: 2026-01-02 03:04:05 \nfrom: f \nmessage: m \n");
    }

    @Test
    void aNamespaceIsNamedOnce() {
        OpsEvent event = event(
                "Kube",
                "ops.clusters.c.namespaces.shop.namespaces.shop.events",
                "c",
                "{\"regarding\":{\"kind\":\"Namespace\",\"namespace\":\"shop\",\"name\":\"shop\"}}");

        assertThat(event.text(ZoneOffset.UTC)).isEqualTo("cluster: c \nnamespace: shop \n");
    }

    @Test
    void labelsComeFromTheSubjectWithItsRealSingularWhenTheDataDoesNotNameTheObject() {
        assertThat(event("Kube", "ops.clusters.c.namespaces.shop.ingresses.web.events", null, "{\"reason\":\"R\"}")
                        .text(ZoneOffset.UTC))
                .isEqualTo("cluster: c \nnamespace: shop \ningress: web \nreason: R \n");
        assertThat(event(
                                "Kube",
                                "ops.clusters.c.namespaces.shop.endpoints.web.events",
                                null,
                                "{\"regarding\":{\"kind\":\"Endpoints\"}}")
                        .text(ZoneOffset.UTC))
                .startsWith("cluster: c \nnamespace: shop \nendpoints: web \n");
    }

    @Test
    void aNameInTheSubjectMayEndInS() {
        assertThat(event("Kube", "ops.clusters.prods.namespaces.kubeaccess.pods.redis.events", null, "{}")
                        .text(ZoneOffset.UTC))
                .isEqualTo("cluster: prods \nnamespace: kubeaccess \npod: redis \n");
    }

    @Test
    void whatNobodyNamedIsNotALine() {
        for (String regarding : new String[] {
            "{}",
            "{\"regarding\":{}}",
            "{\"regarding\":null}",
            "{\"regarding\":{\"kind\":\"Pod\"}}",
            "{\"regarding\":{\"name\":\"x\"}}"
        }) {
            assertThat(event("Kube", "ops.clusters.prod-eu._._.events", "prod-eu", regarding)
                            .text())
                    .isEqualTo("cluster: prod-eu \n");
            assertThat(event("Kube", "ops.clusters.prod-eu._.x.events", "prod-eu", regarding)
                            .text())
                    .isEqualTo("cluster: prod-eu \n");
            assertThat(event("Kube", "ops.clusters.prod-eu.namespaces._.pods._.events", "prod-eu", regarding)
                            .text())
                    .isEqualTo("cluster: prod-eu \n");
        }
    }

    @Test
    void aZeroTimeIsNone() {
        for (String zero :
                new String[] {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", "0001-01-01T08:00:00+08:00"}) {
            String data = "{\"reason\":\"R\",\"eventTime\":\"" + zero + "\"}";
            assertThat(event("Kube", "ops.x", null, data).text()).isEqualTo("reason: R \n");
            byte[] report =
                    ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"TaskRunReport\",\"time\":\""
                                    + zero + "\",\"data\":{\"host\":\"h\"}}")
                            .getBytes(StandardCharsets.UTF_8);
            assertThat(OpsEvent.parse("ops.x", report, "1").text()).isEqualTo("host: h \n");
            assertThat(OpsEvent.parse("ops.x", report, "1").time()).isNull();
        }
    }

    @Test
    void timestampsAreInTheZoneAsked() {
        OpsEvent event = event("Kube", "ops.x", null, "{\"eventTime\":\"2026-01-02T03:04:05Z\"}");

        assertThat(event.text(ZoneId.of("Asia/Shanghai"))).isEqualTo("timestamp: 2026-01-02 11:04:05 \n");
        assertThat(event.text()).isEqualTo(event.text(ZoneId.systemDefault()));
    }

    @Test
    void theTextIsBuiltOnce() {
        OpsEvent event = event("Kube", "ops.x", null, "{\"reason\":\"R\"}");

        assertThat(event.text()).isSameAs(event.text());
    }

    @Test
    void aFieldOfTheWrongTypeDoesNotHideTheOthers() {
        for (String type : new String[] {"Kube", "TaskRunReport", "Host", "Cluster", "Webhook", "Default"}) {
            OpsEvent event = event(type, "ops.clusters.c.nodes.n.events", "c", """
                    {"type":1,"reason":[],"eventTime":"yesterday","from":null,"message":{"a":1},"regarding":"pod","status":"s",
                     "content":5,"cluster":{},"host":false,"server":1.5}""");
            assertThat(event.text(ZoneOffset.UTC)).as(type).isNotNull();
        }
        assertThat(event(
                                "Kube",
                                "ops.clusters.c.nodes.n.events",
                                "c",
                                "{\"reason\":\"R\",\"message\":{\"a\":1},\"eventTime\":7}")
                        .text(ZoneOffset.UTC))
                .isEqualTo("cluster: c \nnode: n \nreason: R \n");
    }

    @Test
    void labelledTypesWhoseDataIsNoObjectAreTheirData() {
        assertThat(event("Kube", "ops.clusters.c.nodes.n.events", "c", "[1, \"<\"]")
                        .text())
                .isEqualTo("[1,\"\\u003c\"]");
    }

    private static OpsEvent event(String type, String subject, String cluster, String data) {
        try {
            JsonNode parsed = WireJson.MAPPER.readTree(data);
            return OpsEvent.of("id", type, subject, cluster, TIME, parsed);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
