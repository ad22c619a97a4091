package routes.hooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import routes.event.OpsEvent;

class DeliveryTest {

    private static Delivery roundTrip(Delivery delivery) {
        Headers headers = delivery.headers("any");
        return Delivery.read(headers::getFirst, delivery.body());
    }

    @Test
    void whatIsStoredIsReadAgainWhateverTheNamesHold() {
        Delivery delivery = new Delivery(
                "ns/hook",
                "集群/uid with \r\n\"100%\"/7",
                "https://源/ä b",
                "ops.clusters.集群.nodes.n.events",
                3,
                Instant.ofEpochMilli(1_700_000_000_123L),
                Instant.ofEpochMilli(1_700_000_100_000L),
                "ops:17",
                new byte[] {1});
        assertThat(roundTrip(delivery)).usingRecursiveComparison().isEqualTo(delivery);
    }

    @Test
    void itsIdIsTheSameOnEveryAttempt() {
        Delivery first = new Delivery("ns/hook", "c/uid/7", null, "ops.x", 1, Instant.EPOCH, null, null, new byte[0]);
        assertThat(first.id()).isEqualTo("c/uid/7/ns/hook");
        assertThat(first.nextAttempt(null).id()).isEqualTo(first.id());
        assertThat(first.nextAttempt(null).attempt()).isEqualTo(2);
    }

    @Test
    void eventsOfTwoSourcesWithTheSameIdAreTwoDeliveries() {
        OpsEvent own = event(OpsEvent.SOURCE);
        assertThat(Delivery.id(own.id(), Delivery.source(own), "ns/hook")).isEqualTo("1/ns/hook");
        assertThat(Delivery.id("1", Delivery.source(event("cron-a")), "ns/hook"))
                .isEqualTo("cron-a#1/ns/hook")
                .isNotEqualTo(Delivery.id("1", Delivery.source(event("cron-b")), "ns/hook"));
    }

    private static OpsEvent event(String source) {
        return OpsEvent.parse(
                "ops.x",
                ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"" + source + "\",\"type\":\"t\"}")
                        .getBytes(StandardCharsets.UTF_8),
                "none");
    }

    @Test
    void aDottedNameIsOneTokenThatNoOtherNameHas() {
        assertThat(Delivery.token("ns/my.hook")).isEqualTo("ns.my_hook");
    }

    /** Whoever can publish to NATS can write them. */
    @Test
    void noTimeThatAMessageNamesIsWaitedForWithoutEnd() {
        Random random = new Random(5);
        List<String> written = new ArrayList<>(List.of(
                "",
                "x",
                "1e9",
                "2999-01-01T00:00:00Z",
                "99999999999999999999",
                "9223372036854775807",
                "-9223372036854775808",
                "0",
                "-1",
                "32503680000000"));
        IntStream.range(0, 2_000).forEach(i -> written.add(Long.toString(random.nextLong() >> random.nextInt(50))));
        int refused = 0;
        for (String stored : written) {
            String notBefore = written.get(random.nextInt(written.size()));
            Map<String, String> headers = Map.of(
                    "Opsbus-Hook",
                    "ns/hook",
                    "Opsbus-Event",
                    "e",
                    "Opsbus-Subject",
                    "ops.x",
                    "Opsbus-Attempt",
                    "1",
                    "Opsbus-Stored",
                    stored,
                    "Opsbus-Not-Before",
                    notBefore);
            Delivery read;
            try {
                read = Delivery.read(headers::get, new byte[0]);
            } catch (IllegalArgumentException e) { // a dead letter
                refused++;
                continue;
            }
            Instant now = Instant.now();
            assertThat(read.stored()).as(stored).isBeforeOrEqualTo(now);
            assertThat(read.notBefore()).as(notBefore).isBeforeOrEqualTo(now.plus(Duration.ofHours(25)));
            Delivery later = roundTrip(read.nextAttempt(read.notBefore()));
            assertThat(later.stored().toEpochMilli())
                    .as("it does not move on")
                    .isEqualTo(read.stored().toEpochMilli());
            assertThat(later.notBefore().toEpochMilli())
                    .isEqualTo(read.notBefore().toEpochMilli());
        }
        assertThat(refused).isBetween(5, 100);
    }

    /** A replica's clock may be ahead, and an endpoint may ask for a day. */
    @Test
    void whatOpsbusItselfWroteIsBelieved() {
        Instant asked = Instant.ofEpochMilli(
                Instant.now().plus(Duration.ofDays(1)).plusSeconds(600).toEpochMilli());
        Delivery waits = new Delivery(
                "ns/hook", "e", null, "ops.x", 2, Instant.ofEpochMilli(1_700_000_000_123L), asked, null, new byte[0]);
        assertThat(roundTrip(waits).notBefore()).isEqualTo(asked);
        assertThat(roundTrip(waits).stored()).isEqualTo(waits.stored());
    }

    @Test
    void aMessageThatOpsbusDidNotStoreIsRefused() {
        assertThatThrownBy(() -> Delivery.read(name -> null, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Opsbus-Hook");
    }
}
