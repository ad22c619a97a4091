package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.nats.NatsServer;

/**
 * The users of docs/security.md: opsbus runs whole with exactly what the first may do, and the second can plant
 * nothing.
 */
class LeastPermissionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern USERS = Pattern.compile("```\\n(authorization \\{.*?)\\n```", Pattern.DOTALL);

    @TempDir
    Path home;

    @Test
    void opsbusRunsWholeAndAPublisherReachesNothingButItsEvents() throws Exception {
        Matcher users = USERS.matcher(Files.readString(Path.of("docs/security.md")));
        assertThat(users.find()).isTrue();
        String withAdmin = users.group(1).replace("users = [", "users = [\n  {user: admin, password: admin}");
        try (NatsServer server =
                        new NatsServer(home.resolve("js"), withAdmin.lines().toArray(String[]::new));
                Inbox inbox = new Inbox();
                OpsbusProcess opsbus = new OpsbusProcess(home, server.url())) {
            opsbus.with("--opsbus.nats.user=opsbus", "--opsbus.nats.password=secret-of-opsbus")
                    .withoutToken();
            opsbus.hook(
                    "a.yaml",
                    HooksEndToEndTest.hook("a", "webhook", "ops.x", inbox.url("/a"), "") + "---\n"
                            + HooksEndToEndTest.hook("f", "event", "ops.x", "ops.forwarded", ""));
            opsbus.start();
            String token = token(opsbus);
            try (Connection publisher = connect(server, "publisher", "secret-of-publisher");
                    Connection admin = connect(server, "admin", "admin")) {
                publisher.jetStream().publish("ops.x", "an event".getBytes(StandardCharsets.UTF_8));
                await().atMost(PATIENCE).until(() -> inbox.taken("/a").size() == 1);
                await().atMost(PATIENCE)
                        .until(() -> opsbus.get("/api/v1/events/ops.%3E?page_size=5", token)
                                        .json()
                                        .at("/data/total")
                                        .asInt()
                                >= 2);
                assertThat(opsbus.get("/api/v1/hooks", token).status()).isEqualTo(200);
                assertThat(opsbus.get("/api/v1/deadletters", token).status()).isEqualTo(200);
                assertThat(opsbus.get("/api/v1/flow", token).status()).isEqualTo(200);

                Map<String, Long> before = await().atMost(PATIENCE)
                        .until(() -> state(admin), now -> now.get("opsbus-deliveries") == 0); // acknowledged, too
                for (String subject : List.of(
                        "$KV.opsbus.token/admin",
                        "$KV.opsbus.paused.e2e.a",
                        "opsbus.deliveries.e2e.a",
                        "opsbus.retries.1s.e2e.a",
                        "opsbus.parked.e2e.a",
                        "opsbus.deadletters.e2e.a",
                        "$JS.API.STREAM.PURGE.ops",
                        "$JS.API.STREAM.DELETE.KV_opsbus",
                        "$JS.API.CONSUMER.DELETE.ops.opsbus-router",
                        "$JS.ACK.ops.opsbus-router.1.1.1.1.1")) {
                    publisher.publish(subject, "planted".getBytes(StandardCharsets.UTF_8));
                }
                publisher
                        .jetStream()
                        .publish(
                                "ops.x",
                                "another".getBytes(StandardCharsets.UTF_8)); // behind them on the same connection
                await().atMost(PATIENCE).until(() -> inbox.taken("/a").size() == 2);
                before.keySet().removeIf(key -> key.startsWith("position") || key.equals("KV_opsbus"));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(state(admin)).containsAllEntriesOf(before));
            }
            opsbus.stop();
            assertThat(opsbus.logText()).doesNotContainIgnoringCase("violation").doesNotContain("planted");
        }
    }

    private static String token(OpsbusProcess opsbus) throws Exception {
        Matcher printed = Pattern.compile("for the console and the API: (\\S+)").matcher(opsbus.logText());
        assertThat(printed.find()).isTrue();
        return printed.group(1);
    }

    /** Messages of all streams but of events and attempts; and the revisions of keys. */
    private static Map<String, Long> state(Connection admin) throws Exception {
        Map<String, Long> state = new TreeMap<>();
        for (StreamInfo stream : new ArrayList<>(admin.jetStreamManagement().getStreams())) {
            String name = stream.getConfiguration().getName();
            if (!name.equals("ops") && !name.equals("opsbus-attempts")) {
                state.put(name, stream.getStreamState().getMsgCount());
            }
        }
        state.put("token", admin.keyValue("opsbus").get("token/admin").getRevision());
        state.put("paused", (long) admin.keyValue("opsbus").keys().stream()
                .filter(key -> key.startsWith("paused"))
                .count());
        return state;
    }

    private static Connection connect(NatsServer server, String user, String password) throws Exception {
        return Nats.connect(new Options.Builder()
                .server(server.url())
                .userInfo(user, password)
                .inboxPrefix("_INBOX_" + user)
                .build());
    }
}
