package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import routes.e2e.OpsbusProcess;
import routes.event.Subject;
import routes.fuzz.Fuzzer;
import routes.fuzz.Residue;
import routes.nats.Streams;
import routes.nats.history.EventHistory;
import routes.nats.history.Query;
import routes.nats.history.Stored;

/**
 * Whatever a client sends, it is never a fault of the server's, never an event that it did not ask for, and leaves
 * nothing behind.
 */
class FuzzTest extends RunningApi {

    private static final int REQUESTS = 20_000;

    @Test
    void nothingMalformedIsAFaultOrAnotherEventOrStays() throws Exception {
        new Fuzzer(opsbus.port(), OpsbusProcess.TOKEN, 2)
                .run(1_000, Duration.ofSeconds(20)); // what is made once is made then
        Residue before = Residue.of(opsbus.pid());
        long first =
                bus.management().getStreamInfo(Streams.OPS).getStreamState().getLastSequence() + 1;

        Fuzzer.Outcome outcome = new Fuzzer(opsbus.port(), OpsbusProcess.TOKEN, 1).run(REQUESTS, Duration.ofMinutes(5));

        System.out.println(
                "fuzz: " + outcome.statuses() + ", " + before + " before, " + Residue.of(opsbus.pid()) + " after");
        assertThat(outcome.faults()).isEmpty();
        assertThat(outcome.requests()).isEqualTo(REQUESTS);
        assertThat(outcome.statuses()).as("some were fine, some were not").containsKeys(200, 400, 401, 404);
        Residue after = Residue.of(opsbus.pid());
        assertThat(after.liveBytes()).isLessThan(before.liveBytes() + (24L << 20));
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 16);

        List<Stored> stored = new EventHistory(bus, Streams.OPS)
                .newestFirst(Query.of("ops.>").limit(10_000)).events().stream()
                        .filter(event -> event.sequence() >= first)
                        .toList();
        assertThat(stored).isNotEmpty().allSatisfy(event -> {
            assertThat(Subject.unpublishable(event.subject())).isEmpty();
            assertThat(event.subject())
                    .isEqualTo(event.subject().toLowerCase(Locale.ROOT))
                    .isNotEqualTo("ops.evil");
            assertThat(event.event().isCloudEvent()).isTrue();
        });
        assertThat(stored)
                .filteredOn(event -> !event.subject().startsWith("ops.notifications."))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(outcome.asked())
                        .as(event.subject())
                        .anyMatch(tail -> event.subject().replace('.', '_').endsWith(tail) && !tail.isEmpty()));
        assertThat(bus.management().getStreamNames()).contains(Streams.OPS);
        assertThat(ok(post("/namespaces/shop/events/pods.web-0.events", "{}"))).isNotNull();
    }
}
