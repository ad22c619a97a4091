package routes.hooks.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import org.apache.camel.RoutesBuilder;
import routes.nats.DeadLetterStream;
import routes.nats.NatsBus;
import routes.nats.history.HistoryReads;

/** Delivery as its configuration puts it together, for tests of the packages above. */
public final class DeliveryParts {

    private final DeliveryConfig config = new DeliveryConfig();
    private final NatsBus bus;
    private final AttemptLog attempts;
    private final DeliveryStore store;

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
        return config.hookDelivery(targets, store, attempts, properties, new Workers(1), new Standstills(System::nanoTime));
    }

    /** The routes that deliver, one for each level of the ladder among them. */
    public RoutesBuilder routes(Targets targets, DeliveryProperties properties) {
        return config.hookDeliveryRoute(dispatcher(targets, properties), properties);
    }

    public ReturningDeliveries returning(Targets targets, Dispatcher delivery, DeliveryProperties properties) {
        return config.returningDeliveries(bus, targets, store, delivery, properties);
    }

    public void park(Delivery delivery, String from) {
        store.park(delivery, from).join();
    }

    /** On the shortest level. */
    public void retry(Delivery delivery, DeliveryProperties properties) {
        store.retry(RetryLevel.ladder(properties.retryLevels()).get(0), delivery, "opsbus-deliveries:1").join();
    }

    /** The event of a delivery that is stored. */
    public byte[] event(Function<String, String> header) throws Exception {
        return store.event(Delivery.read(header, new byte[0]));
    }
}
