package routes.hooks;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.StartupConditionStrategy;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelSpringBootApplicationController;
import org.apache.camel.spring.spi.CamelBeanPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.hooks.http.EgressRule;
import routes.nats.DeadLetterStream;
import routes.nats.HistoryReads;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;

/** The beans of hooks, routing and delivery. */
@Configuration(proxyBeanMethods = false)
class HooksConfig {

    private static final int MOST_WAITING = 4_096;

    /** As CamelAutoConfiguration makes its own. */
    @Bean(destroyMethod = "")
    HookCamelContext camelContext(ApplicationContext application, CamelConfigurationProperties properties, CamelBeanPostProcessor beans,
                                  StartupConditionStrategy condition) throws Exception {
        CamelSpringBootApplicationController controller = new CamelSpringBootApplicationController(application);
        HookCamelContext camel = new HookCamelContext(application, properties.getMain().isWarnOnEarlyShutdown(), controller);
        controller.setCamelContext(camel);
        beans.setCamelContext(camel);
        camel.getCamelContextExtension().addContextPlugin(org.apache.camel.spi.CamelBeanPostProcessor.class, beans);
        camel.getCamelContextExtension().addContextPlugin(StartupConditionStrategy.class, condition);
        CamelAutoConfiguration.doConfigureCamelContext(application, camel, properties, controller);
        return camel;
    }

    @Bean
    HookRegistry hookRegistry() {
        return new HookRegistry();
    }

    @Bean
    AttemptLog attemptLog(NatsBus bus, MeterRegistry metrics) {
        return new AttemptLog(bus, metrics);
    }

    @Bean
    PausedHooks pausedHooks(KeyValueState state, NatsBus bus) {
        return new PausedHooks(state, bus);
    }

    @Bean
    DeliveryStore deliveryStore(NatsBus bus, DeadLetterStream letters, MeterRegistry metrics, AttemptLog attempts) {
        return new DeliveryStore(bus, letters, new DeadLetterLog(metrics, attempts));
    }

    @Bean
    EventRouter eventRouter(HookRegistry registry, DeliveryStore store, DeadLetterStream letters, AttemptLog attempts, MeterRegistry metrics) {
        return new EventRouter(registry, store, letters, attempts, metrics);
    }

    @Bean(destroyMethod = "close")
    Workers hookWorkers(DeliveryProperties properties) {
        return new Workers(properties.workers());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Standstills standstills() {
        return new Standstills(System::nanoTime);
    }

    @Bean
    HookDelivery hookDelivery(HookRegistry registry, DeliveryStore store, AttemptLog attempts, DeliveryProperties properties, Workers workers,
                              Standstills standstills) {
        return new HookDelivery(registry, store, attempts, RetryLevel.ladder(properties.retryLevels()), properties, workers, standstills);
    }

    @Bean
    HookDeliveryRoute hookDeliveryRoute(HookDelivery delivery, DeliveryProperties properties) {
        return new HookDeliveryRoute(RetryLevel.ladder(properties.retryLevels()), delivery);
    }

    @Bean
    Caretaker caretaker(NatsBus bus, HookRegistry registry, DeliveryStore store, PausedHooks paused, HookDelivery delivery, DeliveryProperties properties) {
        return new Caretaker(bus, registry, store, paused, RetryLevel.ladder(properties.retryLevels()), delivery::has, properties);
    }

    @Bean
    HookReconciler hookReconciler(HooksProperties hooks, DeliveryProperties delivery, ObjectProvider<HookResources> resources, HookRegistry registry,
                                  CamelContext camel, MeterRegistry metrics, EndpointRules rules, EgressRule egress, ObjectProvider<HookEnvironment> environment,
                                  PausedHooks paused, CamelRouteFiles routeFiles) {
        List<RetryLevel> ladder = RetryLevel.ladder(delivery.retryLevels());
        AtomicInteger waiting = new AtomicInteger();
        Function<String, HookReconciler.HookBirth> births = id -> new HookReconciler.HookBirth(
                new Lane<>(delivery.inFlight(), ladder, waiting, MOST_WAITING, System::nanoTime), new HookMetrics(metrics, id), () -> paused.mayContain(id));
        return new HookReconciler(new HookFiles(hooks.dir(), hooks.settle(), System::nanoTime), resources.getIfAvailable(() -> HookResources.NONE), HookTypes.builtIn(),
                rules, hook -> HookUrl.forbidden(hook, egress), registry, new HookRoutes(camel), routeFiles, births, environment.getIfAvailable(() -> System::getenv)::value);
    }

    @Bean
    CamelRouteFiles camelRouteFiles(CamelContext camel) {
        return new CamelRouteFiles(camel);
    }

    @Bean
    HookLifecycle hooks(CamelContext camel, HookReconciler reconciler, HookRegistry registry, PausedHooks paused, Caretaker caretaker, MeterRegistry metrics,
                        HooksProperties properties) {
        return new HookLifecycle(camel, reconciler, registry, paused, caretaker, metrics, properties.poll(), System::nanoTime);
    }

    @Bean
    HookStates hookStates(HookRegistry registry, PausedHooks paused, MeterRegistry metrics, CamelRouteFiles routeFiles) {
        return new HookStates(registry, paused, metrics, routeFiles);
    }

    @Bean
    HookControl hookControl(HookStates states, HookRegistry registry, PausedHooks paused, Caretaker caretaker) {
        return new HookControl(states, registry, paused, caretaker);
    }

    @Bean
    HooksMBean hooksMBean(CamelContext camel, HookStates states, HookControl control, DeadLetters deadLetters) {
        return new HooksMBean(camel, states, control, deadLetters);
    }

    @Bean
    Explanations explanations(HookRegistry registry, HookStates states, HistoryReads reads) {
        return new Explanations(registry, states, new AttemptHistory(reads.bus()), new WaitingDeliveries(reads.bus()), MatchLimit.LONGEST);
    }
}
