package routes.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.kubernetes.Cluster;
import routes.nats.NatsBus;
import routes.nats.NatsServer;
import routes.nats.WireHeaders;

/**
 * From the API server to the endpoint: nats-server, opsbus as a process and the endpoint are real, the API server
 * answers as one.
 */
class KubernetesEndToEndTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private NatsServer server;
    private NatsBus bus;
    private Inbox inbox;
    private Cluster cluster;
    private OpsbusProcess opsbus;

    @BeforeEach
    void start() throws Exception {
        server = new NatsServer(home.resolve("nats"));
        bus = server.bus();
        inbox = new Inbox();
        cluster = new Cluster();
        opsbus = new OpsbusProcess(home, server.url())
                .with("--opsbus.hooks.allow-urls=*,127.0.0.1")
                .environment(
                        "KUBECONFIG",
                        cluster.kubeconfig(home.resolve("kubeconfig")).toString());
    }

    @AfterEach
    void stop() throws Exception {
        opsbus.close();
        cluster.close();
        inbox.close();
        bus.close();
        server.close();
    }

    @Test
    void aHookInTheClusterFiresForAnEventOfTheCluster() throws Exception {
        cluster.apply(hook("pods", "ops.clusters.*.namespaces.shop.pods.*.events", "/pods"));
        opsbus.start();
        await().atMost(PATIENCE).until(() -> "True".equals(cluster.accepted("ops", "pods", "status")));
        cluster.event("web-0", "BackOff", "Back-off restarting");

        await().atMost(PATIENCE).until(() -> inbox.taken("/pods").size() == 1);
        Inbox.Request request = inbox.taken("/pods").get(0);
        assertThat(request.headers())
                .containsEntry("Opsbus-Hook", "ops/pods")
                .containsEntry("Opsbus-Subject", "ops.clusters.test.namespaces.shop.pods.web-0.events");
        assertThat(request.body()).contains("reason: BackOff \n", "message: Back-off restarting \n");

        cluster.apply(hook("pods", "ops.clusters.*.namespaces.sh-*.pods.*.events", "/nonsense"));
        await().atMost(PATIENCE).until(() -> "False".equals(cluster.accepted("ops", "pods", "status")));
        assertThat(cluster.accepted("ops", "pods", "message").toString())
                .startsWith("spec.subject: ")
                .endsWith("\nthe version of generation 1 keeps running");
        cluster.event("web-1", "BackOff", "Back-off restarting");
        await().atMost(PATIENCE).until(() -> inbox.taken("/pods").size() == 2);

        opsbus.hook("late.yaml", hook("pods", "ops.late", "/late")); // the same name in a file
        await().atMost(PATIENCE)
                .until(() -> opsbus.logText()
                        .contains("hooks/late.yaml:1:1 the hook ops/pods is already written in EventHooks ops/pods"));
        cluster.apply(hook("pods", "ops.clusters.*.namespaces.*.pods.*.events", "/mended"));
        await().atMost(PATIENCE).until(() -> "True".equals(cluster.accepted("ops", "pods", "status")));
        cluster.event("web-2", "BackOff", "Back-off restarting");
        await().atMost(PATIENCE).until(() -> inbox.taken("/mended").size() == 1);

        for (String closed : List.of(
                "http://127.0.0.1:" + opsbus.port() + "/api",
                server.url().replace("nats:", "http:"),
                "http://127.0.0.2:9/")) {
            cluster.apply(hook("closed", "ops.closed", "/").replaceFirst("url: .*", "url: " + closed));
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(cluster.accepted("ops", "closed", "message"))
                            .contains(closed.substring("http://".length(), closed.lastIndexOf(':'))));
            assertThat(cluster.accepted("ops", "closed", "status")).isEqualTo("False");
            assertThat(cluster.accepted("ops", "closed", "message").toString())
                    .startsWith("spec.url: custom resources may not send to ")
                    .containsAnyOf("which is opsbus itself", "which is opsbus' NATS", "opsbus.hooks.allow-urls");
            cluster.delete("ops", "closed");
        }

        anExpensiveHookIsPutAsideAndTheOthersGoOn();

        opsbus.hook("late.yaml", "# nothing now\n");
        cluster.delete("ops", "pods");
        await().atMost(PATIENCE).until(() -> opsbus.logText().contains("hook ops/pods is removed"));
    }

    private void anExpensiveHookIsPutAsideAndTheOthersGoOn() throws Exception {
        String expensive =
                hook("slow", "ops.slow.>", "/slow") + "  keywords: {matchType: REGEX, include: ['(.{0,999}q){4}Z']}\n";
        cluster.apply(expensive);
        cluster.apply(hook("honest", "ops.slow.>", "/honest")
                + "  keywords: {matchType: REGEX, include: ['node-[0-9]+ .*Ready']}\n");
        await().atMost(PATIENCE)
                .until(() -> "True".equals(cluster.accepted("ops", "slow", "status"))
                        && "True".equals(cluster.accepted("ops", "honest", "status")));
        Events.publish(bus, "slow-1", "ops.slow.x", "NodeNotReady", "node-7 is not Ready" + "q".repeat(100_000))
                .join();
        await().atMost(PATIENCE)
                .until(() -> inbox.taken("/honest").size() == 1
                        && "False".equals(cluster.accepted("ops", "slow", "status")));
        assertThat(cluster.accepted("ops", "slow", "message").toString())
                .startsWith(
                        "spec.keywords: the hook is put aside until it is changed or opsbus is restarted: its expressions were given up after ")
                .contains(" ms of CPU time, on an event with a text of 100", "write smaller counts");
        assertThat(DeadLetters.of(bus, "ops.slow")).singleElement().satisfies(letter -> {
            assertThat(letter.getHeaders().getFirst("Opsbus-Reason")).isEqualTo("match-too-slow");
            assertThat(WireHeaders.decode(letter.getHeaders().getFirst("Opsbus-Detail")))
                    .contains("its expressions were given up after", "it is put aside");
        });
        Api api = new Api(opsbus);
        assertThat(api.hook("ops/slow").path("accepted").booleanValue()).isFalse();
        assertThat(api.hook("ops/slow").path("problem").textValue()).contains("the hook is put aside");
        assertThat(opsbus.metric("opsbus_hooks_put_aside", "")).isEqualTo(1);
        assertThat(opsbus.logText())
                .containsOnlyOnce("rejected: EventHooks ops/slow spec.keywords: the hook is put aside");
        Events.publish(bus, "slow-2", "ops.slow.x", "NodeNotReady", "node-8 is not Ready")
                .join();
        await().atMost(PATIENCE).until(() -> inbox.taken("/honest").size() == 2);
        assertThat(api.explained("slow-2", "ops/slow").path("why").textValue())
                .contains("rejected: ", "the hook is put aside");
        assertThat(api.explained("slow-1", "ops/slow").path("state").textValue())
                .isEqualTo("dead");
        assertThat(DeadLetters.of(bus, "ops.slow")).hasSize(1);

        cluster.apply(expensive.replaceFirst("include: .*", "include: ['node-[0-9]']}"));
        await().atMost(PATIENCE).until(() -> "True".equals(cluster.accepted("ops", "slow", "status")));
        Events.publish(bus, "slow-3", "ops.slow.x", "NodeNotReady", "node-9 is not Ready")
                .join();
        await().atMost(PATIENCE).until(() -> inbox.taken("/slow").size() == 1);
    }

    /** Stored, found and explained, but no chat hears of it; what comes after an outage is news. */
    @Test
    void whatWasThereAtTheFirstStartIsHistory() throws Exception {
        cluster.apply(hook("pods", "ops.clusters.*.namespaces.shop.pods.*.events", "/pods"));
        cluster.event("old", "BackOff", "half an hour ago", Instant.now().minus(Duration.ofMinutes(30)));
        opsbus.start();
        cluster.event("fresh", "BackOff", "just now");
        await().atMost(PATIENCE).until(() -> inbox.taken("/pods").size() == 1 && events() == 2);
        assertThat(inbox.taken("/pods").get(0).body()).contains("message: just now \n");
        String old = bus.management()
                .getLastMessage("ops", "ops.clusters.test.namespaces.shop.pods.old.events")
                .getHeaders()
                .getFirst("Nats-Msg-Id");
        assertThat(new Api(opsbus)
                        .explain(old)
                        .json()
                        .at("/data/event/event/backfill")
                        .booleanValue())
                .isTrue();
        assertThat(new Api(opsbus).explained(old, "ops/pods").path("fires").booleanValue())
                .isFalse();
        assertThat(new Api(opsbus).explained(old, "ops/pods").path("why").asText())
                .startsWith("backfill: ");

        opsbus.kill9();
        cluster.event("meanwhile", "BackOff", "while nobody watched");
        opsbus.start();
        await().atMost(PATIENCE)
                .until(() -> inbox.taken("/pods").stream()
                        .anyMatch(request -> request.body().contains("while nobody watched")));
        assertThat(inbox.taken("/pods")).noneMatch(request -> request.body().contains("half an hour ago"));
    }

    @Test
    void aRestartPublishesNothingTwice() throws Exception {
        for (int i = 0; i < 20; i++) {
            cluster.event("web-" + i, "BackOff", "Back-off restarting");
        }
        opsbus.start();
        await().atMost(PATIENCE).until(() -> events() == 20);
        opsbus.kill9();
        cluster.event("meanwhile", "BackOff", "while nobody watched");
        opsbus.start();
        await().atMost(PATIENCE).until(() -> events() >= 21);
        cluster.event("later", "BackOff", "the list was handed on before this one"); // and in order
        await().atMost(PATIENCE)
                .until(() ->
                        bus.management().getStreamInfo("ops").getStreamState().getLastSequence() >= 22
                                && bus.management()
                                                .getLastMessage(
                                                        "ops", "ops.clusters.test.namespaces.shop.pods.later.events")
                                        != null);

        assertThat(events()).isEqualTo(22);
        assertThat(opsbus.metric("opsbus_events_published_total", "source=\"kubernetes\""))
                .isEqualTo(2);
    }

    @Test
    void anApiServerThatIsAwayAtStartIsWaitedForAndSaidSo() throws Exception {
        cluster.apply(hook("pods", "ops.clusters.*.namespaces.shop.pods.*.events", "/pods"));
        cluster.event("web-0", "BackOff", "before opsbus came");
        cluster.down();
        opsbus.hook("file.yaml", hook("file", "ops.clusters.*.namespaces.shop.pods.*.events", "/file"));
        opsbus.launch();
        await().atMost(PATIENCE)
                .until(
                        () -> opsbus.logText()
                                        .contains(
                                                "Can't watch EventHooks: no answer from the API server (Connection refused")
                                && opsbus.logText()
                                        .contains(
                                                "Can't watch the cluster's events: no answer from the API server (Connection refused"));
        await().atMost(PATIENCE)
                .until(() -> opsbus.get("/actuator/health/liveness").status() == 200);
        OpsbusProcess.Answer readiness = opsbus.get("/actuator/health/readiness");
        assertThat(readiness.status()).isEqualTo(503);
        assertThat(readiness.body()).contains("for the hooks to be read");
        cluster.up();

        opsbus.awaitReady();
        await().atMost(PATIENCE)
                .until(() ->
                        inbox.taken("/pods").size() == 1 && inbox.taken("/file").size() == 1);
        await().atMost(PATIENCE).until(() -> "True".equals(cluster.accepted("ops", "pods", "status")));
        assertThat(opsbus.logText()).doesNotContain("\tat io.fabric8").containsOnlyOnce("Can't watch EventHooks");
    }

    @Test
    void aNameThatAFileHasIsTakenAndTheResourceSaysSo() throws Exception {
        opsbus.hook("taken.yaml", hook("taken", "ops.clusters.*.namespaces.shop.pods.*.events", "/file"));
        opsbus.start();
        cluster.apply(hook("taken", "ops.clusters.*.namespaces.shop.pods.*.events", "/resource"));
        await().atMost(PATIENCE).until(() -> "False".equals(cluster.accepted("ops", "taken", "status")));
        assertThat(cluster.accepted("ops", "taken", "message"))
                .isEqualTo(
                        "the hook ops/taken is already written in hooks/taken.yaml:1:1; give one of them another name");
        Files.delete(home.resolve("hooks/taken.yaml"));
        await().atMost(PATIENCE).until(() -> "True".equals(cluster.accepted("ops", "taken", "status")));
        cluster.event("web-0", "BackOff", "Back-off restarting");

        await().atMost(PATIENCE).until(() -> inbox.taken("/resource").size() == 1);
        assertThat(inbox.taken("/file")).isEmpty();
    }

    /** Also on the first start of all, when nobody has made the streams yet. */
    @Test
    void eventsWaitInTheStreamWhileTheHooksCanNotBeRead() throws Exception {
        cluster.apply(hook("pods", "ops.clusters.*.namespaces.shop.pods.*.events", "/pods"));
        cluster.answerForHooks(403);
        cluster.event("web-0", "BackOff", "while nobody may read hooks");
        opsbus.launch();
        await().atMost(PATIENCE)
                .until(() -> opsbus.logText().contains("Can't watch EventHooks: the API server does not allow it"));
        await().atMost(PATIENCE).until(() -> events() == 1);
        assertThat(opsbus.get("/actuator/health/readiness").status()).isEqualTo(503);
        cluster.answerForHooks(200);

        await().atMost(PATIENCE).until(() -> inbox.taken("/pods").size() == 1);
    }

    private long events() throws Exception {
        try {
            return bus.management().getStreamInfo("ops").getStreamState().getMsgCount();
        } catch (IOException | io.nats.client.JetStreamApiException e) {
            return -1; // not made yet
        }
    }

    private String hook(String name, String subject, String path) {
        return """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata:
                  name: %s
                  namespace: ops
                spec:
                  type: webhook
                  subject: %s
                  url: %s
                """.formatted(name, subject, inbox.url(path));
    }
}
