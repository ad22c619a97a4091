package routes;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Every test that waits looks at once and then often: what it waits for is mostly there within milliseconds, and
 * Awaitility alone would look first after 100 ms. And it has patience: another test runs beside it.
 */
public final class SoonAwaited implements BeforeAllCallback {

    private static final Duration FIRST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(PATIENCE);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(
                before -> before.compareTo(LONGEST) < 0 ? before.multipliedBy(3).dividedBy(2) : before, FIRST));
    }
}
