package routes.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import routes.event.OpsEvent;

class DeliveryTest {

    private static Delivery roundTrip(Delivery delivery) {
        Headers headers = delivery.headers("any");
        return Delivery.read(headers::getFirst, delivery.body());
    }

    @Test
    void whatIsStoredIsReadAgainWhateverTheNamesHold() {
        Delivery delivery = new Delivery("ns/hook", "集群/uid with \r\n\"100%\"/7", "https://源/ä b", "ops.clusters.集群.nodes.n.events", 3, Instant.ofEpochMilli(1_700_000_000_123L),
                Instant.ofEpochMilli(1_700_000_100_000L), "ops:17", new byte[] {1});
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
        assertThat(Delivery.id("1", Delivery.source(event("cron-a")), "ns/hook")).isEqualTo("cron-a#1/ns/hook")
                .isNotEqualTo(Delivery.id("1", Delivery.source(event("cron-b")), "ns/hook"));
    }

    private static OpsEvent event(String source) {
        return OpsEvent.parse("ops.x", ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"" + source + "\",\"type\":\"t\"}").getBytes(StandardCharsets.UTF_8), "none");
    }

    @Test
    void aDottedNameIsOneTokenThatNoOtherNameHas() {
        assertThat(Delivery.token("ns/my.hook")).isEqualTo("ns.my_hook");
    }

    @Test
    void aMessageThatOpsbusDidNotStoreIsRefused() {
        assertThatThrownBy(() -> Delivery.read(name -> null, new byte[0])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Opsbus-Hook");
    }
}
