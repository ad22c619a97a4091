package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What opsbus itself goes through, with everything real: it is frozen, thousands of hooks come and go at once. The last
 * test stops it.
 */
@Tag("alone")
@TestMethodOrder(OrderAnnotation.class)
class TroubleInsideTest extends EndToEnd {

    private static final int HOOKS = 3_000;
    private static final int BURST = 1_000;
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(3);

    @BeforeAll
    static void start() throws Exception {
        opsbus.with("--opsbus.http.response-timeout=" + RESPONSE_TIMEOUT.toMillis() + "ms")
                .start();
    }

    @Test
    @Order(1)
    void aFrozenProcessDoesNotHoldItsSleepAgainstAnEndpoint() throws Exception {
        inbox.on("/burst", Inbox.Behaviour.slow(100));
        opsbus.hook("burst.yaml", HooksEndToEndTest.hook("burst", "webhook", "ops.burst.x", inbox.url("/burst"), ""));
        await().atMost(LONG).until(() -> opsbus.logText().contains("hook e2e/burst runs: "));
        IntStream.range(0, BURST)
                .mapToObj(number -> Events.publish(bus, "burst-" + number, "ops.burst.x", "Reason", "m"))
                .toList()
                .forEach(stored -> stored.join());
        await().atMost(LONG).until(() -> inbox.taken("/burst").size() > BURST / 10);

        opsbus.signal("STOP");
        Thread.sleep(4 * RESPONSE_TIMEOUT.toMillis()); // the freeze itself
        opsbus.signal("CONT");
        await().atMost(Duration.ofSeconds(45))
                .until(() -> inbox.taken("/burst").stream()
                                .map(Inbox.Request::id)
                                .distinct()
                                .count()
                        == BURST);
        assertThat(opsbus.logText()).contains("this process did not run for ");
        assertThat(opsbus.metric("opsbus_hook_attempts_failed_total", "reason=\"timeout\""))
                .isZero();
    }

    private static void write(int hooks) throws IOException {
        opsbus.hook(
                "many.yaml",
                IntStream.range(0, hooks)
                        .mapToObj(number -> HooksEndToEndTest.hook(
                                "many-" + number, "webhook", "ops.many.x" + number, "http://127.0.0.1:1/", ""))
                        .collect(Collectors.joining(
                                "---\n",
                                "",
                                "---\n"
                                        + HooksEndToEndTest.hook(
                                                "stays", "webhook", "ops.many.stays", "http://127.0.0.1:1/", ""))));
    }

    /** From writing the file to the end of the round that it takes: the log tells of each hook then. */
    private static Duration until(String word) {
        long before = System.nanoTime();
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> opsbus.logText().contains("hook e2e/many-" + (HOOKS - 1) + " " + word));
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Test
    @Order(2)
    void removingHooksTakesNoLongerThanAddingThem() throws Exception {
        write(HOOKS);
        Duration adding = until("runs");
        write(0);
        Duration removing = until("is removed");
        assertThat(removing).as("adding took %s", adding).isLessThan(adding.multipliedBy(2));
        assertThat(opsbus.metric("opsbus_hooks_behind_seconds")).isLessThan(30);
        assertThat(opsbus.get("/actuator/prometheus").body())
                .doesNotContain("hook=\"e2e/many-1\"")
                .contains("hook=\"e2e/stays\"");
    }

    @Test
    @Order(3)
    void whoIsToldToStopWhileHooksAreRemovedStops() throws Exception {
        write(HOOKS);
        await().atMost(LONG)
                .until(() -> opsbus.logText()
                        .lines()
                        .filter(line -> line.contains("hook e2e/many-0 "))
                        .reduce((before, last) -> last)
                        .filter(last -> last.contains(" runs: "))
                        .isPresent());
        write(0);
        await().atMost(LONG)
                .until(() -> opsbus.get("/actuator/health/hooks")
                                .json()
                                .path("details")
                                .path("running")
                                .asInt()
                        < HOOKS);
        opsbus.stop();
        assertThat(opsbus.logText()).doesNotContain("Failed to stop", "ConcurrentModificationException");
    }
}
