package routes.hooks.sources;

import java.time.Clock;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.hooks.http.EgressRule;
import routes.hooks.spec.EndpointRules;
import routes.hooks.spec.HookEnvironment;
import routes.hooks.spec.HookTypes;
import routes.hooks.spec.HookUrl;
import routes.kubernetes.KubernetesAccess;
import routes.kubernetes.KubernetesProperties;

/** Where hooks are read from: files, and a cluster where one is configured. */
@Configuration(proxyBeanMethods = false)
class SourcesConfig {

    @Bean
    HookFiles hookFiles(HooksProperties hooks) {
        return new HookFiles(hooks.dir(), hooks.settle(), System::nanoTime);
    }

    @Bean
    WrittenHooks writtenHooks(EndpointRules rules, EgressRule egress, ObjectProvider<HookEnvironment> environment) {
        return new WrittenHooks(
                HookTypes.builtIn(),
                rules,
                hook -> HookUrl.forbidden(hook, egress),
                environment.getIfAvailable(() -> System::getenv)::value);
    }

    @Bean
    CamelRouteFiles camelRouteFiles(CamelContext camel) {
        return new CamelRouteFiles(camel);
    }

    @Bean
    HookResources eventHookResources(KubernetesAccess access, KubernetesProperties properties) {
        if (!access.isConfigured()) {
            return HookResources.NONE;
        }
        EventHookResources resources =
                new EventHookResources(access.client().orElseThrow(), properties.activeNamespace(), Clock.systemUTC());
        resources.start();
        return resources;
    }
}
