package routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReachTest {

    @Test
    void inAPodItListensOnAllAddressesAndHasAPortForProbes() {
        assertThat(Start.reach(true))
                .containsEntry("opsbus.server.health-port", 8081)
                .doesNotContainKey("server.address");
    }

    @Test
    void byHandItListensOnLoopbackAndHasNoSecondPort() {
        assertThat(Start.reach(false))
                .containsEntry("server.address", "127.0.0.1")
                .doesNotContainKey("opsbus.server.health-port");
    }
}
