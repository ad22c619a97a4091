package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsServer;

/** The token that opsbus makes for itself, over absence of NATS, replicas and restarts. */
class TokensEndToEndTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern PRINTED = Pattern.compile("INFO +token +the token of this opsbus, .*: (\\S+)\n");

    @TempDir
    Path home;

    @Test
    void oneTokenIsMadePrintedOnceAndKnownToReplicasAndAfterARestart() throws Exception {
        NatsServer nats = new NatsServer(home.resolve("nats"));
        nats.stop();
        try (OpsbusProcess first = new OpsbusProcess(home.resolve("first"), nats.url())
                        .withoutToken()
                        .launch();
                OpsbusProcess second = new OpsbusProcess(home.resolve("second"), nats.url())
                        .withoutToken()
                        .launch()) {
            await().atMost(PATIENCE)
                    .until(() -> first.get("/actuator/health/liveness").status() == 200
                            && second.get("/actuator/health/liveness").status() == 200);
            assertThat(first.get("/api/v1/me", "some-token-or-other"))
                    .satisfies(
                            answer -> assertThat(answer.status()).isEqualTo(503),
                            answer -> assertThat(answer.json().path("message").asText())
                                    .contains("NATS"));
            assertThat(first.get("/api/v1/me", null).status()).isEqualTo(401);

            nats.start();
            await().atMost(PATIENCE)
                    .until(() -> first.get("/api/v1/me").status() == 401
                            && second.get("/api/v1/me").status() == 401);
            List<String> tokens = List.of(first, second).stream()
                    .map(TokensEndToEndTest::printed)
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(tokens).hasSize(1);
            String token = tokens.get(0);
            for (OpsbusProcess opsbus : List.of(first, second)) {
                assertThat(opsbus.get("/api/v1/me", token).json().path("data").toString())
                        .isEqualTo("{\"name\":\"admin\",\"roles\":[\"operate\",\"push\",\"read\"]}");
            }
            nats.stop();
            assertThat(first.get("/api/v1/me", token).status()).isEqualTo(200);
            nats.start();

            first.stop();
            first.launch();
            await().atMost(PATIENCE).until(() -> first.get("/api/v1/me", token).status() == 200);
            printed(first);
            assertThat(first.logText()).contains("the token \"admin\" was printed by the start that made it");
        } finally {
            nats.close();
        }
    }

    /** Fails when it is there twice. */
    private static Optional<String> printed(OpsbusProcess opsbus) {
        try {
            Matcher printed = PRINTED.matcher(opsbus.logText());
            Optional<String> token = printed.find() ? Optional.of(printed.group(1)) : Optional.empty();
            assertThat(printed.find()).as("printed once").isFalse();
            return token;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
