package routes.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NatsAddressTest {

    @Test
    void theOriginalsDocumentedFormMeansNats() {
        assertThat(NatsAddress.parse("http://app:mypassword@nats-headless.ops-system.svc:4222"))
                .isEqualTo(new NatsAddress(List.of("nats://nats-headless.ops-system.svc:4222"), "app", "mypassword"));
    }

    @Test
    void everySchemeOfNatsAndNoneAtAllWork() {
        assertThat(NatsAddress.parse("nats://h:4222").servers()).containsExactly("nats://h:4222");
        assertThat(NatsAddress.parse("tls://h:4222").servers()).containsExactly("tls://h:4222");
        assertThat(NatsAddress.parse("https://h").servers()).containsExactly("tls://h");
        assertThat(NatsAddress.parse("WSS://h").servers()).containsExactly("wss://h");
        assertThat(NatsAddress.parse("[::1]:4222").servers()).containsExactly("nats://[::1]:4222");
    }

    @Test
    void severalServersShareALogin() {
        NatsAddress address = NatsAddress.parse("nats://u:p@a:1, nats://b:2/,c");
        assertThat(address).isEqualTo(new NatsAddress(List.of("nats://a:1", "nats://b:2", "nats://c"), "u", "p"));
        assertThatThrownBy(() -> NatsAddress.parse("nats://u:secret1@a,nats://u:secret2@b"))
                .hasMessageContaining("two different logins")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aLoneLoginIsAToken() {
        assertThat(NatsAddress.parse("nats://s3cr3t@h:4222"))
                .isEqualTo(new NatsAddress(List.of("nats://h:4222"), null, "s3cr3t"));
    }

    @Test
    void passwordsMayHoldAnyCharacter() {
        assertThat(NatsAddress.parse("http://u:p%40ss%2Fw:o+r%25d@h:1").secret())
                .isEqualTo("p@ss/w:o+r%d");
        assertThat(NatsAddress.parse("http://u:p@ss@h:1").secret()).isEqualTo("p@ss");
        assertThat(NatsAddress.parse("http://u:100%@h:1").secret()).isEqualTo("100%");
    }

    @Test
    void aUrlThatIsNoneSaysHowToWriteIt() {
        assertThatThrownBy(() -> NatsAddress.parse("ftp://h"))
                .hasMessageContaining("ftp://")
                .hasMessageContaining("nats://");
        assertThatThrownBy(() -> NatsAddress.parse(" , ")).hasMessageContaining("names no server");
        assertThatThrownBy(() -> NatsAddress.parse("nats://u:p@:4222/")).hasMessageContaining("has no host");
    }

    @Test
    void itsTextHoldsNoPassword() {
        assertThat(NatsAddress.parse("nats://u:secret@h:1").toString()).isEqualTo("nats://h:1");
    }
}
