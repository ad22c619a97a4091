package routes.hooks.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import routes.hooks.http.chat.ChatAnswer;
import routes.hooks.http.chat.ChatText;
import routes.hooks.http.chat.DingTalkRequest;
import routes.hooks.http.chat.FeishuRequest;
import routes.hooks.http.chat.WeComRequest;
import routes.hooks.http.chat.XiezuoRequest;
import routes.net.ProxyEnvironment;

/**
 * The real hook types and the real http-post route in a Camel context of their own, called as the worker calls them.
 */
final class HookCall implements AutoCloseable {

    static final HttpSettings QUICK = new HttpSettings(Duration.ofMillis(500), Duration.ofMillis(500), 16);

    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate producer;
    private final HookHttpClient client;

    HookCall(HttpSettings settings) throws Exception {
        this(settings, Map.of());
    }

    HookCall(HttpSettings settings, Map<String, String> environment) throws Exception {
        this(settings, environment, new EgressSettings(List.of("*"), List.of()), SystemDefaultDnsResolver.INSTANCE);
    }

    /** @param environment where HTTP_PROXY and its like are */
    HookCall(HttpSettings settings, Map<String, String> environment, EgressSettings egress, DnsResolver dns)
            throws Exception {
        this(settings, HttpTlsSettings.NONE, environment, egress, dns);
    }

    HookCall(
            HttpSettings settings,
            HttpTlsSettings tls,
            Map<String, String> environment,
            EgressSettings egress,
            DnsResolver dns)
            throws Exception {
        EgressRule rule = new EgressRule(egress, null, ProxyEnvironment.of(environment));
        client = new HookHttpClient(settings, rule, new HookTls(tls, rule), dns);
        context.getRegistry().bind("hookHttpClient", client);
        context.getRegistry().bind("hookRequest", new HookRequest());
        context.getRegistry().bind("chatAnswer", new ChatAnswer());
        context.getRegistry().bind("xiezuoRequest", new XiezuoRequest());
        context.getRegistry().bind("elasticsearchRequest", new ElasticsearchRequest());
        context.getRegistry().bind("chatText", new ChatText());
        context.getRegistry().bind("wecomRequest", new WeComRequest());
        context.getRegistry().bind("dingtalkRequest", new DingTalkRequest());
        context.getRegistry().bind("feishuRequest", new FeishuRequest());
        context.getComponent("kamelet", KameletComponent.class).setLocation("classpath:camel/types");
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(
                        ResourceHelper.resolveMandatoryResource(context, "classpath:camel/failures.yaml"),
                        ResourceHelper.resolveMandatoryResource(context, "classpath:camel/http-post.yaml"));
        context.start();
        producer = context.createProducerTemplate();
    }

    CamelContext context() {
        return context;
    }

    /** As {@link #failure}, for a hook that a custom resource has; null when it delivers. */
    Failure failureOfResource(String url, String... more) {
        Map<String, String> variables = variables();
        variables.put("url", url);
        for (int i = 0; i < more.length; i += 2) {
            variables.put(more[i], more[i + 1]);
        }
        Exchange exchange = producer.request("kamelet:webhook/webhook", asked -> {
            variables.forEach(asked::setVariable);
            Author.RESOURCE.writeTo(asked);
        });
        return exchange.getException() == null ? null : Failure.of(exchange.getException());
    }

    /** Calls a type as the route of a hook does; {@code given} are variables that differ from {@link #variables}. */
    Exchange call(String type, Map<String, String> given) {
        Map<String, String> variables = variables();
        variables.putAll(given);
        return producer.request("kamelet:" + type + "/" + type, exchange -> variables.forEach(exchange::setVariable));
    }

    /** As {@link #call}, for a hook that must succeed. */
    void deliver(String type, Map<String, String> given) throws Exception {
        Exchange exchange = call(type, given);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    Failure failure(String type, Map<String, String> given) {
        Exchange exchange = call(type, given);
        if (exchange.getException() == null) {
            throw new AssertionError("the call succeeded");
        }
        return Failure.of(exchange.getException());
    }

    private static Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        for (String empty : new String[] {"format", "index", "id", "username", "password", "secret", "additional"}) {
            variables.put(empty, "");
        }
        variables.put("text", "node: n1 \nmessage: a <b> & 节点 \n");
        variables.put("message", "node: n1 \nmessage: a <b> & 节点 \n");
        variables.put("messageJson", "\"node: n1 \\nmessage: a \\u003cb\\u003e \\u0026 节点 \\n\"");
        variables.put("data", "{\"reason\":\"NodeNotReady\"}");
        variables.put("event", "{\"specversion\":\"1.0\",\"id\":\"e1\"}");
        variables.put("json", "{\"subject\":\"ops.clusters.c1.nodes.n1.events\"}");
        variables.put("subject", "ops.clusters.c1.nodes.n1.events");
        variables.put("time", "2026-03-04T23:30:00+08:00");
        variables.put("hook", "ops-system/nodes");
        variables.put("deliveryId", "c1/6f1c/4711/ops-system/nodes");
        variables.put("attempt", "2");
        variables.put("timestamp", "1772638200");
        return variables;
    }

    @Override
    public void close() throws Exception {
        context.stop();
        client.destroy();
    }
}
