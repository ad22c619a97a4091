package routes.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.impl.Headers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.nats.Streams;
import routes.nats.history.Query;

class QueryTest extends EventApiTest {

    /**
     * The structs of shaowenchen/ops-mcp-server, with Go's rules: unknown members are ignored, a member of another type
     * fails.
     */
    private record Subjects(int code, String message, Data<String> data) {}

    private record Events(int code, String message, Data<Item> data) {}

    private record Data<T>(int page_size, int page, List<T> list, int total) {}

    private record Item(String subject, CloudEvent event) {}

    private record CloudEvent(
            String specversion,
            String id,
            String source,
            String type,
            String subject,
            String datacontenttype,
            Instant time,
            Kube data,
            String cluster) {}

    private record Kube(String type, String reason, Instant eventTime, String from, String message) {}

    private static final ObjectMapper GO = new ObjectMapper()
            .findAndRegisterModules()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(com.fasterxml.jackson.databind.MapperFeature.ALLOW_COERCION_OF_SCALARS);

    private CompletableFuture<?> publish(String id, String subject, String type, String reason, String message) {
        String event = """
                {"specversion":"1.0","id":"%s","source":"https://github.com/shaowenchen/ops","type":"Kube","subject":"%s","datacontenttype":"application/json",\
                "time":"2026-05-01T10:20:30.5Z","data":{"type":"%s","reason":"%s","eventTime":"2026-05-01T10:20:30Z","from":"kubelet","message":"%s"},"cluster":"Prod.1"}""".formatted(id, subject, type, reason, message);
        Headers headers = new Headers();
        headers.put("Nats-Msg-Id", id);
        return bus.publish(subject, headers, event.getBytes(StandardCharsets.UTF_8));
    }

    private void publish(int from, int to) {
        List<CompletableFuture<?>> acks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            acks.add(publish(
                    "e" + i,
                    "ops.clusters.prod_1.namespaces.ns" + i % 3 + ".pods.pod-" + i % 10 + ".events",
                    i % 2 == 0 ? "Normal" : "Warning",
                    i % 5 == 0 ? "BackOff" : "Pulled",
                    "Message " + i));
            if (acks.size() == 500) {
                acks.forEach(CompletableFuture::join);
                acks.clear();
            }
        }
        acks.forEach(CompletableFuture::join);
    }

    private JsonNode events(String query) throws Exception {
        ApiClient.Answer answer = api.get("/api/v1/events/" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.data();
    }

    private static List<String> ids(JsonNode data) {
        return StreamSupport.stream(data.path("list").spliterator(), false)
                .map(row -> row.path("event").path("id").asText())
                .toList();
    }

    @Test
    void aClientOfTheOriginalDecodesBothShapes() throws Exception {
        publish(0, 3);
        Events events = GO.readValue(
                api.get(
                                "/api/v1/events/ops.clusters.*.namespaces.*.pods.*.events?page_size=2&page=1&start_time=1700000000000",
                                "Authorization",
                                "Bearer ops")
                        .body(),
                GO.getTypeFactory().constructType(Events.class));
        assertThat(events.code).isZero();
        assertThat(events.message).isEqualTo("success");
        assertThat(events.data.total).isEqualTo(3);
        assertThat(events.data.page_size).isEqualTo(2);
        assertThat(events.data.page).isEqualTo(1);
        assertThat(events.data.list).hasSize(2);
        assertThat(events.data.list.get(0).subject).isEqualTo("ops.clusters.prod_1.namespaces.ns2.pods.pod-2.events");
        assertThat(events.data.list.get(0).event)
                .isEqualTo(new CloudEvent(
                        "1.0",
                        "e2",
                        "https://github.com/shaowenchen/ops",
                        "Kube",
                        "ops.clusters.prod_1.namespaces.ns2.pods.pod-2.events",
                        "application/json",
                        Instant.parse("2026-05-01T10:20:30.5Z"),
                        new Kube("Normal", "Pulled", Instant.parse("2026-05-01T10:20:30Z"), "kubelet", "Message 2"),
                        "Prod.1"));
        assertThat(events("ops.>?page_size=1").path("list").path(0).path("time").asText())
                .matches("2026-05-01 \\d\\d:20:30");

        Subjects subjects = GO.readValue(
                api.get("/api/v1/events?search=pod-&page=1&page_size=2").body(), Subjects.class);
        assertThat(subjects.data.list)
                .containsExactly(
                        "ops.clusters.prod_1.namespaces.ns0.pods.pod-0.events",
                        "ops.clusters.prod_1.namespaces.ns1.pods.pod-1.events");
        assertThat(subjects.data.total).isEqualTo(3);
        assertThat(api.get("/api/v1/events?search=pod-&page=2&page_size=2")
                        .data()
                        .path("list"))
                .hasSize(1);
    }

    @Test
    void anEmptyRangeIsAnsweredAtOnceWithNull() throws Exception {
        long start = System.nanoTime();
        assertThat(api.get("/api/v1/events").body()).contains("\"list\":null,\"total\":0");
        assertThat(api.get("/api/v1/events/ops.none.x?timeout=60").body())
                .contains("\"list\":null,\"total\":0,\"total_exact\":true,\"next_cursor\":null");
        publish(0, 3);
        assertThat(events("ops.none.x").path("list").isNull()).isTrue();
        assertThat(events("ops.>?from=2100-01-01T00:00:00Z").path("list").isNull())
                .isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aCursorGoesOnBeyondAnySizeWhileEventsCome() throws Exception {
        publish(0, 3_500);
        List<String> seen = new ArrayList<>();
        String cursor = null;
        int more = 3_500;
        do {
            JsonNode page = events("ops.>?page_size=450" + (cursor == null ? "" : "&cursor=" + cursor));
            seen.addAll(ids(page));
            assertThat(page.path("total").asInt()).isEqualTo(more);
            cursor = page.path("next_cursor").isNull()
                    ? null
                    : page.path("next_cursor").asText();
            publish(more, more += 7);
        } while (cursor != null);
        assertThat(seen).hasSize(3_500).doesNotHaveDuplicates();
        assertThat(seen.get(0)).isEqualTo("e3499");
        assertThat(seen)
                .isSortedAccordingTo(Comparator.comparingInt((String id) -> Integer.parseInt(id.substring(1)))
                        .reversed());
    }

    @Test
    void pagesByNumberAndMaxLength() throws Exception {
        publish(0, 50);
        assertThat(ids(events("ops.>?page_size=10&page=2")))
                .startsWith("e39")
                .endsWith("e30")
                .hasSize(10);
        assertThat(events("ops.>?page_size=10&page=6").path("list").isNull()).isTrue();
        JsonNode last = events("ops.>?page_size=10&page=3&max_length=25");
        assertThat(ids(last)).containsExactly("e29", "e28", "e27", "e26", "e25");
        assertThat(last.path("total").asInt()).isEqualTo(25);
        assertThat(last.path("next_cursor").isNull()).isTrue();
        assertThat(events("ops.>?page_size=10&page=4&max_length=25")
                        .path("list")
                        .isNull())
                .isTrue();
        JsonNode first = events("ops.>?page_size=20&max_length=25");
        assertThat(ids(events("ops.>?page_size=20&max_length=25&cursor="
                        + first.path("next_cursor").asText())))
                .hasSize(5)
                .endsWith("e25");
        assertThat(events("ops.>?page_size=50").path("next_cursor").isNull())
                .as("nothing is older")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespace=ns1 | 20",
                "cluster=Prod.1 | 60",
                "cluster=elsewhere | 0",
                "kind=Pod | 60",
                "kind=pods | 60",
                "kind=Node | 0",
                "name=pod-3 | 6",
                "reason=BackOff | 12",
                "reason=backoff | 12",
                "type=Warning | 30",
                "type=warning&reason=BackOff | 6",
                "text=message 59 | 1",
                "text=MESSAGE 5 | 11",
                "namespace=ns1&name=pod-3 | 2"
            })
    void filtersSelect(String filter, int count) throws Exception {
        publish(0, 60);
        JsonNode data = events("ops.>?page_size=100&" + filter.replace(" ", "%20"));
        assertThat(ids(data)).hasSize(count);
        assertThat(data.path("total").asInt()).isEqualTo(count);
        assertThat(data.path("total_exact").asBoolean()).isTrue();
    }

    @Test
    void aFilteredPageSaysTheLeastThereAre() throws Exception {
        publish(0, 60);
        JsonNode page = events("ops.>?page_size=10&type=Warning");
        assertThat(ids(page)).startsWith("e59", "e57").hasSize(10);
        assertThat(page.path("total").asInt()).isEqualTo(11);
        assertThat(page.path("total_exact").asBoolean()).isFalse();
        JsonNode next = events("ops.>?page_size=100&type=Warning&cursor="
                + page.path("next_cursor").asText());
        assertThat(ids(next)).startsWith("e39").endsWith("e1").hasSize(20);
        assertThat(next.path("total").asInt()).isEqualTo(30);
    }

    @Test
    void fromAndToAreTimesOfStorage() throws Exception {
        publish(0, 20);
        Instant tenth = history.at(10
                        + history.newestFirst(Query.of("ops.>").limit(1))
                                .events()
                                .get(0)
                                .sequence()
                        - 20)
                .orElseThrow()
                .stored();
        Instant between = tenth.plusNanos(1);
        assertThat(ids(events("ops.>?page_size=100&from=" + between)))
                .hasSize(10)
                .endsWith("e10");
        assertThat(ids(events("ops.>?page_size=100&to=" + between))).hasSize(10).startsWith("e9");
        assertThat(ids(events("ops.>?page_size=100&from="
                        + Instant.now().plusSeconds(5).toEpochMilli())))
                .isEmpty();
        assertThat(ids(events("ops.>?page_size=100&from=" + between.atOffset(ZoneOffset.ofHours(8)))))
                .as("a + that means a space in a query")
                .hasSize(10);
        assertThat(ids(events("ops.>?page_size=100&start_time=0&to="
                        + Instant.now().plusSeconds(5).toEpochMilli())))
                .hasSize(20);
        assertThat(ids(events("ops.>?page_size=100&from=0&to=99999999999999999")))
                .hasSize(20);
    }

    @Test
    void whatIsNoCloudEventIsShownInsideOne() throws Exception {
        bus.publish("ops.raw.x", new Headers(), new byte[] {(byte) 0xff, 1}).join();
        bus.publish("ops.raw.y", new Headers(), "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8))
                .join();
        JsonNode list = events("ops.raw.*").path("list");
        assertThat(list).hasSize(2);
        assertThat(list.path(0).path("event").path("data").asText()).isEqualTo("<script>alert(1)</script>");
        assertThat(list.path(0).path("event").path("type").asText()).isEqualTo("Default");
        assertThat(list.path(1).path("event").path("data_base64").asText()).isEqualTo("/wE=");
        ApiClient.Answer answer = api.get("/api/v1/events/ops.raw.*");
        assertThat(answer.response().headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.response().headers().firstValue("X-Content-Type-Options"))
                .contains("nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ">",
                "*.>",
                "OPS.>",
                "*.clusters.>",
                "ops.clusters.prod_1.namespaces.ns0.pods.pod-0.events",
                "ops.clusters.*.namespaces.*.*.*.events"
            })
    void patternsAreSubjectsWithWildcards(String pattern) throws Exception {
        publish(0, 1);
        assertThat(ids(events(URLEncoder.encode(pattern, StandardCharsets.UTF_8))))
                .containsExactly("e0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ops..x | empty token",
                "ops.po* | only partly a wildcard",
                "ops.>.x | comes last",
                "nodes.x | not below ops",
                "ops.%20 | white space",
                "ops.>?page=0 | page is \"0\"",
                "ops.>?page_size=10001 | page_size is \"10001\"",
                "ops.>?page_size=x | whole number",
                "ops.>?from=yesterday | write a time as",
                "ops.>?cursor=abc | send next_cursor",
                "ops.>?page=2000&page_size=10000 | go on with next_cursor",
                "ops.>?max_length=-1 | max_length"
            })
    void aWrongQueryIsRefusedWithTheReason(String query, String reason) throws Exception {
        ApiClient.Answer answer = api.get("/api/v1/events/" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains(reason);
    }

    @Test
    void aPatternMayBeWrittenAsItIs() throws Exception {
        assertThat(api.raw("GET /api/v1/events/ops.> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(200);
    }

    @Test
    void noConsumerIsLeftBehind() throws Exception {
        publish(0, 30);
        events("ops.>?page_size=5&type=Warning&from=2020-01-01T00:00:00Z");
        assertThat(bus.management().getConsumerNames(Streams.OPS)).isEmpty();
    }
}
