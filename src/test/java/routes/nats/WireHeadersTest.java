package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireHeadersTest {

    @Test
    void whatIsEncodedIsPrintableAsciiAndDecodedTheSame() {
        List<String> values = AnyId.many(1, 20_000);
        Set<String> encoded = new HashSet<>();
        for (String value : values) {
            String wire = WireHeaders.encode(value);
            assertThat(wire).matches("[!-~]+").doesNotContain("\"");
            assertThat(WireHeaders.decode(wire)).isEqualTo(value);
            encoded.add(wire);
        }
        assertThat(encoded).as("no two have one encoding").hasSameSizeAs(values);
    }

    @Test
    void itIsThatOfTheCloudEventsHttpBinding() {
        assertThat(WireHeaders.encode("Prod/u-1/42")).isEqualTo("Prod/u-1/42");
        assertThat(WireHeaders.encode("a b/节/%\"\r\n")).isEqualTo("a%20b/%E8%8A%82/%25%22%0D%0A");
        assertThat(WireHeaders.decode("100%/%4")).isEqualTo("100%/%4");
    }
}
