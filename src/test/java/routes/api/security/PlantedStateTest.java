package routes.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import routes.event.OpsEvent;
import routes.nats.KeyValueState;
import routes.nats.NatsBus;
import routes.nats.StateServer;
import routes.nats.Streams;

/** Somebody who may write the bucket writes the token's key. */
@ExtendWith(OutputCaptureExtension.class)
class PlantedStateTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FINDINGS = "ops.clusters.north.clusters.north.findings";

    @TempDir
    Path store;

    private StateServer server;
    private NatsBus bus;
    private KeyValueState state;

    @BeforeEach
    void start() throws Exception {
        server = new StateServer(store);
        bus = server.bus();
        state = server.state();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Tokens tokens() {
        return new FirstToken(bus, state, "north", Duration.ofMillis(50)).tokens();
    }

    @Test
    void whatIsNoHashOpensNothing(CapturedOutput output) throws Exception {
        for (String planted :
                new String[] {"", "secret", Token.hash("secret").toUpperCase(), Token.hash("secret") + "0"}) {
            state.put(FirstToken.KEY, planted);
            Tokens tokens = tokens();
            await().atMost(PATIENCE).until(() -> output.getOut().split("holds no hash of a token", -1).length > 1);
            assertThatThrownBy(() -> tokens.find("secret")).isInstanceOf(IOException.class);
            state.delete(FirstToken.KEY);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> tokens.find("secret") == null); // it has made one of its own
            state.delete(FirstToken.KEY);
        }
    }

    @Test
    void aTokenThatIsWrittenAgainIsToldAndOpensNothingThatRuns(CapturedOutput output) throws Exception {
        Tokens tokens = tokens();
        Pattern printed = Pattern.compile("for the console and the API: (\\S+)");
        String made = await().atMost(PATIENCE)
                .until(
                        () -> {
                            Matcher found = printed.matcher(output.getOut());
                            return found.find() ? found.group(1) : null;
                        },
                        text -> text != null);
        assertThat(tokens.find(made)).isNotNull();

        state.put(FirstToken.KEY, Token.hash("planted"));
        OpsEvent finding = await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> OpsEvent.parse(
                                FINDINGS,
                                bus.management()
                                        .getLastMessage(Streams.OPS, FINDINGS)
                                        .getData(),
                                "none"),
                        event -> true);
        assertThat(finding.text()).contains("token/admin", "written again, by somebody else");
        assertThat(output.getOut())
                .containsOnlyOnce("was written again, by somebody else than the opsbus that made it");
        assertThat(tokens.find("planted")).isNull();
        assertThat(tokens.find(made)).isNotNull();
    }
}
