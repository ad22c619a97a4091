package routes.nats.history;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.nats.NatsBus;

/** The beans of those who read history. */
@Configuration(proxyBeanMethods = false)
class HistoryConfig {

    @Bean(initMethod = "start", destroyMethod = "close")
    HistoryReads historyReads(NatsBus bus, HistoryProperties properties, ObjectProvider<MeterRegistry> metrics) {
        HistoryReads reads = new HistoryReads(bus, properties);
        metrics.ifAvailable(reads::measure);
        return reads;
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    EventFollower eventFollower(HistoryReads reads, HistoryProperties properties) {
        return new EventFollower(reads, properties);
    }

    @Bean
    EventHistory eventHistory(HistoryReads reads, EventFollower follower) {
        return new EventHistory(reads.bus(), follower);
    }

    @Bean
    EventFinder eventFinder(EventFollower follower, EventHistory history) {
        return new EventFinder(follower, history);
    }
}
