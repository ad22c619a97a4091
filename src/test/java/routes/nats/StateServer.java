package routes.nats;

import java.nio.file.Path;

/** A nats-server with its bucket's state, as opsbus uses it. */
public final class StateServer implements AutoCloseable {

    private final NatsServer server;
    private final NatsBus bus;
    private final KeyValueState state;

    public StateServer(Path store) throws Exception {
        server = new NatsServer(store);
        bus = server.bus();
        new Streams(bus, JetStreamEndsTest.shape()).ensure();
        state = new KeyValueState(bus, JetStreamEndsTest.shape());
    }

    public NatsBus bus() {
        return bus;
    }

    public KeyValueState state() {
        return state;
    }

    @Override
    public void close() throws Exception {
        bus.close();
        server.close();
    }
}
