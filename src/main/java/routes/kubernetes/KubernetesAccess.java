package routes.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import jakarta.annotation.PreDestroy;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import routes.net.ProxyEnvironment;

/**
 * The one Kubernetes client, when a cluster is configured: by {@code KUBECONFIG}, {@code ~/.kube/config} or the pod's
 * service account.
 */
@Component
public class KubernetesAccess {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesAccess.class);
    private static final String SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    /** Doubled at each try in vain, up to 32 times as long: 6.4 s. */
    private static final int RECONNECT_MILLIS = 200;

    private final KubernetesClient client;

    @Autowired
    public KubernetesAccess(KubernetesProperties properties) {
        Optional<Path> configuration = configuration(System.getenv("KUBECONFIG"), System.getProperty("user.home"));
        if (!properties.enabled()) {
            LOG.info("Kubernetes is switched off (opsbus.kubernetes.enabled=false)");
            client = null;
        } else if (configuration.isEmpty()) {
            LOG.info(
                    "No Kubernetes cluster is configured (KUBECONFIG, ~/.kube/config or a service account): no cluster is watched");
            client = null;
        } else {
            Kubeconfig kubeconfig = Kubeconfig.read(properties.context(), ProxyEnvironment.of(System.getenv()));
            kubeconfig.warnings().forEach(LOG::warn);
            client = connect(kubeconfig);
            LOG.info(
                    "Kubernetes API server {} (from {}{}{})",
                    client.getMasterUrl(),
                    configuration.get(),
                    kubeconfig.context() == null ? "" : ", context " + kubeconfig.context(),
                    kubeconfig.proxy() == null ? "" : ", through the proxy " + kubeconfig.proxy());
        }
    }

    /** For tests. */
    public KubernetesAccess(KubernetesClient clientOrNull) {
        client = clientOrNull;
    }

    /**
     * A client that is quick to try again: fabric8 would try a request for more than a minute before it says anything,
     * and wait up to half a minute between two tries of a watch; who asks here tries again anyway, and says why.
     */
    public static KubernetesClient connect(Config config) {
        return connect(new Kubeconfig(config, null, null, null, List.of()));
    }

    static KubernetesClient connect(Kubeconfig kubeconfig) {
        Config config = kubeconfig.config();
        config.setRequestRetryBackoffLimit(0);
        config.setWatchReconnectInterval(RECONNECT_MILLIS);
        WatchRequests watches = new WatchRequests();
        config.setAdditionalProperty(WatchRequests.NAME, watches);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new ApiServerHttp(kubeconfig.tlsServerName(), kubeconfig.proxy()))
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor(WatchRequests.NAME, watches))
                .build();
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
