package routes.kubernetes;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Kubernetes source.
 *
 * @param enabled         false: no cluster is watched even when one is configured
 * @param activeNamespace the only namespace whose EventHooks are read; empty: all. Events are watched in all of them anyway
 * @param queue           events that wait for NATS in memory; when it is full the API server keeps the rest
 * @param eventTtl        how long the API server keeps events ({@code --event-ttl} of kube-apiserver); who watches again
 *                        later than that has missed some
 */
@ConfigurationProperties("opsbus.kubernetes")
public record KubernetesProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("") String activeNamespace,
        @DefaultValue("5000") int queue,
        @DefaultValue("1h") Duration eventTtl) {

    public KubernetesProperties {
        if (queue < 1) {
            throw new IllegalArgumentException("opsbus.kubernetes.queue must be at least 1 but is " + queue);
        }
        if (eventTtl.isNegative() || eventTtl.isZero()) {
            throw new IllegalArgumentException("opsbus.kubernetes.event-ttl must be positive but is " + eventTtl);
        }
    }
}
