package routes.bench;

import java.time.Duration;

/**
 * How long a start takes, from the launch of {@code ./opsbus start} until the router has acknowledged an event that lay
 * in the stream before.
 *
 * @param routedSeconds until then
 * @param deliveredSeconds until the POST of that event's hook arrived
 */
record StartUp(double routedSeconds, double deliveredSeconds) {

    private static final Duration AT_MOST = Duration.ofSeconds(120);

    /** Launches the application; it goes on running. */
    static StartUp of(Application application, Receiver receiver, Workload events, Numbers numbers) throws Exception {
        long number = numbers.take(1);
        Deliveries deliveries = new Deliveries(events, number, number + 1, hook -> true);
        receiver.listener(deliveries);
        new Publisher(application.bus().jetStream()).publish(events, number, number + 1);
        long start = System.nanoTime();
        application.launch();
        Needed.await("event that opsbus has routed after its launch", AT_MOST, () -> {
            application.mustLive();
            return application.bus().isDone(Application.ROUTER, 1);
        });
        double routed = (System.nanoTime() - start) / 1e9;
        deliveries.awaitAll(AT_MOST);
        double delivered = (deliveries.lastAt() - start) / 1e9;
        application.awaitReady();
        return new StartUp(routed, delivered);
    }
}
