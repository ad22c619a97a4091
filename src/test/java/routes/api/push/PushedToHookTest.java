package routes.api.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.e2e.Inbox;
import routes.e2e.OpsbusProcess;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** From another system's push to the endpoint of a hook, through opsbus itself and past its door. */
class PushedToHookTest {

    private static final String SECRET = "the secret of a webhook";

    @TempDir
    static Path home;

    static NatsServer nats;
    static NatsBus bus;
    static Inbox inbox;

    @BeforeAll
    static void start() throws Exception {
        nats = new NatsServer(home.resolve("nats"));
        bus = nats.bus();
        inbox = new Inbox();
    }

    @AfterAll
    static void stop() throws Exception {
        inbox.close();
        bus.close();
        nats.close();
    }

    private static String hook(String name, String keywords) {
        return """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata: {name: %s, namespace: ops}
                spec:
                  type: webhook
                  subject: ops.notifications.>
                  url: %s
                  keywords: {%s}
                """.formatted(name, inbox.url("/" + name), keywords);
    }

    @Test
    void aHookGetsAReadableTextAndChoosesByIt() throws Exception {
        try (OpsbusProcess opsbus = new OpsbusProcess(home.resolve("opsbus"), nats.url())
                .environment("OPSBUS_PUSH_GITHUB_SECRET", SECRET)) {
            opsbus.hook("all.yaml", hook("all", ""));
            opsbus.hook(
                    "crashes.yaml",
                    hook(
                            "crashes",
                            "include: ['alert: KubePodCrashLooping', 'namespace: shop'], exclude: ['status: resolved'], matchMode: ALL"));
            opsbus.start();
            PushServer withoutToken = new PushServer(opsbus.port(), bus);
            String push = PushServer.body("github-push.json");

            assertThat(opsbus.post("/api/v1/push/alertmanager", PushServer.body("alertmanager.json"))
                            .status())
                    .isEqualTo(200);
            assertThat(withoutToken
                            .post(
                                    "push/github",
                                    push,
                                    "X-GitHub-Event",
                                    "push",
                                    "X-GitHub-Delivery",
                                    "d",
                                    "X-Hub-Signature-256",
                                    PushServer.sign(SECRET, push))
                            .status())
                    .isEqualTo(200);
            assertThat(withoutToken
                            .post("push/github", push, "X-GitHub-Event", "push", "X-GitHub-Delivery", "e")
                            .status())
                    .isEqualTo(401);
            assertThat(withoutToken
                            .post("push/alertmanager", PushServer.body("alertmanager.json"))
                            .status())
                    .isEqualTo(401);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> inbox.taken("/all").size() == 4
                            && !inbox.taken("/crashes").isEmpty());
            List<String> stored = withoutToken.since(0).stream()
                    .map(event -> event.event().text())
                    .toList();
            assertThat(inbox.taken("/all")).extracting(Inbox.Request::body).containsExactlyInAnyOrderElementsOf(stored);
            assertThat(inbox.taken("/crashes"))
                    .singleElement()
                    .satisfies(request -> assertThat(request.body())
                            .startsWith("alert: KubePodCrashLooping \nstatus: firing \ncluster: Prod-EU \n")
                            .contains("message: Pod is crash looping.\n"));
        }
    }

    @Test
    void aMistakeInAMappingIsSaidAtStart() throws Exception {
        try (OpsbusProcess opsbus =
                new OpsbusProcess(home.resolve("mistaken"), "")) { // with a nats-server of its own, if it came so far
            opsbus.with("--opsbus.push.mappings.pager.message={$.a[x]}").launch();
            await().atMost(Duration.ofSeconds(60)).until(() -> !opsbus.isAlive());
            assertThat(opsbus.logText())
                    .contains(
                            "opsbus: the property opsbus.push.mappings.pager.message: the JSONPath \"$.a[x]\" can't be read: ")
                    .doesNotContain("nats-server");
        }
    }
}
