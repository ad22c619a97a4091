package routes.api.events;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import routes.nats.history.HistoryReads;
import routes.nats.history.OldestFirst;

/** The beans of the live tail. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class TailConfig {

    private static final String PATH = "/api/v1/events/*/stream";
    /** Camel's has -1. */
    private static final int BEFORE_CAMEL = -2;

    @Bean(destroyMethod = "end")
    EventTail eventTail(CamelContext camel, HistoryReads reads, TailProperties properties, MeterRegistry metrics) {
        return new EventTail(camel, new OldestFirst(reads), properties, metrics);
    }

    @Bean
    SimpleUrlHandlerMapping tailMapping(EventTail tail) {
        return new SimpleUrlHandlerMapping(Map.of(PATH, new TailDoor(tail)), BEFORE_CAMEL);
    }

    /** Comes before the web server begins to wait for the requests that are under way. */
    @Bean
    ApplicationListener<ContextClosedEvent> tailEnd(EventTail tail) {
        return closed -> tail.close();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tailAbort() {
        return tomcat -> tomcat.addEngineValves(new TailAbort());
    }
}
