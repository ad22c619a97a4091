package routes.hooks.delivery;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How deliveries are made.
 *
 * @param retryLevels how long a delivery waits after its 1st, 2nd, … failed attempt; the last one for all further
 *     attempts
 * @param giveUpAfter a delivery that fails later than this after its event was stored is a dead letter
 * @param inFlight attempts at the same time per hook, at most
 * @param waiting memory for deliveries that wait for their hook's turn, of all hooks together
 * @param workers threads for attempts, of all hooks together; they come and go with the load
 * @param removedGrace how long a delivery may wait for a hook that this process has never seen (another replica may
 *     know it already)
 */
@ConfigurationProperties("opsbus.delivery")
public record DeliveryProperties(
        @DefaultValue({"1s", "5s", "30s", "2m", "10m"}) List<Duration> retryLevels,
        @DefaultValue("24h") Duration giveUpAfter,
        @DefaultValue("32") int inFlight,
        @DefaultValue("64MB") DataSize waiting,
        @DefaultValue("512") int workers,
        @DefaultValue("2m") Duration removedGrace) {

    /** More than that would take the places of what is read for other hooks. */
    private static final DataSize MOST_WAITING = DataSize.ofMegabytes(96);

    public DeliveryProperties {
        if (waiting.toBytes() < 0 || waiting.compareTo(MOST_WAITING) > 0) {
            throw new IllegalArgumentException(
                    "opsbus.delivery.waiting is " + waiting.toMegabytes() + "MB; write 0MB to 96MB");
        }
        if (retryLevels.isEmpty()) {
            throw new IllegalArgumentException(
                    "opsbus.delivery.retry-levels is empty; write for example 1s,5s,30s,2m,10m");
        }
        if (retryLevels.get(0).toMillis() < 1) { // what waits for no time at all goes round for ever
            throw new IllegalArgumentException("opsbus.delivery.retry-levels begins with "
                    + retryLevels.get(0).toMillis() + " ms; write a time of 1ms or more");
        }
        for (int i = 1; i < retryLevels.size(); i++) {
            if (retryLevels.get(i).compareTo(retryLevels.get(i - 1)) <= 0) {
                throw new IllegalArgumentException("opsbus.delivery.retry-levels must grow: " + retryLevels.get(i)
                        + " follows " + retryLevels.get(i - 1));
            }
        }
        atLeastOne("in-flight", inFlight); // else all deliveries wait for ever
        atLeastOne("workers", workers);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("opsbus.delivery." + name + " is " + value + "; it must be 1 or more");
        }
    }
}
