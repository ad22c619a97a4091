package routes.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import jakarta.annotation.PreDestroy;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The one Kubernetes client, when a cluster is configured: by {@code KUBECONFIG}, {@code ~/.kube/config} or the pod's service account. */
@Component
public class KubernetesAccess {

    private static final Logger log = LoggerFactory.getLogger(KubernetesAccess.class);
    private static final String SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    private final KubernetesClient client;

    @Autowired
    public KubernetesAccess(KubernetesProperties properties) {
        Optional<Path> configuration = configuration(System.getenv("KUBECONFIG"), System.getProperty("user.home"));
        if (!properties.enabled()) {
            log.info("Kubernetes is switched off (opsbus.kubernetes.enabled=false)");
            client = null;
        } else if (configuration.isEmpty()) {
            log.info("No Kubernetes cluster is configured (KUBECONFIG, ~/.kube/config or a service account): no cluster is watched");
            client = null;
        } else {
            client = new KubernetesClientBuilder().withConfig(config()).build();
            log.info("Kubernetes API server {} (from {})", client.getMasterUrl(), configuration.get());
        }
    }

    /** For tests. */
    public KubernetesAccess(KubernetesClient clientOrNull) {
        client = clientOrNull;
    }

    /** fabric8 would try a request for more than a minute before it says anything; who asks here tries again anyway, and says why. */
    private static Config config() {
        Config config = Config.autoConfigure(null);
        config.setRequestRetryBackoffLimit(0);
        return config;
    }

    static Optional<Path> configuration(String kubeconfig, String home) {
        Stream<String> candidates = kubeconfig == null || kubeconfig.isBlank()
                ? Stream.of(home + "/.kube/config")
                : Arrays.stream(kubeconfig.split(File.pathSeparator));
        return Stream.concat(candidates, Stream.of(SERVICE_ACCOUNT_TOKEN))
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst();
    }

    /** Empty when no cluster is configured. It is closed with the application. */
    public Optional<KubernetesClient> client() {
        return Optional.ofNullable(client);
    }

    public boolean isConfigured() {
        return client != null;
    }

    @PreDestroy
    void close() {
        if (client != null) {
            client.close();
        }
    }
}
