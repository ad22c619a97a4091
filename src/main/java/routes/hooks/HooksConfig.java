package routes.hooks;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.StartupConditionStrategy;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelSpringBootApplicationController;
import org.apache.camel.spring.spi.CamelBeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.hooks.delivery.AttemptHistory;
import routes.hooks.delivery.AttemptLog;
import routes.hooks.delivery.DeadLetters;
import routes.hooks.delivery.DeliveryStore;
import routes.hooks.delivery.Dispatcher;
import routes.hooks.delivery.HookMetrics;
import routes.hooks.delivery.ReturningDeliveries;
import routes.hooks.delivery.WaitingDeliveries;
import routes.hooks.match.MatchLimit;
import routes.hooks.sources.CamelRouteFiles;
import routes.hooks.sources.HookFiles;
import routes.hooks.sources.HookResources;
import routes.hooks.sources.HooksProperties;
import routes.hooks.sources.WrittenHooks;
import routes.nats.DeadLetterStream;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;
import routes.nats.history.EventFollower;

/** The beans of hooks and routing. */
@Configuration(proxyBeanMethods = false)
class HooksConfig {

    /** As CamelAutoConfiguration makes its own. */
    @Bean(destroyMethod = "")
    HookCamelContext camelContext(
            ApplicationContext application,
            CamelConfigurationProperties properties,
            CamelBeanPostProcessor beans,
            StartupConditionStrategy condition)
            throws Exception {
        CamelSpringBootApplicationController controller = new CamelSpringBootApplicationController(application);
        HookCamelContext camel =
                new HookCamelContext(application, properties.getMain().isWarnOnEarlyShutdown(), controller);
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
    PausedHooks pausedHooks(KeyValueState state, NatsBus bus) {
        return new PausedHooks(state, bus);
    }

    @Bean
    EventMatches eventMatches(
            HookRegistry registry,
            DeliveryStore store,
            DeadLetterStream letters,
            AttemptLog attempts,
            EventFollower history,
            MeterRegistry metrics) {
        return new EventMatches(registry, store, letters, attempts, history, metrics);
    }

    @Bean
    HookWatch hookWatch(NatsBus bus, HookRegistry registry, PausedHooks paused, ReturningDeliveries returning) {
        return new HookWatch(bus, registry, paused, returning);
    }

    @Bean
    HookReconciler hookReconciler(
            HookFiles files,
            HookResources resources,
            WrittenHooks written,
            HookRegistry registry,
            CamelContext camel,
            MeterRegistry metrics,
            PausedHooks paused,
            CamelRouteFiles routeFiles) {
        Function<String, HookReconciler.HookBirth> births =
                id -> new HookReconciler.HookBirth(new HookMetrics(metrics, id), () -> paused.mayContain(id));
        return new HookReconciler(files, resources, written, registry, new HookRoutes(camel), routeFiles, births);
    }

    @Bean
    HookLifecycle hooks(
            CamelContext camel,
            HookReconciler reconciler,
            HookRegistry registry,
            PausedHooks paused,
            HookWatch watch,
            Dispatcher deliveries,
            MeterRegistry metrics,
            HooksProperties properties) {
        return new HookLifecycle(
                camel, reconciler, registry, paused, watch, deliveries, metrics, properties.poll(), System::nanoTime);
    }

    @Bean
    HookStates hookStates(
            HookRegistry registry, PausedHooks paused, MeterRegistry metrics, CamelRouteFiles routeFiles) {
        return new HookStates(registry, paused, metrics, routeFiles);
    }

    @Bean
    HookControl hookControl(HookStates states, HookRegistry registry, PausedHooks paused, HookWatch watch) {
        return new HookControl(states, registry, paused, watch);
    }

    @Bean
    HooksMBean hooksMBean(CamelContext camel, HookStates states, HookControl control, DeadLetters deadLetters) {
        return new HooksMBean(camel, states, control, deadLetters);
    }

    @Bean
    Explanations explanations(
            HookRegistry registry, HookStates states, AttemptHistory history, WaitingDeliveries waiting) {
        return new Explanations(registry, states, history, waiting, MatchLimit.LONGEST);
    }
}
