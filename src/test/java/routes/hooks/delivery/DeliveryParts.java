package routes.hooks.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import routes.hooks.http.Standstills;
import routes.nats.DeadLetterStream;
import routes.nats.NatsBus;
import routes.nats.history.HistoryReads;

/** Delivery as its configuration puts it together, for tests of the packages above. */
public final class DeliveryParts {

    private final DeliveryConfig config = new DeliveryConfig();
    private final NatsBus bus;
    private final AttemptLog attempts;
    private final DeliveryStore store;
    private RetryRoutes retries;

    public DeliveryParts(NatsBus bus, DeadLetterStream letters, MeterRegistry metrics) {
        this.bus = bus;
        this.attempts = config.attemptLog(bus, metrics);
        this.store = config.deliveryStore(bus, letters, metrics, attempts);
    }

    public AttemptLog attempts() {
        return attempts;
    }

    public DeliveryStore store() {
        return store;
    }

    public DeadLetters deadLetters(HistoryReads reads, Targets targets) {
        return new DeadLetters(bus, reads, store, targets);
    }

    public AttemptHistory history() {
        return new AttemptHistory(bus);
    }

    public WaitingDeliveries waiting() {
        return new WaitingDeliveries(bus);
    }

    public Dispatcher dispatcher(Targets targets, DeliveryProperties properties) {
        return config.dispatcher(
                targets,
                store,
                attempts,
                properties,
                new Workers(1),
                new Standstills(System::nanoTime),
                config.recovery(retries(properties)));
    }

    /** One, as the application has it: what waits is handed on by the consumers of its routes. */
    private RetryRoutes retries(DeliveryProperties properties) {
        if (retries == null) {
            retries = config.retryRoutes(bus, properties);
        }
        return retries;
    }

    /** Binds what the routes of delivery name, and adds them, one for each level of the ladder among them. */
    public Dispatcher addRoutes(CamelContext camel, Targets targets, DeliveryProperties properties) throws Exception {
        Dispatcher dispatcher = dispatcher(targets, properties);
        camel.getRegistry().bind("dispatcher", dispatcher);
        camel.getRegistry().bind("bury", config.bury(store));
        camel.getRegistry().bind("nextStep", config.nextStep());
        camel.addRoutes(retries(properties));
        load(camel, "failures");
        load(camel, "hook-delivery");
        return dispatcher;
    }

    public static void load(CamelContext camel, String routes) throws Exception {
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(
                        PluginHelper.getResourceLoader(camel).resolveResource("classpath:camel/" + routes + ".yaml"));
    }

    public ReturningDeliveries returning(Targets targets, Dispatcher delivery, DeliveryProperties properties) {
        return config.returningDeliveries(bus, targets, store, delivery, properties, retries(properties));
    }

    public void deliver(Delivery delivery, String from) {
        store.move(DeliveryStore.DELIVERIES, delivery, from).join();
    }

    public void park(Delivery delivery, String from) {
        store.move(DeliveryStore.PARKED, delivery, from).join();
    }

    /** On the shortest level. */
    public void retry(Delivery delivery, DeliveryProperties properties) {
        store.move(
                        DeliveryStore.RETRIES
                                + RetryLevel.ladder(properties.retryLevels())
                                        .get(0)
                                        .name() + ".",
                        delivery,
                        "opsbus-deliveries:1")
                .join();
    }

    /** The event of a delivery that is stored. */
    public byte[] event(Function<String, String> header) throws Exception {
        return store.event(Delivery.read(header, new byte[0]));
    }
}
