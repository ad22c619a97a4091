package routes.hooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.ProcessorEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each built-in hook type sends. */
class HookTypesTest extends CallsEndpoint {

    private final ObjectMapper json = new ObjectMapper();

    private RecordingEndpoint.Request sent(String type, Map<String, String> given) throws Exception {
        hooks.deliver(type, given);
        return endpoint.request();
    }

    private Map<String, String> to(String target, String... more) {
        Map<String, String> given = new HashMap<>(Map.of("url", endpoint.url(target)));
        for (int i = 0; i < more.length; i += 2) {
            given.put(more[i], more[i + 1]);
        }
        return given;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|application/json|message",
                "text|application/json|message",
                "json|application/json|json",
                "cloudevents|application/cloudevents+json|event"
            })
    void webhookSendsWhatItsFormatSays(String format, String contentType, String variable) throws Exception {
        RecordingEndpoint.Request request = sent("webhook", to("/h", "format", format, variable, "{\"节\":\"<b>\"} \n"));

        assertThat(request.headers()).containsEntry("Content-Type", contentType);
        assertThat(request.body()).isEqualTo("{\"节\":\"<b>\"} \n");
    }

    @Test
    void xiezuoSendsATextMessage() throws Exception {
        RecordingEndpoint.Request request = sent("xiezuo", to("/h?key=k"));

        assertThat(request.target()).isEqualTo("/h?key=k");
        assertThat(request.headers()).containsEntry("Content-Type", "application/json");
        assertThat(request.body())
                .isEqualTo("{\"msgtype\":\"text\",\"markdown\":{\"text\":\"\"},\"text\":{\"content\":"
                        + "\"node: n1 \\nmessage: a \\u003cb\\u003e \\u0026 节点 \\n\"}}");
    }

    @Test
    void xiezuoSendsATextThatIsARobotMessageAsItIs() throws Exception {
        String message = " {\"msgtype\": \"markdown\", \"markdown\": {\"text\": \"# <hi>\"}}";
        assertThat(sent("xiezuo", to("/", "text", message, "message", message + "more"))
                        .body())
                .isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"msgtype\":\"\"}",
                "{\"msgtype\":7}",
                "{\"a\":1}",
                "[{\"msgtype\":\"text\"}]",
                "{\"msgtype\":\"text\"",
                "{"
            })
    void xiezuoWrapsJsonThatIsNoRobotMessage(String text) throws Exception {
        assertThat(sent("xiezuo", to("/", "text", text)).body()).startsWith("{\"msgtype\":\"text\",\"markdown\"");
    }

    @Test
    void dingtalkAndWecomSendATextMessage() throws Exception {
        String body =
                "{\"msgtype\":\"text\",\"text\":{\"content\":\"node: n1 \\nmessage: a \\u003cb\\u003e \\u0026 节点 \\n\"}}";
        for (String type : new String[] {"dingtalk", "wecom"}) {
            RecordingEndpoint.Request request = sent(type, to("/robot/send?access_token=t"));
            assertThat(request.body()).isEqualTo(body);
            assertThat(request.target()).isEqualTo("/robot/send?access_token=t");
            assertThat(request.headers()).containsEntry("Content-Type", "application/json");
        }
    }

    @Test
    void dingtalkSignsTheQuery() throws Exception {
        // computed with: printf '1772638200000\nSEC0' | openssl dgst -sha256 -hmac SEC0 -binary | base64
        String sign = "ZNO0LIUZreg8XTEtA+7yp01NilZIlC0lTXgOKhj58lE=";

        assertThat(sent("dingtalk", to("/robot/send?access_token=t", "secret", "SEC0"))
                        .target())
                .isEqualTo("/robot/send?access_token=t&timestamp=1772638200000&sign="
                        + sign.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"));
    }

    @Test
    void feishuSendsATextMessageThatMentionsNobody() throws Exception {
        RecordingEndpoint.Request request = sent("feishu", to("/hook/k", "text", "hi <at user_id=\"all\">x</at> \n"));

        assertThat(json.readTree(request.body()))
                .isEqualTo(json.readTree(
                        "{\"msg_type\":\"text\",\"content\":{\"text\":\"hi ＜at user_id=\\\"all\\\">x</at> \\n\"}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slack|<!here> <@U123>|/text",
                "feishu|<at user_id=\"ou_1\">x</at>|/content/text",
                "xiezuo|<at user_id=\"-1\">all</at>|/text/content",
                "dingtalk|@13800000000|/text/content",
                "wecom|@all|/text/content"
            })
    void whatTheHooksAuthorWritesMayMention(String type, String additional, String at) throws Exception {
        String event = "<!here> <at id=\"1\"> <AT id=\"2\">\n";
        String text = json.readTree(sent(type, to("/", "text", event, "additional", additional))
                        .body())
                .at(at)
                .asText();

        assertThat(text).endsWith("\n" + additional);
        if (!type.equals("dingtalk") && !type.equals("wecom")) { // where no text mentions anybody
            assertThat(text.substring(0, text.length() - additional.length()))
                    .doesNotContain("<at", "<AT")
                    .contains("at id=\"1\"");
        }
    }

    @Test
    void anEventCantBeginAMentionThatTheHooksOwnTextCompletes() throws Exception {
        for (String begun : new String[] {"<", "<a", "<A"}) {
            String body = sent("feishu", to("/", "text", begun, "additional", "t user_id=all>"))
                    .body();
            assertThat(json.readTree(body).at("/content/text").asText()).startsWith("＜");
        }
    }

    @Test
    void dingtalkAndWecomMentionWhomTheOptionsName() throws Exception {
        assertThat(json.readTree(sent(
                                        "dingtalk",
                                        to(
                                                "/",
                                                "atMobiles",
                                                "13800000000, 13900000000,",
                                                "atUserIds",
                                                "u\"1",
                                                "isAtAll",
                                                "true"))
                                .body())
                        .path("at"))
                .isEqualTo(
                        json.readTree(
                                "{\"atMobiles\":[\"13800000000\",\"13900000000\"],\"atUserIds\":[\"u\\\"1\"],\"isAtAll\":true}"));
        assertThat(json.readTree(sent(
                                        "wecom",
                                        to(
                                                "/",
                                                "mentioned_list",
                                                "wangqing,@all",
                                                "mentioned_mobile_list",
                                                "13800000000"))
                                .body())
                        .path("text"))
                .isEqualTo(json.readTree(
                        "{\"content\":\"node: n1 \\nmessage: a <b> & 节点 \\n\",\"mentioned_list\":[\"wangqing\",\"@all\"],"
                                + "\"mentioned_mobile_list\":[\"13800000000\"]}"));
    }

    @Test
    void feishuSignsInTheBody() throws Exception {
        // computed with: printf '' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '1772638200\nSEC0' | od -An
        // -tx1 | tr -d ' ') -binary | base64
        String sign = "zdE4dg7Gq3dlhm8k/o2SMhcC+52/7oBpJfz4GWh45lU=";

        var body = json.readTree(sent("feishu", to("/hook/k", "secret", "SEC0")).body());
        assertThat(body.path("timestamp").asText()).isEqualTo("1772638200");
        assertThat(body.path("sign").asText()).isEqualTo(sign);
    }

    @Test
    void slackEscapesItsControlCharacters() throws Exception {
        RecordingEndpoint.Request request = sent("slack", to("/services/T/B/X", "text", "<!channel> a & b \\u003c\n"));

        assertThat(json.readTree(request.body()))
                .isEqualTo(json.readTree("{\"text\":\"&lt;!channel&gt; a &amp; b \\\\u003c\\n\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dingtalk|{\"errcode\":310000,\"errmsg\":\"keywords not in content\"}|false",
                "dingtalk|{\"errcode\":130101,\"errmsg\":\"send too fast\"}|true",
                "wecom|{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}|false",
                "wecom|{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}|true",
                "wecom|{\"errcode\":-1,\"errmsg\":\"system error\"}|true",
                "feishu|{\"code\":19001,\"data\":{},\"msg\":\"param invalid\"}|false",
                "feishu|{\"code\":11232,\"msg\":\"frequency limited\"}|true",
                "feishu|{\"StatusCode\":19021,\"StatusMessage\":\"sign match fail\"}|false",
                "xiezuo|{\"code\":400,\"message\":\"bad key\"}|false",
                "xiezuo|{\"errcode\":503,\"message\":\"busy\"}|true"
            })
    void aChatThatRefusesWithA200HasNotDelivered(String type, String answer, boolean retry) {
        endpoint.answers("200 OK", "", answer);

        Failure failure = hooks.failure(type, to("/"));

        assertThat(failure.reason()).isEqualTo("chat-refused");
        assertThat(failure.retry()).isEqualTo(retry);
        assertThat(failure.status()).isEqualTo(200);
        assertThat(failure.detail()).matches("code -?[0-9]+: .+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ok",
                "{\"errcode\":0,\"errmsg\":\"ok\"}",
                "{\"StatusCode\":0,\"code\":0}",
                "{\"code\":\"19001\"}",
                "[]",
                "{\"errcode\":null}",
                "{"
            })
    void anAnswerWithoutAnErrorCodeIsADelivery(String answer) {
        endpoint.answers("200 OK", "", answer);
        for (String type : new String[] {"dingtalk", "wecom", "feishu", "xiezuo"}) {
            assertThat(hooks.call(type, to("/")).getException()).isNull();
        }
    }

    @Test
    void aWebhooksAnswerIsNotReadAsAChats() {
        endpoint.answers("200 OK", "", "{\"code\":19001}");
        assertThat(hooks.call("webhook", to("/")).getException()).isNull();
        assertThat(hooks.call("elasticsearch", to("/")).getException()).isNull();
        assertThat(hooks.call("slack", to("/")).getException()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // url | index | id | target; the event's time is 2026-03-04 in its own zone
                "/logs/_doc|''|''|/logs/_doc",
                "/logs/_doc/|''|''|/logs/_doc",
                "/logs/_doc|other|''|/other/_doc",
                "/logs/_doc|''|7|/logs/_doc/7",
                "/logs/_doc/6|''|7|/logs/_doc/7",
                "''|ops-{YYYY.MM.DD}|''|/ops-2026.03.04/_doc",
                "/|ops-{YYYY-MM-DD}|9|/ops-2026-03-04/_doc/9",
                "/es|{YYYY}-{YYYY.MM}-{YYYY-MM}-{YYYYMMDD}-{date}|''|/es/2026-2026.03-2026-03-20260304-2026.03.04/_doc",
                "/d-{YYYYMMDD}/_doc|''|''|/d-20260304/_doc",
                "''|''|''|/",
                "/bulk|''|7|/bulk",
                "/logs/_doc?pipeline=p&x=1+2|''|{delivery}|/logs/_doc/c1%2F6f1c%2F4711%2Fops-system%2Fnodes?pipeline=p&x=1+2",
                "''|a/../b 节|''|/a%2F..%2Fb%20%E8%8A%82/_doc"
            })
    void elasticsearchPutsItsAddressTogether(String url, String index, String id, String target) throws Exception {
        RecordingEndpoint.Request request = sent("elasticsearch", to(url, "index", index, "id", id));

        assertThat(request.target()).isEqualTo(target);
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/json")
                .doesNotContainKey("Authorization");
        assertThat(request.body()).isEqualTo("{\"reason\":\"NodeNotReady\"}");
    }

    @Test
    void elasticsearchAuthenticates() throws Exception {
        assertThat(sent("elasticsearch", to("/i/_doc", "username", "ü", "password", "p:w"))
                        .headers())
                .containsEntry("Authorization", "Basic w7w6cDp3");
    }

    @Test
    void elasticsearchAuthenticatesByKey() throws Exception {
        assertThat(sent("elasticsearch", to("/i/_doc", "apiKey", "VnVhQ2ZHY0JDZGJrU", "username", "u"))
                        .headers())
                .containsEntry("Authorization", "ApiKey VnVhQ2ZHY0JDZGJrU");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // url | dataStream | data | target | document
                "/ds?op_type=create||{\"a\":1.0}|/ds/i/_doc?op_type=create|{\"@timestamp\":\"2026-03-04T23:30:00+08:00\",\"a\":1.0}",
                "/ds|true|{}|/ds/i/_doc?op_type=create|{\"@timestamp\":\"2026-03-04T23:30:00+08:00\"}",
                "/ds?x=y|true|{\"@timestamp\":7}|/ds/i/_doc?x=y&op_type=create|{\"@timestamp\":7}",
                "/ds|true|{\"eventTime\":\"2026-01-02T03:04:05Z\"}|/ds/i/_doc?op_type=create|{\"@timestamp\":\"2026-01-02T03:04:05Z\",\"eventTime\":\"2026-01-02T03:04:05Z\"}",
                "/ds|false|{\"a\":1}|/ds/i/_doc|{\"a\":1}"
            })
    void aDocumentForADataStreamIsCreatedAndHasATime(
            String url, String dataStream, String data, String target, String document) throws Exception {
        RecordingEndpoint.Request request = sent(
                "elasticsearch",
                to(url, "index", "i", "dataStream", dataStream == null ? "" : dataStream, "data", data));

        assertThat(request.target()).isEqualTo(target);
        assertThat(request.body()).isEqualTo(document);
    }

    @Test
    void aDocumentThatAnAttemptBeforeHasCreatedIsStored() {
        endpoint.answers("409 Conflict", "", "{}");
        assertThat(hooks.call("elasticsearch", to("/", "index", "i", "dataStream", "true", "id", "{delivery}"))
                        .getException())
                .isNull();
        assertThat(hooks.failure("elasticsearch", to("/", "index", "i", "dataStream", "true", "id", "7"))
                        .reason())
                .isEqualTo("http-409");
        assertThat(hooks.failure("elasticsearch", to("/", "index", "i", "id", "{delivery}"))
                        .reason())
                .isEqualTo("http-409");
        endpoint.answers("400 Bad Request", "", "{}");
        assertThat(hooks.failure("elasticsearch", to("/", "index", "i", "dataStream", "true", "id", "{delivery}"))
                        .reason())
                .isEqualTo("http-400");
    }

    @Test
    void anEventWithoutATimeGoesIntoTheIndexOfItsAttempt() throws Exception {
        assertThat(sent("elasticsearch", to("", "index", "i-{date}", "time", ""))
                        .target())
                .isEqualTo("/i-2026.03.04/_doc");
    }

    @Test
    void camelSendsToAnyEndpoint() throws Exception {
        hooks.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:theirs").setVariable("global:got").body();
            }
        });
        var producer = hooks.context().createProducerTemplate();
        Exchange exchange = producer.request("kamelet:camel/their-hook?url=RAW(direct:theirs)", in -> {
            in.setVariable("format", "text");
            in.setVariable("message", "hello ${body}\n");
        });
        assertThat(exchange.getException()).isNull();
        assertThat(hooks.context().getVariable("global:got")).isEqualTo("hello ${body}\n");
    }

    /** Stands in the place of the nats: scheme and keeps what arrives; what NATS makes of it is tested with NATS. */
    private static final class NatsEnd extends DefaultComponent {

        private final BlockingQueue<Exchange> published = new LinkedBlockingQueue<>();

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.clear();
            return new ProcessorEndpoint(uri, getCamelContext(), exchange -> published.add(exchange.copy()));
        }
    }

    @Test
    void eventHandsSubjectIdAndEnvelopeToNatsAndNothingElse() throws Exception {
        NatsEnd nats = new NatsEnd();
        hooks.context().addComponent("nats", nats);

        hooks.deliver("event", Map.of("url", "alerts", "target", "ops.clusters.c1.nodes.n1.alerts"));

        Exchange published = nats.published.poll(5, TimeUnit.SECONDS);
        assertThat(published).isNotNull();
        assertThat(published.getMessage().getHeaders())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "CamelNatsSubject",
                        "ops.clusters.c1.nodes.n1.alerts",
                        "Nats-Msg-Id",
                        "c1/6f1c/4711/ops-system/nodes"));
        assertThat(published.getMessage().getBody(String.class)).isEqualTo("{\"specversion\":\"1.0\",\"id\":\"e1\"}");
    }
}
