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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import routes.e2e.Inbox;
import routes.e2e.OpsbusProcess;
import routes.nats.NatsBus;
import routes.nats.NatsServer;

/** From another system's push to the endpoint of a hook. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, classes = PushServer.Application.class, properties = {
    "camel.main.routes-include-pattern=classpath:camel/api.yaml,classpath:camel/push-api.yaml", "management.endpoint.health.group.readiness.include=readinessState"})
@DirtiesContext
class PushedToHookTest {

    @TempDir
    static Path home;
    static NatsServer nats;
    static Inbox inbox;

    @LocalServerPort
    private int port;
    @Autowired
    private NatsBus bus;

    @BeforeAll
    static void start() throws Exception {
        nats = new NatsServer(home.resolve("nats"));
        inbox = new Inbox();
    }

    @AfterAll
    static void stop() throws Exception {
        inbox.close();
        nats.close();
    }

    @DynamicPropertySource
    static void url(DynamicPropertyRegistry registry) {
        registry.add("opsbus.nats.url", () -> nats.url());
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
        try (OpsbusProcess opsbus = new OpsbusProcess(home.resolve("opsbus"), nats.url())) {
            opsbus.hook("all.yaml", hook("all", ""));
            opsbus.hook("crashes.yaml", hook("crashes", "include: ['alert: KubePodCrashLooping', 'namespace: shop'], exclude: ['status: resolved'], matchMode: ALL"));
            opsbus.start();

            assertThat(new PushServer(port, bus).post("push/alertmanager", PushServer.body("alertmanager.json")).status()).isEqualTo(200);

            await().atMost(Duration.ofSeconds(30)).until(() -> inbox.taken("/all").size() == 3 && !inbox.taken("/crashes").isEmpty());
            List<String> stored = new PushServer(port, bus).since(0).stream().map(event -> event.event().text()).toList();
            assertThat(inbox.taken("/all")).extracting(Inbox.Request::body).containsExactlyInAnyOrderElementsOf(stored);
            assertThat(inbox.taken("/crashes")).singleElement().satisfies(request -> assertThat(request.body())
                    .startsWith("alert: KubePodCrashLooping \nstatus: firing \ncluster: Prod-EU \n").contains("message: Pod is crash looping.\n"));
        }
    }

    @Test
    void aMistakeInAMappingIsSaidAtStart() throws Exception {
        try (OpsbusProcess opsbus = new OpsbusProcess(home.resolve("mistaken"), nats.url())) {
            opsbus.with("--opsbus.push.mappings.pager.message={$.a[x]}").launch();
            await().atMost(Duration.ofSeconds(60)).until(() -> !opsbus.isAlive());
            assertThat(opsbus.logText()).contains("opsbus: the property opsbus.push.mappings.pager.message: the JSONPath \"$.a[x]\" can't be read: ");
        }
    }
}
