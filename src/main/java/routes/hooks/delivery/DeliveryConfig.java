package routes.hooks.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.hooks.http.Standstills;
import routes.nats.DeadLetterStream;
import routes.nats.NatsBus;
import routes.nats.history.HistoryReads;

/** The beans of delivery. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfig {

    @Bean
    AttemptLog attemptLog(NatsBus bus, MeterRegistry metrics) {
        return new AttemptLog(bus, metrics);
    }

    @Bean
    DeliveryStore deliveryStore(NatsBus bus, DeadLetterStream letters, MeterRegistry metrics, AttemptLog attempts) {
        return new DeliveryStore(bus, letters, new DeadLetterLog(metrics, attempts));
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
    Dispatcher dispatcher(
            Targets targets,
            DeliveryStore store,
            AttemptLog attempts,
            DeliveryProperties properties,
            Workers workers,
            Standstills standstills,
            Recovery recovery) {
        return new Dispatcher(
                targets,
                store,
                attempts,
                RetryLevel.ladder(properties.retryLevels()),
                properties,
                workers,
                standstills,
                recovery);
    }

    @Bean
    RetryRoutes retryRoutes(NatsBus bus, DeliveryProperties properties) {
        return new RetryRoutes(bus, RetryLevel.ladder(properties.retryLevels()));
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Recovery recovery(RetryRoutes ladder) {
        return new Recovery(ladder, System::nanoTime);
    }

    /** For each {@link NextStep} of a split, or what becomes one. */
    @Bean
    Processor nextStep() {
        return exchange -> exchange.getMessage().getBody(Processor.class).process(exchange);
    }

    @Bean
    Bury bury(DeliveryStore store) {
        return new Bury(store);
    }

    @Bean
    ReturningDeliveries returningDeliveries(
            NatsBus bus,
            Targets targets,
            DeliveryStore store,
            Dispatcher delivery,
            DeliveryProperties properties,
            RetryRoutes retries) {
        return new ReturningDeliveries(
                bus, targets, store, delivery, RetryLevel.ladder(properties.retryLevels()), retries);
    }

    /** What is on record is read over the connection for history. */
    @Bean
    AttemptHistory attemptHistory(HistoryReads reads) {
        return new AttemptHistory(reads.bus());
    }

    @Bean
    WaitingDeliveries waitingDeliveries(HistoryReads reads) {
        return new WaitingDeliveries(reads.bus());
    }
}
