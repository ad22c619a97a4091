package routes.bench;

import java.time.Duration;
import java.util.function.IntPredicate;

/**
 * One application under load. Every delivery that its events must cause has arrived when a measurement ends, or it
 * fails.
 */
final class Routing {

    private static final Duration AT_MOST = Duration.ofSeconds(120);
    /** For all that was published at a rate that may be too high. */
    private static final Duration BACKLOG_AT_MOST = Duration.ofMinutes(5);

    private final Application application;
    private final Receiver receiver;
    private final Numbers numbers;
    private final IntPredicate healthy;
    private boolean keep;
    private long repeated;
    private double deliveriesPerSecond;
    private int deliveriesCounted;
    private Latencies machine;
    private Pace pace;

    /** @param healthy whether the endpoint of a hook works */
    Routing(Application application, Receiver receiver, Numbers numbers, IntPredicate healthy) {
        this.application = application;
        this.receiver = receiver;
        this.numbers = numbers;
        this.healthy = healthy;
    }

    /** Rounds leave in stream ops what was there before them. */
    Routing keepingEvents() {
        keep = true;
        return this;
    }

    private void begin() throws Exception {
        if (!keep) {
            application.bus().empty();
        }
    }

    /**
     * As fast as it goes. @return events per second, from the first publish until the router has acknowledged the last
     * event
     */
    double round(Workload events, int count) throws Exception {
        begin();
        long from = numbers.take(count);
        Deliveries deliveries = new Deliveries(events, from, from + count, healthy);
        receiver.listener(deliveries);
        long start = System.nanoTime();
        new Publisher(application.bus().jetStream()).publish(events, from, from + count);
        application.bus().awaitDone(Application.ROUTER, AT_MOST);
        double rate = count / ((System.nanoTime() - start) / 1e9);
        deliveries.awaitAll(AT_MOST);
        repeated += deliveries.repeated();
        deliveriesCounted = deliveries.count();
        deliveriesPerSecond = deliveries.count() / ((deliveries.lastAt() - start) / 1e9);
        application.mustLive();
        return rate;
    }

    /**
     * At a steady rate.
     *
     * @param unmeasuredSeconds at the beginning
     * @return from the moment at which an event was due, whether or not it could be published then, to the arrival of
     *     its POST
     */
    Latencies steady(Workload events, int perSecond, double unmeasuredSeconds, double seconds) throws Exception {
        begin();
        int unmeasured = (int) (unmeasuredSeconds * perSecond);
        int count = unmeasured + (int) (seconds * perSecond);
        long from = numbers.take(count);
        Deliveries deliveries = new Deliveries(events, from, from + count, healthy);
        receiver.listener(deliveries);
        Publisher publisher = new Publisher(application.bus().jetStream());
        pace = new Pace(System.nanoTime(), from, perSecond);
        Sleeper sleeper = new Sleeper(pace, count);
        for (long number = from; number < from + count; number++) {
            pace.awaitTurnOf(number);
            publisher.send(events.event(number), number);
        }
        publisher.settle();
        machine = sleeper.latencies(unmeasured);
        application.bus().awaitDone(Application.ROUTER, BACKLOG_AT_MOST);
        deliveries.awaitAll(AT_MOST);
        repeated += deliveries.repeated();
        application.mustLive();
        return deliveries.latencies(from + unmeasured, pace::dueAt);
    }

    /** Of the last round, from its first publish to the arrival of the last delivery. */
    double deliveriesPerSecond() {
        return deliveriesPerSecond;
    }

    /** That came in the last round. */
    int deliveries() {
        return deliveriesCounted;
    }

    /** How late a thread woke that did nothing else, in the last measurement at a steady rate. */
    Latencies machine() {
        return machine;
    }

    /** When the events of the last measurement at a steady rate were due. */
    Pace pace() {
        return pace;
    }

    /** Deliveries that arrived more than once. */
    long repeated() {
        return repeated;
    }
}
