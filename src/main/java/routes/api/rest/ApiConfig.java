package routes.api.rest;

import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
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

/** What the API needs of the HTTP server. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties(ApiProperties.class)
class ApiConfig {

    /** Before security, whose refusals are answers of the API too. */
    private static final int ORDER = SecurityProperties.DEFAULT_FILTER_ORDER - 10;

    @Bean
    FilterRegistrationBean<ApiFilter> apiFilter(ApiProperties properties, ObjectProvider<ApiRoutes> routes) {
        FilterRegistrationBean<ApiFilter> filter = new FilterRegistrationBean<>(new ApiFilter(properties.maxBody().toBytes(), () -> routes.getObject().areLoaded()));
        filter.setOrder(ORDER);
        return filter;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> goneClient() {
        return tomcat -> tomcat.addEngineValves(new GoneClient());
    }

    @Bean("platform-http-engine")
    PlatformHttpEngine platformHttpEngine(@Value("${server.port:8080}") int port) {
        return new ServerThreads(port);
    }
}
