package routes.api.rest;

import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import routes.api.server.ServerProperties;

/** What the API needs of the HTTP server. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties({ApiProperties.class, ServerProperties.class})
class ApiConfig {

    /** Before security, whose refusals are answers of the API too. */
    private static final int ORDER = SecurityProperties.DEFAULT_FILTER_ORDER - 10;

    @Bean
    FilterRegistrationBean<ApiFilter> apiFilter(
            ApiProperties properties,
            ServerProperties server,
            @Value("${server.tomcat.threads.max:200}") int threads,
            ObjectProvider<ApiRoutes> routes) {
        BodyPlaces places = new BodyPlaces(server.bodiesPerAddress(), Math.max(1, threads * 2 / 3));
        FilterRegistrationBean<ApiFilter> filter = new FilterRegistrationBean<>(new ApiFilter(
                Math.toIntExact(properties.maxBody().toBytes()),
                places,
                () -> routes.getObject().methods()));
        filter.setOrder(ORDER);
        return filter;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> goneClient() {
        return tomcat -> tomcat.addEngineValves(new GoneClient());
    }

    @Bean("platform-http-engine")
    ServerThreads platformHttpEngine(
            @Value("${server.port:8080}") int port,
            ApiFailure failure,
            ObjectProvider<CamelRequestHandlerMapping> mapping) {
        return new ServerThreads(port, failure, mapping);
    }
}
