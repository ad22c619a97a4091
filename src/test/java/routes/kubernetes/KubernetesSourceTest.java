package routes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kubernetes.events.springboot.KubernetesEventsComponentAutoConfiguration;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Import;

class KubernetesSourceTest {

    @EnableConfigurationProperties(KubernetesProperties.class)
    @Import({KubernetesSource.class, KubernetesAccess.class, KubernetesEventsHealth.class, KubernetesEventMapping.class
    })
    static class Beans {}

    @Test
    void theSchemeIsServedByTheInformer() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CamelAutoConfiguration.class, KubernetesEventsComponentAutoConfiguration.class))
                .withUserConfiguration(Beans.class)
                .withPropertyValues(
                        "opsbus.kubernetes.enabled=false",
                        "opsbus.cluster=Prod",
                        "camel.main.routes-include-pattern=classpath:none/*.yaml")
                .run(spring -> {
                    assertThat(spring).hasNotFailed();
                    CamelContext camel = spring.getBean(CamelContext.class);
                    assertThat(camel.getComponent("kubernetes-events")).isInstanceOf(EventsComponent.class);
                    assertThat(camel.getComponent("kubernetes-events", EventsComponent.class)
                                    .cluster())
                            .isEqualTo("Prod");
                    assertThat(spring.getBean(KubernetesProperties.class))
                            .isEqualTo(new KubernetesProperties(
                                    false,
                                    "",
                                    List.of(),
                                    "",
                                    5_000,
                                    Duration.ofHours(1),
                                    KubernetesProperties.FirstStart.BACKFILL));
                    assertThat(spring.getBean(KubernetesEventsHealth.class)
                                    .health()
                                    .getStatus())
                            .isEqualTo(Status.UP);
                });
    }

    @Test
    void publishedEventsAreCounted() {
        WatchStatus status = new WatchStatus(Clock.systemUTC());
        MeterBinder binder = new KubernetesSource().publishedKubernetesEvents(status);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        binder.bindTo(registry);
        status.eventPublished();

        assertThat(registry.get("opsbus.events.published")
                        .tag("source", "kubernetes")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void healthIsDownAfterAMinuteWithoutAWatch() throws Exception {
        Instant[] now = {Instant.parse("2026-01-02T03:04:05Z")};
        WatchStatus status = new WatchStatus(new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });
        try (EventsApiServer server = new EventsApiServer();
                var client = server.client()) {
            KubernetesEventsHealth health = new KubernetesEventsHealth(new KubernetesAccess(client), status);
            now[0] = now[0].plusSeconds(59);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            now[0] = now[0].plusSeconds(2);
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);

            status.watching(true);
            status.eventSeen();
            now[0] = now[0].plusSeconds(300);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            assertThat(health.health().getDetails())
                    .containsEntry("watching", true)
                    .containsEntry("ageOfLastEvent", 300L);

            Instant stuckSince = now[0];
            status.publishing(() -> stuckSince);
            now[0] = now[0].plusSeconds(119);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            now[0] = now[0].plusSeconds(2);
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.health().getDetails().get("publishing"))
                    .asString()
                    .contains("one of 121 seconds ago is not published");
            status.publishing(() -> now[0]);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);

            status.watching(false);
            now[0] = now[0].plusSeconds(61);
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        }
    }

    @Test
    void aClusterIsConfiguredByAFileThatIsThere(@TempDir Path home) throws Exception {
        assertThat(KubernetesAccess.configuration(null, home.toString())).isEmpty();
        assertThat(KubernetesAccess.configuration(home.resolve("none").toString(), home.toString()))
                .isEmpty();

        Path config =
                Files.writeString(Files.createDirectory(home.resolve(".kube")).resolve("config"), "");
        assertThat(KubernetesAccess.configuration("", home.toString())).contains(config);
        assertThat(KubernetesAccess.configuration(home.resolve("none") + ":" + config, "/nowhere"))
                .contains(config);
    }
}
