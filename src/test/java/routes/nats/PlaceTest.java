package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$JS.ACK.opsbus-deliveries.opsbus-delivery.3.4711.9000.1772638200123456789.17",
                "$JS.ACK.hub.ACHASH.opsbus-deliveries.opsbus-delivery.3.4711.9000.1772638200123456789.17",
                "$JS.ACK._.ACHASH.opsbus-deliveries.opsbus-delivery.3.4711.9000.1772638200123456789.17.rAnDoM"
            })
    void eachFormOfTheReplySubjectIsRead(String reply) {
        assertThat(Place.of(reply)).isEqualTo(new Place(4711, 1772638200123456789L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_INBOX.a.b", "$JS.ACK.s.c.3.x.1.1772638200123456789.17", "$JS.ACK.s.c.1.1.1.1"})
    void anythingElseIsRefused(String reply) {
        assertThatThrownBy(() -> Place.of(reply)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A clock that was set back by an hour would keep what waits for a second for that hour. */
    @Test
    void nothingWaitsLongerThanItIsToWhateverTheClocksSay() {
        Place place = new Place(1, 1772638200123456789L);
        long stored = place.storedAt().toEpochMilli();
        assertThat(place.waits(1_000, stored + 300)).isEqualTo(700);
        assertThat(place.waits(1_000, stored + 5_000)).isNegative();
        assertThat(place.waits(1_000, stored - 3_600_000)).isEqualTo(1_000);
    }
}
