package routes.kubernetes;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Kubernetes source.
 *
 * @param enabled false: no cluster is watched even when one is configured
 * @param context of the kubeconfig; empty: its current one
 * @param namespaces the only ones whose events are watched, 50 at most, each by a connection of its own; none: all, by
 *     one
 * @param activeNamespace the only namespace whose EventHooks are read; empty: all
 * @param queue events that wait for NATS in memory; when it is full the API server keeps the rest
 * @param eventTtl how long the API server keeps events ({@code --event-ttl} of kube-apiserver); who watches again later
 *     than that has missed some
 * @param firstStart what the events are that are there when a cluster is watched for the very first time: history but
 *     for the last two minutes ({@code backfill}), or {@code all} of them news
 */
@ConfigurationProperties("opsbus.kubernetes")
public record KubernetesProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("") String context,
        @DefaultValue List<String> namespaces,
        @DefaultValue("") String activeNamespace,
        @DefaultValue("5000") int queue,
        @DefaultValue("1h") Duration eventTtl,
        @DefaultValue("backfill") FirstStart firstStart) {

    public enum FirstStart {
        BACKFILL,
        ALL
    }

    private static final int MOST_NAMESPACES = 50;

    public KubernetesProperties {
        namespaces = namespaces.stream()
                .map(String::strip)
                .filter(namespace -> !namespace.isEmpty())
                .distinct()
                .toList();
        for (String namespace : namespaces) {
            if (!namespace.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
                throw new IllegalArgumentException(
                        "opsbus.kubernetes.namespaces: \"" + namespace + "\" is no name of a namespace");
            }
        }
        if (namespaces.size() > MOST_NAMESPACES) {
            throw new IllegalArgumentException(
                    "opsbus.kubernetes.namespaces names " + namespaces.size() + " namespaces; more than "
                            + MOST_NAMESPACES + " are watched better all together, with k8s/rbac.yaml");
        }
        if (queue < 1) {
            throw new IllegalArgumentException("opsbus.kubernetes.queue must be at least 1 but is " + queue);
        }
        if (eventTtl.isNegative() || eventTtl.isZero()) {
            throw new IllegalArgumentException("opsbus.kubernetes.event-ttl must be positive but is " + eventTtl);
        }
    }
}
