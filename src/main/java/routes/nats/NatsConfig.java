package routes.nats;

import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.Options;
import java.io.IOException;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of the bus. */
@Configuration(proxyBeanMethods = false)
class NatsConfig {

    @Bean(initMethod = "start", destroyMethod = "close")
    NatsBus natsBus(NatsOptions options, NatsProperties properties) {
        return new NatsBus(options, properties.jetStream(), NatsConnector.ASK_EVERY);
    }

    @Bean(destroyMethod = "close")
    NatsOptions natsOptions(NatsProperties properties) throws IOException {
        return new NatsOptions(properties);
    }

    @Bean
    Streams streams(NatsBus bus, StreamsProperties shape) {
        Streams streams = new Streams(bus, shape);
        bus.onConnected(streams::ensureSoon); // others publish too, and must find the stream before our hooks are read
        return streams;
    }

    @Bean
    KeyValueState keyValueState(NatsBus bus, StreamsProperties shape) {
        return new KeyValueState(bus, shape);
    }

    @Bean
    DeadLetterStream deadLetterStream(NatsBus bus, MeterRegistry metrics) {
        return new DeadLetterStream(bus, metrics);
    }

    /** Displaces camel-nats-starter's component. */
    @Bean("nats")
    OpsNatsComponent natsComponent(NatsBus bus, Streams streams) {
        return new OpsNatsComponent(bus, streams);
    }

    /** Where to connect to: the configured servers, or a child process. */
    static final class NatsOptions implements Supplier<Options.Builder>, AutoCloseable {

        private final NatsProperties properties;
        private final NatsAddress address;
        private final ChildNatsServer child;

        NatsOptions(NatsProperties properties) throws IOException {
            this.properties = properties;
            boolean configured = !properties.url().isBlank();
            this.address = configured ? NatsAddress.parse(properties.url()) : null;
            this.child = configured ? null : new ChildNatsServer(properties.dataDir());
        }

        @Override
        public Options.Builder get() {
            if (child != null) {
                return child.options();
            }
            Options.Builder options = new Options.Builder();
            address.applyTo(options);
            properties.applyTo(options);
            return options;
        }

        @Override
        public void close() throws Exception {
            if (child != null) {
                child.close();
            }
        }
    }
}
