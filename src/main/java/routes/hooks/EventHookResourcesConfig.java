package routes.hooks;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.kubernetes.KubernetesAccess;
import routes.kubernetes.KubernetesProperties;

/** Where a cluster is configured, hooks are read from it too. */
@Configuration(proxyBeanMethods = false)
class EventHookResourcesConfig {

    @Bean
    HookResources eventHookResources(KubernetesAccess access, KubernetesProperties properties) {
        if (!access.isConfigured()) {
            return HookResources.NONE;
        }
        EventHookResources resources = new EventHookResources(access.client().orElseThrow(), properties.activeNamespace(), Clock.systemUTC());
        resources.start();
        return resources;
    }
}
