package routes.hooks.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import routes.hooks.spec.HookProblem;
import routes.hooks.spec.HookReader;
import routes.hooks.spec.Hooks;
import routes.hooks.spec.Origin;
import routes.kubernetes.Cluster;
import routes.kubernetes.SettableClock;

/**
 * The hooks of a cluster and what is said about them, against an API server that can be away, refuse, and lack
 * EventHooks.
 */
@ExtendWith(OutputCaptureExtension.class)
class EventHookResourcesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final SettableClock clock = new SettableClock(START);
    private Cluster cluster;

    @BeforeEach
    void startServer() throws Exception {
        cluster = new Cluster();
    }

    @AfterEach
    void stopAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        cluster.close();
    }

    @Test
    void nothingIsKnownUntilTheFirstListIsIn(CapturedOutput log) {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.answerForHooks(403);
        EventHookResources resources = start("");
        await().atMost(PATIENCE)
                .until(
                        () -> log.getOut()
                                .contains(
                                        "Can't watch EventHooks: the API server does not allow it (refused 403); k8s/rbac.yaml has the rules that are needed; "
                                                + "or opsbus.kubernetes.active-namespace names the one whose hooks it may read. Trying again; "));
        assertThat(resources.current()).isEmpty();
        cluster.answerForHooks(200);

        awaitIds(resources, "ops/a");
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Watching EventHooks"));
        assertThat(log.getOut()).containsOnlyOnce("Can't watch EventHooks");
    }

    @Test
    void whatIsAddedEditedAndDeletedTakesEffect() {
        EventHookResources resources = start("");
        awaitIds(resources);
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.apply(hook("dev", "b", "ops.b"));
        awaitIds(resources, "ops/a", "dev/b");
        cluster.apply(hook("ops", "a", "ops.edited"));
        await().atMost(PATIENCE).until(() -> json(resources, "ops/a").contains("\"ops.edited\""));
        assertThat(json(resources, "ops/a")).contains("\"generation\":2").doesNotContain("status");
        cluster.delete("ops", "a");

        awaitIds(resources, "dev/b");
        assertThat(new HookReader(Hooks.TYPES, name -> null)
                        .readResource("dev/b", json(resources, "dev/b"))
                        .hooks())
                .singleElement()
                .satisfies(hook -> assertThat(hook.subject()).isEqualTo("ops.b"));
    }

    @Test
    void whatIsSaidAboutAHookIsNoChangeOfHooks() {
        cluster.apply(hook("ops", "a", "ops.a"));
        EventHookResources resources = start("");
        Map<String, String> before = awaitIds(resources, "ops/a");
        resources.report("ops/a", List.of(), false);
        awaitCondition("a", "status", "True");
        cluster.apply(hook("ops", "b", "ops.b")); // later than the status, so that was seen
        Map<String, String> after = awaitIds(resources, "ops/a", "ops/b");

        assertThat(after.get("ops/a")).isEqualTo(before.get("ops/a"));
        assertThat(resources.current()).containsSame(after);
    }

    @Test
    void onlyTheActiveNamespaceIsRead() {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.apply(hook("dev", "b", "ops.b"));
        EventHookResources resources = start("dev");

        awaitIds(resources, "dev/b");
        cluster.apply(hook("ops", "c", "ops.c"));
        cluster.apply(hook("dev", "d", "ops.d"));
        awaitIds(resources, "dev/b", "dev/d");
    }

    @Test
    void aClusterWithoutEventHooksHasNoneForCertainUntilTheyAreInstalled(CapturedOutput log) {
        cluster.installed(false);
        EventHookResources resources = start("");
        awaitIds(resources);
        assertThat(log.getOut()).containsOnlyOnce("apply k8s/crds/eventhooks.yaml");
        cluster.installed(true);
        cluster.apply(hook("ops", "a", "ops.a"));

        awaitIds(resources, "ops/a");
        assertThat(log.getOut()).containsOnlyOnce("apply k8s/crds/eventhooks.yaml");
    }

    @Test
    void whatOnlyAProxyDoesNotKnowMayExist() {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.behindAProxyThatKnowsNothing(true);
        EventHookResources resources = start("");
        await().atMost(PATIENCE).until(() -> cluster.refusals() > 4);
        assertThat(resources.current()).isEmpty();
        cluster.behindAProxyThatKnowsNothing(false);

        awaitIds(resources, "ops/a");
    }

    @Test
    void anApiServerThatIsAwayAtStartIsWaitedFor(CapturedOutput log) throws Exception {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.down();
        EventHookResources resources = start("");
        await().atMost(PATIENCE)
                .until(() -> log.getOut()
                        .contains("Can't watch EventHooks: no answer from the API server (Connection refused"));
        assertThat(resources.current()).isEmpty();
        cluster.up();

        awaitIds(resources, "ops/a");
    }

    @Test
    void hooksGoOnWhileTheApiServerIsAway(CapturedOutput log) throws Exception {
        cluster.apply(hook("ops", "a", "ops.a"));
        EventHookResources resources = start("");
        Map<String, String> before = awaitIds(resources, "ops/a");
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Watching EventHooks"));
        cluster.down();
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Can't watch EventHooks: the connection was cut"));
        assertThat(resources.current()).containsSame(before);
        cluster.apply(hook("ops", "a", "ops.edited"));
        cluster.behindAProxyThatKnowsNothing(true);
        cluster.up();
        await().atMost(PATIENCE).until(() -> cluster.refusals() > 0);
        assertThat(resources.current()).containsSame(before);
        cluster.behindAProxyThatKnowsNothing(false);

        await().atMost(PATIENCE).until(() -> json(resources, "ops/a").contains("ops.edited"));
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Watching EventHooks again"));
    }

    @Test
    void whatASilentWatchDidNotTellIsListedAndHooksGoOnUntilThen(CapturedOutput log) {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.silent(true);
        EventHookResources resources = start("");
        Map<String, String> before = awaitIds(resources, "ops/a");
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Watching EventHooks"));
        cluster.apply(hook("ops", "b", "ops.b"));
        assertThat(resources.current()).containsSame(before);
        cluster.silent(false);
        clock.set(START.plusSeconds(89));

        awaitIds(resources, "ops/a", "ops/b");
        cluster.apply(hook("ops", "c", "ops.c"));
        awaitIds(resources, "ops/a", "ops/b", "ops/c");
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Watching EventHooks again"));
        assertThat(log.getOut())
                .containsOnlyOnce(
                        "Can't watch EventHooks: the connection stands, but nothing was heard on it for more than 75 s");
    }

    /** fabric8 by itself waits longer and longer, up to half a minute. */
    @Test
    void hooksAreWatchedAgainTenSecondsAfterTheApiServerIsBack(CapturedOutput log) throws Exception {
        cluster.apply(hook("ops", "a", "ops.a"));
        EventHookResources resources = start("");
        awaitIds(resources, "ops/a");
        cluster.answerForHooks(429);
        cluster.down();
        cluster.apply(hook("ops", "a", "ops.edited"));
        cluster.up();
        await().atMost(Duration.ofSeconds(60)).until(() -> cluster.hookRefusals() >= 8);
        cluster.answerForHooks(200);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> json(resources, "ops/a").contains("ops.edited"));
    }

    /**
     * It may be the rights that lack, or an API server with too much to do: to list again at once, and at once again,
     * helps nobody.
     */
    @Test
    void withoutAWatchHooksAreListedMoreAndMoreSeldom(CapturedOutput log) {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.answerForWatches(403);
        EventHookResources resources = start("");
        awaitIds(resources, "ops/a");
        int most = 30; // fabric8's own, 1 s and 2 s and 4 s after a new beginning, included
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            List<Instant> lists = cluster.hookLists();
            return lists.size() > most
                    || Duration.between(lists.get(0), Instant.now()).compareTo(Duration.ofSeconds(20)) > 0;
        });
        assertThat(cluster.hookLists()).hasSizeLessThanOrEqualTo(most);
        assertThat(log.getOut()).containsOnlyOnce("Can't watch EventHooks");
        cluster.answerForWatches(200);
        await().atMost(PATIENCE).until(() -> log.getOut().contains("Watching EventHooks"));
    }

    @Test
    void theStatusSaysWhatIsWrongAndWhichVersionKeepsRunning() {
        cluster.apply(hook("ops", "a", "ops.a"));
        EventHookResources resources = start("");
        awaitIds(resources, "ops/a");
        resources.report("ops/a", List.of(), false);
        awaitCondition("a", "status", "True");
        assertThat(cluster.accepted("ops", "a", "reason")).isEqualTo("Accepted");
        assertThat(cluster.accepted("ops", "a", "lastTransitionTime")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(cluster.hook("ops", "a").<Integer>get("status", "observedGeneration"))
                .isEqualTo(1);

        clock.set(START.plusSeconds(60));
        cluster.apply(hook("ops", "a", "nonsense"));
        await().atMost(PATIENCE).until(() -> json(resources, "ops/a").contains("nonsense"));
        resources.report(
                "ops/a", List.of(problem("spec.subject: write ops.nonsense"), problem("spec.url: is required")), true);
        awaitCondition(
                "a",
                "message",
                "spec.subject: write ops.nonsense\nspec.url: is required\nthe version of generation 1 keeps running");
        assertThat(cluster.accepted("ops", "a", "status")).isEqualTo("False");
        assertThat(cluster.accepted("ops", "a", "reason")).isEqualTo("Invalid");
        assertThat(cluster.accepted("ops", "a", "observedGeneration")).isEqualTo(2);
        assertThat(cluster.accepted("ops", "a", "lastTransitionTime")).isEqualTo("2026-01-02T03:05:05Z");

        clock.set(START.plusSeconds(120));
        resources.report("ops/a", List.of(problem("Camel can't run it")), false);
        awaitCondition("a", "message", "Camel can't run it");
        assertThat(cluster.accepted("ops", "a", "lastTransitionTime")).isEqualTo("2026-01-02T03:05:05Z");
    }

    @Test
    void whatIsSaidAlreadyIsNotWrittenAgain() {
        cluster.apply(hook("ops", "a", "ops.a"));
        EventHookResources resources = start("");
        awaitIds(resources, "ops/a");
        resources.report("ops/a", List.of(), false);
        awaitCondition("a", "status", "True");
        resources.report("ops/a", List.of(), false);
        EventHookResources restarted = start("");
        awaitIds(restarted, "ops/a");
        restarted.report("ops/a", List.of(), false);

        cluster.apply(hook("ops", "b", "ops.b"));
        for (EventHookResources each : List.of(resources, restarted)) { // each writes in the order of reports
            awaitIds(each, "ops/a", "ops/b");
            each.report("ops/b", List.of(problem("one " + each.hashCode())), false);
            awaitCondition("b", "message", "one " + each.hashCode());
        }
        assertThat(cluster.statusWrites("a")).isEqualTo(1);
    }

    @Test
    void replicasThatDisagreeDoNotFight() {
        cluster.apply(hook("ops", "a", "ops.a"));
        List<EventHookResources> replicas = List.of(start(""), start(""));
        replicas.forEach(replica -> awaitIds(replica, "ops/a"));
        replicas.get(0).report("ops/a", List.of(), false);
        awaitCondition("a", "status", "True");
        cluster.apply(hook("ops", "a", "nonsense"));
        replicas.forEach(replica ->
                await().atMost(PATIENCE).until(() -> json(replica, "ops/a").contains("nonsense")));
        replicas.get(0).report("ops/a", List.of(problem("wrong")), true);
        awaitCondition("a", "message", "wrong\nthe version of generation 1 keeps running");
        replicas.get(1).report("ops/a", List.of(problem("wrong")), false);
        awaitCondition("a", "message", "wrong");
        long writes = cluster.statusWrites("a");

        for (int round = 0; round < 5; round++) { // a round of the reconciler, for another hook's sake
            String name = "other-" + round;
            cluster.apply(hook("ops", name, "ops.a"));
            for (EventHookResources replica : replicas) {
                await().atMost(PATIENCE).until(() -> json(replica, "ops/" + name) != null);
                replica.report("ops/a", List.of(problem("wrong")), replica == replicas.get(0));
                replica.report("ops/" + name, List.of(problem("by " + replica.hashCode())), false);
                awaitCondition(name, "message", "by " + replica.hashCode());
            }
        }
        assertThat(cluster.statusWrites("a")).isEqualTo(writes);
    }

    @Test
    void oneThatComesAgainUnderItsNameIsToldAgain() {
        cluster.apply(hook("ops", "a", "ops.a"));
        EventHookResources resources = start("");
        Map<String, String> before = awaitIds(resources, "ops/a");
        resources.report("ops/a", List.of(), false);
        awaitCondition("a", "status", "True");
        cluster.delete("ops", "a");
        cluster.apply(hook("ops", "a", "ops.a"));
        await().atMost(PATIENCE)
                .until(() -> resources
                        .current()
                        .filter(now -> now != before && !now.isEmpty())
                        .isPresent());
        assertThat(cluster.accepted("ops", "a", "status")).isNull();
        resources.report("ops/a", List.of(), false);

        awaitCondition("a", "status", "True");
    }

    @Test
    void aStatusThatCanNotBeWrittenIsTriedAgainAndStopsNoHook(CapturedOutput log) {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.answerForStatus(403);
        EventHookResources resources = start("");
        awaitIds(resources, "ops/a");
        resources.report("ops/a", List.of(), false);
        await().atMost(PATIENCE).until(() -> cluster.statusWrites("a") > 1);
        assertThat(log.getOut())
                .containsOnlyOnce(
                        "The status of EventHooks ops/a can't be written: the API server does not allow it (refused 403); k8s/rbac.yaml");
        cluster.apply(hook("ops", "b", "ops.b"));
        awaitIds(resources, "ops/a", "ops/b");
        resources.report("ops/a", List.of(problem("the latest word")), false);
        cluster.answerForStatus(409);
        long tried = cluster.statusWrites("a");
        await().atMost(PATIENCE).until(() -> cluster.statusWrites("a") > tried);
        cluster.answerForStatus(200);

        awaitCondition("a", "message", "the latest word");
        await().atMost(PATIENCE).until(() -> log.getOut().contains("The status of EventHooks is written again"));
    }

    @Test
    void aHookThatIsGoneNeedsNoStatus(CapturedOutput log) {
        cluster.apply(hook("ops", "a", "ops.a"));
        cluster.apply(hook("ops", "b", "ops.b"));
        cluster.answerForStatus(409); // so that it is still to be written when it goes
        EventHookResources resources = start("");
        awaitIds(resources, "ops/a", "ops/b");
        resources.report("ops/a", List.of(), false);
        await().atMost(PATIENCE).until(() -> cluster.statusWrites("a") > 0);
        cluster.delete("ops", "a");
        cluster.answerForStatus(200);
        resources.report("ops/b", List.of(), false);

        awaitCondition("b", "status", "True");
        assertThat(log.getOut()).doesNotContain("can't be written");
    }

    private EventHookResources start(String namespace) {
        KubernetesClient client = cluster.client();
        EventHookResources resources = new EventHookResources(client, namespace, clock, Duration.ofMillis(500));
        resources.start();
        open.add(resources);
        open.add(client);
        return resources;
    }

    private static Map<String, String> awaitIds(EventHookResources resources, String... ids) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(resources.current())
                        .hasValueSatisfying(hooks -> assertThat(hooks).containsOnlyKeys(ids)));
        return resources.current().orElseThrow();
    }

    private static String json(EventHookResources resources, String id) {
        return resources.current().orElseThrow().get(id);
    }

    private void awaitCondition(String name, String field, String value) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.accepted("ops", name, field)).isEqualTo(value));
    }

    private static HookProblem problem(String message) {
        return new HookProblem(new Origin("EventHooks ops/a", 0, 0), "ops/a", message);
    }

    private static String hook(String namespace, String name, String subject) {
        return """
                apiVersion: crd.chenshaowen.com/v1
                kind: EventHooks
                metadata: {namespace: %s, name: %s}
                spec: {type: webhook, subject: %s, url: 'http://localhost/'}
                """.formatted(namespace, name, subject);
    }
}
