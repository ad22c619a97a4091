package routes.nats;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.io.TempDir;

/** Routes on a nats-server, both of their own for each test. */
abstract class RouteOnNats extends CamelTestSupport {

    @TempDir
    Path store;

    NatsServer server;
    NatsBus bus;
    Streams streams;

    @Override
    protected void setupResources() throws Exception {
        server = new NatsServer(store);
        bus = server.bus();
        streams = new Streams(bus, JetStreamEndsTest.shape());
        streams.ensure();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        camel.addComponent("nats", new OpsNatsComponent(bus, streams));
        return camel;
    }

    @Override
    protected void cleanupResources() throws Exception {
        bus.close();
        server.close();
    }
}
