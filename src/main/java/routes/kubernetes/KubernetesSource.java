package routes.kubernetes;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans behind {@code kubernetes-events:}. */
@Configuration(proxyBeanMethods = false)
class KubernetesSource {

    @Bean
    WatchStatus kubernetesWatchStatus() {
        return new WatchStatus(Clock.systemUTC());
    }

    /** Under the name that Camel looks a component up by, so it takes the place of the starter's. */
    @Bean("kubernetes-events-component")
    EventsComponent kubernetesEventsComponent(
            KubernetesProperties properties,
            KubernetesAccess access,
            ObjectProvider<LastSeen> lastSeen,
            WatchStatus status,
            @Value("${opsbus.cluster:${EVENT_CLUSTER:default}}") String cluster) {
        EventsComponent component = new EventsComponent(
                properties, cluster, lastSeen.getIfAvailable(NotStored::new), status, Clock.systemUTC());
        access.client().ifPresent(component::setKubernetesClient);
        return component;
    }

    @Bean
    FirstWatch kubernetesFirstWatch(KubernetesProperties properties, ObjectProvider<LastSeen> lastSeen) {
        return new FirstWatch(lastSeen.getIfAvailable(NotStored::new), properties.firstStart(), Clock.systemUTC());
    }

    @Bean
    MeterBinder publishedKubernetesEvents(WatchStatus status) {
        return registry -> FunctionCounter.builder("opsbus.events.published", status, WatchStatus::published)
                .description("Operations events stored by NATS, without those it had already")
                .tag("source", "kubernetes")
                .register(registry);
    }

    /** Without a store, only gaps within the life of the process are noticed. */
    private static final class NotStored implements LastSeen {

        @Override
        public Optional<Instant> read() {
            return Optional.empty();
        }

        @Override
        public void write(Instant lastSeen) {
            // nowhere
        }

        @Override
        public Optional<Instant> firstWatch(Instant now) {
            return Optional.of(now);
        }
    }
}
