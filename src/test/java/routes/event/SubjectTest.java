package routes.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTest {

    @Test
    void aDottedNodeNameIsOneToken() {
        String subject = Subject.ofKubernetes("Prod", null, "nodes", "ip-10-0-0-1.ec2.internal", "events");

        assertThat(subject).isEqualTo("ops.clusters.prod.nodes.ip-10-0-0-1_ec2_internal.events");
        assertThat(Subject.matches("ops.clusters.*.nodes.*.events", subject)).isTrue();
    }

    @Test
    void aNamespacedObjectHasItsNamespaceInTheSubject() {
        assertThat(Subject.ofKubernetes("c1", "Default", "pods", "web-0", "alerts"))
                .isEqualTo("ops.clusters.c1.namespaces.default.pods.web-0.alerts");
        assertThat(Subject.ofKubernetes("c1", "", "pods", "web-0", "alerts"))
                .isEqualTo("ops.clusters.c1.pods.web-0.alerts");
    }

    @Test
    void aNotificationNamesProviderChannelAndSeverity() {
        assertThat(Subject.ofNotification("KSyun", "web hook", "critical"))
                .isEqualTo("ops.notifications.providers.ksyun.channels.web_hook.severities.critical");
    }

    @Test
    void lettersOfAnyScriptStay() {
        assertThat(Subject.token("节点-Ä")).isEqualTo("节点-ä");
    }

    @Test
    void whatNatsDoesNotAllowBecomesAnUnderscore() {
        assertThat(Subject.token("a b\tc\r\nd\0e\u007ff*g>h.i\u2028j\u00a0k")).isEqualTo("a_b_c__d_e_f_g_h_i_j_k");
        assertThat(Subject.token("")).isEqualTo("_");
        assertThat(Subject.token(null)).isEqualTo("_");
    }

    @Test
    void anUnpairedSurrogateDoesNotReachTheWire() {
        assertThat(Subject.token("a\ud800b")).isEqualTo("a_b");
    }

    @Test
    void aTokenIsNeverLongerThanAKubernetesName() {
        String token = Subject.token("ä".repeat(10_000));

        assertThat(token.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(253);
        assertThat(token).matches("ä+");
    }

    @Test
    void anyNameGivesOneConcreteToken() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            int length = random.nextInt(12);
            for (int c = 0; c < length; c++) {
                // half of them from the range where everything with a meaning is
                name.appendCodePoint(random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x110000));
            }
            String token = Subject.token(name.toString());
            assertThat(Subject.isConcrete(token))
                    .as(() -> name.codePoints().boxed().toList().toString())
                    .isTrue();
            assertThat(token).doesNotContain(".");
            assertThat(new String(token.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(token);
            assertThat(Subject.matches("ops.*.x", "ops." + token + ".x")).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Pod, pods, pod",
        "Node, nodes, node",
        "Ingress, ingresses, ingress",
        "NetworkPolicy, networkpolicies, networkpolicy",
        "Endpoints, endpoints, endpoints",
        "EndpointSlice, endpointslices, endpointslice",
        "StorageClass, storageclasses, storageclass",
        "Gateway, gateways, gateway",
        "Lease, leases, lease",
        "PodDisruptionBudget, poddisruptionbudgets, poddisruptionbudget",
        "ComponentStatus, componentstatuses, componentstatus",
        "PriorityClass, priorityclasses, priorityclass",
        "SecurityContextConstraints, securitycontextconstraints, securitycontextconstraints"
    })
    void aKindAndItsPluralAreThoseOfTheApi(String kind, String plural, String singular) {
        assertThat(Subject.plural(kind)).isEqualTo(plural);
        assertThat(Subject.singular(plural)).isEqualTo(singular);
    }

    @ParameterizedTest
    @CsvSource({
        "ops.>, ops.a, true", "ops.>, ops, false", "ops.>, ops.a.b.c, true", "ops.*, ops.a.b, false",
                "*.a, ops.a, true",
        "ops.a, ops.a, true", "ops.a, ops.a.b, false", "ops.a.b, ops.a, false", ">, ops.a, true",
                "ops.>.a, ops.b.a, false",
        "ops.*.c, ops.b.c, true", "ops.b*.c, ops.bb.c, false"
    })
    void wildcardsMatchAsInNats(String pattern, String subject, boolean matches) {
        assertThat(Subject.matches(pattern, subject)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ops..a",
                ".ops",
                "ops.",
                "ops.*",
                "ops.>",
                "ops.a b",
                "ops.a\r\nPUB x",
                "ops.a\0",
                "ops.pre-*"
            })
    void aSubjectThatWouldSteerNatsIsNotConcrete(String subject) {
        assertThat(Subject.isConcrete(subject)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ops.>", "ops.clusters.*.nodes.*.events", ">", "*.x", "ops.x", "ops.节点.*"})
    void aPatternThatCanMatchHasNoProblem(String pattern) {
        assertThat(Subject.problem(pattern)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ops.clusters.*.namespaces.*.pods.kube-*.events | write * for the whole token",
                "ops.>.events       | comes last",
                "ops.clusters..x    | empty token",
                "ops.clusters.x.    | empty token",
                "nodes.*.events     | ops.nodes.*.events",
                "ops                | ops.>",
                "*                  | ops.>",
                "ops.a b            | white space",
                "''                 | is empty"
            })
    void aPatternThatCanNeverMatchSaysHowToWriteIt(String pattern, String hint) {
        assertThat(Subject.problem(pattern))
                .hasValueSatisfying(problem -> assertThat(problem).contains(hint));
    }
}
