package routes.hooks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spring.spi.ApplicationContextBeanRepository;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.type.filter.AssignableTypeFilter;
import routes.event.OpsEvent;
import routes.event.Subject;
import routes.hooks.delivery.Delivery;
import routes.hooks.delivery.Failed;
import routes.hooks.http.Redacted;
import routes.hooks.match.HookMatcher;
import routes.hooks.match.HookMatcher.Verdict;
import routes.hooks.match.MatchLimit;
import routes.hooks.match.MatchTooSlowException;
import routes.hooks.match.MeteredMatching;
import routes.hooks.sources.CamelProblem;
import routes.hooks.spec.EventHook;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookTypes;
import routes.nats.OpsNatsComponent;

/**
 * What hooks would do with an event, without doing it: the matcher, variables, hook routes and Kamelets of the real
 * thing, in a Camel context of its own that catches whatever would leave the process. Needs neither NATS nor a network.
 * Not safe for several threads.
 */
public final class DryRun implements AutoCloseable {

    /**
     * @param why the clause that decided: {@link Verdict#why()}, with {@code (paused)} behind it for a delivery that
     *     would wait until the hook is resumed; {@code loop: …} or {@code bad-target: …} for an event that would not be
     *     forwarded
     * @param target the url without its user and password, subject or endpoint; null when it does not fire
     * @param body what would be sent; null when it does not fire or the type sends nothing
     * @param failure why an attempt would fail before it left, or null
     */
    public record Answer(boolean fires, String why, String target, String body, String failure) {

        private static Answer no(String why) {
            return new Answer(false, why, null, null, null);
        }
    }

    private record Prepared(Hook hook, HookMatcher matcher) {}

    private final GenericApplicationContext steps = new GenericApplicationContext();
    private final CamelContext camel;
    private final HookTypes types;
    private final HookRoutes routes;
    private final Map<EventHook, Prepared> prepared = new LinkedHashMap<>();
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();

    private record Sent(String body) {}

    /**
     * @param types the types of all hooks to come
     * @param kamelets YAML of those that are not built in, by file
     */
    public DryRun(HookTypes types, Map<Path, String> kamelets) throws Exception {
        this.types = types;
        ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(steps, false);
        scanner.addIncludeFilter(new AssignableTypeFilter(Processor.class));
        scanner.getBeanDefinitionDefaults().setLazyInit(true);
        scanner.scan("routes.hooks.http");
        steps.refresh();
        camel = new DefaultCamelContext(new DefaultRegistry(new ApplicationContextBeanRepository(steps)));
        camel.disableJMX();
        camel.getRegistry().bind("hookHttpClient", (HttpClientConfigurer) client -> {});
        camel.addComponent("nats", new OpsNatsComponent(null, null)); // its endpoints are caught before they connect
        camel.getComponent("kamelet", KameletComponent.class).setLocation("classpath:camel/types");
        camel.getCamelContextExtension()
                .registerEndpointCallback((uri, endpoint) -> leaves(uri) ? new Caught(endpoint) : endpoint);
        load(ResourceHelper.resolveMandatoryResource(camel, "classpath:camel/failures.yaml"));
        load(ResourceHelper.resolveMandatoryResource(camel, "classpath:camel/http-post.yaml"));
        for (Map.Entry<Path, String> kamelet : kamelets.entrySet()) {
            load(ResourceHelper.fromString(kamelet.getKey().getFileName().toString(), kamelet.getValue()));
        }
        camel.start();
        routes = new HookRoutes(camel);
    }

    private void load(org.apache.camel.spi.Resource resource) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(resource);
    }

    private static boolean leaves(String uri) {
        return !uri.startsWith("kamelet:")
                && !uri.startsWith("bean:")
                && !uri.startsWith("class:")
                && !uri.startsWith("direct://http-post")
                && !uri.startsWith("direct://hook:");
    }

    /** Brings up the routes of these hooks; returns why some can't run. */
    public List<HookProblem> add(Collection<EventHook> hooks) throws Exception {
        List<HookProblem> problems = new ArrayList<>();
        List<Hook> shared = new ArrayList<>();
        for (EventHook spec : hooks) {
            Hook hook = new Hook(spec, types.find(spec.type()).orElseThrow(), null, () -> false);
            prepared.put(spec, new Prepared(hook, new HookMatcher(spec)));
            if (HookRoutes.shares(hook.type())) {
                shared.add(hook);
                continue;
            }
            try {
                routes.add(hook);
            } catch (Exception e) {
                prepared.remove(spec);
                problems.add(new HookProblem(
                        spec.origin(),
                        hook.id(),
                        "Camel can't run it: " + CamelProblem.of(e).message()));
            }
        }
        routes.addShared(shared);
        return problems;
    }

    /** What this hook, added before, would do with this event. */
    public Answer ask(EventHook spec, OpsEvent event) {
        Prepared asked = prepared.get(spec);
        Verdict verdict;
        try {
            verdict = Subject.isOps(event.subject())
                    ? asked.matcher.decide(event.subject(), event.text(), MeteredMatching.within(MatchLimit.LONGEST))
                    : new Verdict(false, "subject"); // nobody listens outside the stream
        } catch (MatchTooSlowException e) {
            return Answer.no("match-too-slow: " + e.getMessage());
        }
        if (!verdict.fires()) {
            return Answer.no(verdict.why());
        }
        Failed failed = asked.hook.whyNot(event);
        if (failed != null) {
            return Answer.no(failed.reason() + ": " + failed.detail());
        }
        return attempt(asked.hook, event, verdict.why() + (spec.paused() ? " (paused)" : ""));
    }

    private Answer attempt(Hook hook, OpsEvent event, String why) {
        sent.clear();
        Exchange exchange = hook.call(event, Delivery.id(event.id(), Delivery.source(event), hook.id()), Instant.now());
        String target = List.of("target", "requestUrl", "url").stream()
                .map(name -> exchange.getVariable(name, String.class))
                .filter(value -> value != null)
                .findFirst()
                .orElse(hook.spec().url());
        // what failed on its way out, for its url, is the body all the same
        String body = sent.isEmpty() ? text(exchange.getMessage()) : sent.peek().body;
        return new Answer(
                true,
                why,
                Redacted.withoutUser(target),
                body,
                exchange.getException() == null
                        ? null
                        : CamelProblem.of(exchange.getException()).message());
    }

    private static String text(Message message) {
        return message.getBody() instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : message.getBody(String.class);
    }

    @Override
    public void close() {
        camel.stop();
        steps.close();
    }

    /** Stands in for an endpoint that would do something: takes the message and answers nothing. */
    private final class Caught extends DefaultEndpoint {

        private Caught(Endpoint original) {
            super(original.getEndpointUri(), null);
            setCamelContext(original.getCamelContext());
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    Message message = exchange.getMessage();
                    sent.add(new Sent(text(message)));
                    message.setBody(new byte[0]);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("a dry run only sends; " + getEndpointUri() + " receives");
        }

        @Override
        public boolean isLenientProperties() {
            return true;
        }
    }
}
