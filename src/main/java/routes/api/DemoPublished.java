package routes.api;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The last step of route {@code demo-incident}: counts what NATS has stored. Outside a demo there is no such figure.
 */
@Component("demoPublished")
public class DemoPublished implements Processor, MeterBinder {

    private final DemoProperties properties;
    private final LongAdder published = new LongAdder();

    public DemoPublished(DemoProperties properties) {
        this.properties = properties;
    }

    @Override
    public void process(Exchange exchange) {
        published.increment();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (properties.demo()) {
            FunctionCounter.builder("opsbus.events.published", published, LongAdder::sum)
                    .description("Operations events stored by NATS, without those it had already")
                    .tag("source", "demo")
                    .register(registry);
        }
    }
}
